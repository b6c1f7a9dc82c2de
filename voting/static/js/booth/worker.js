/**
 * Encrypts off the page's thread. In: {begin: {election, uuid, code}}, {want: choices}, {seal: choices}.
 * Out: {ready} when it runs, {progress: [done, total]} while sealing, {ballot, tracker}, {failed: code}.
 */

import { fromUtf8 } from "../protocol/bytes.js";
import { Maker } from "./maker.js";

// So long at most before a message from the page is read.
const SLICE = 30;

let maker = null;
let sealing = 0; // ciphertexts that waited when sealing began, and one for the signature
let busy = false;

function work() {
  busy = false;
  try {
    const until = Date.now() + SLICE;
    let more = true;
    while (more && Date.now() < until) more = maker.step();
    if (sealing > 0) self.postMessage({ progress: [Math.max(0, sealing - 1 - maker.left()), sealing] });
    if (more) return next();
    if (sealing > 0) {
      sealing = 0;
      const made = maker.seal();
      maker = null; // its randomness is of no more use
      self.postMessage({ ballot: fromUtf8(made.raw, "ballot"), tracker: made.tracker });
    }
  } catch (error) {
    self.postMessage({ failed: String((error && error.code) || error) });
  }
  return undefined;
}

function next() {
  if (busy || maker === null) return;
  busy = true;
  setTimeout(work, 0);
}

self.onmessage = (event) => {
  const asked = event.data;
  try {
    if (asked.begin) maker = new Maker(asked.begin);
    const choices = asked.want || asked.seal;
    if (choices) maker.want(choices);
    if (asked.seal) {
      sealing = maker.left() + 1;
      self.postMessage({ progress: [0, sealing] });
      return work();
    }
    return next();
  } catch (error) {
    return self.postMessage({ failed: String((error && error.code) || error) });
  }
};
self.postMessage({ ready: true });
