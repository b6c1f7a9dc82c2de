/** Makes the ballot: in a worker where module workers exist, otherwise here, a few steps a frame. */

import { ballotSteps } from "../protocol/ballot.js";
import { fromUtf8, utf8 } from "../protocol/bytes.js";
import { credentialKeys } from "../protocol/credential.js";
import { parseElection } from "../protocol/election.js";

const FRAME = 40;
// A worker that says nothing for so long is given up: no phone stays on 正在加密 for ever.
const SILENCE = 10000;

let worker = null;
let ready = false;

/** Start the worker and let it build its tables while the voter reads. Old engines refuse module workers: then nothing. */
export function warm(election) {
  if (worker !== null || typeof Worker === "undefined") return;
  try {
    worker = new Worker(document.getElementById("app").dataset.worker, { type: "module" });
  } catch (refused) {
    worker = null;
    return;
  }
  const mine = worker;
  mine.onmessage = () => {
    ready = true;
  };
  mine.onerror = () => {
    if (worker === mine) worker = null;
    ready = false;
  };
  mine.postMessage({ warm: election });
}

/** Encrypt. job = {election, uuid, code, choices}; progress(done, total). Resolves to {ballot, tracker}. */
export function make(job, progress) {
  const here = () => makeHere(job, progress);
  // A worker that has not reported yet may be one that this engine never starts.
  return worker !== null && ready ? makeThere(job, progress).catch(() => dismiss(here)) : here();
}

/** A worker that failed or fell silent may still bring this ballot, and later ones must not be taken for it. */
function dismiss(then) {
  worker.terminate();
  worker = null;
  ready = false;
  return then();
}

function makeThere(job, progress) {
  return new Promise((resolve, reject) => {
    let watchdog = 0;
    const settle = (how, value) => {
      clearTimeout(watchdog);
      how(value);
    };
    const alive = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => reject(new Error("silent")), SILENCE);
    };
    alive();
    worker.onerror = () => settle(reject, new Error("worker"));
    worker.onmessage = (event) => {
      alive();
      const said = event.data;
      if (said.progress) progress(said.progress[0], said.progress[1]);
      else if (said.ballot) settle(resolve, { ballot: said.ballot, tracker: said.tracker });
      else if (said.failed) settle(reject, new Error(said.failed));
    };
    worker.postMessage({ make: job });
  });
}

async function makeHere(job, progress) {
  await frame();
  const steps = ballotSteps(parseElection(utf8(job.election)), credentialKeys(job.uuid, job.code), job.choices);
  let from = Date.now();
  let step = steps.next();
  while (!step.done) {
    if (Date.now() - from > FRAME) {
      progress(step.value.done, step.value.total);
      await frame();
      from = Date.now();
    }
    step = steps.next();
  }
  return { ballot: fromUtf8(step.value.raw, "ballot"), tracker: step.value.tracker };
}

// A timer, not an animation frame: those stop while the page is in the background.
const frame = () => new Promise((resolve) => setTimeout(resolve, 0));
