/**
 * Makes the ballot while it is filled in: in a worker where module workers exist, otherwise here, in small portions while
 * nobody taps. begin() starts; want() tells the choices as they stand; seal() encrypts what has changed since, and signs.
 */

import { fromUtf8 } from "../protocol/bytes.js";
import { Maker } from "./maker.js";

// On the page's own thread: this much work at a time (ms), this much rest, and none so shortly after a tap.
const SLICE = 8;
const REST = 24;
const QUIET = 300;
const FRAME = 40;
// A worker that says nothing for so long is given up: no phone stays on 正在加密 for ever. It answers 提交 at once, so that
// one which the system has killed while the phone slept costs little.
const START = 6000;
const ANSWER = 3000;
const SILENCE = 10000;

/**
 * Begin a ballot of one slip. job = {election, uuid, code}. Returns {want(choices), seal(choices, progress), end()};
 * seal resolves to {ballot, tracker}. Old engines refuse module workers: then everything happens here.
 */
export function begin(job) {
  let worker = null;
  let ready = false;
  let ended = false;
  let maker = null; // the page's own, made when it is needed
  let wanted = null;
  let timer = 0;
  let patience = 0;

  function dismiss() {
    clearTimeout(patience);
    // One that failed or fell silent may still bring this ballot, and a later one must not be taken for it.
    if (worker !== null) worker.terminate();
    worker = null;
    ready = false;
  }

  function abandon() {
    dismiss();
    later();
  }

  function start() {
    if (typeof Worker === "undefined") return;
    try {
      worker = new Worker(document.getElementById("app").dataset.worker, { type: "module" });
    } catch (refused) {
      worker = null;
      return;
    }
    patience = setTimeout(abandon, START);
    worker.onmessage = (event) => {
      if (event.data.failed) return abandon();
      clearTimeout(patience);
      ready = true;
      return undefined;
    };
    worker.onerror = abandon;
    worker.postMessage({ begin: job });
  }

  function own() {
    if (maker === null) maker = new Maker(job);
    maker.want(wanted);
    return maker;
  }

  /** Here, a little at a time, a while after the last tap. */
  function later() {
    clearTimeout(timer);
    if (!ended && worker === null && wanted !== null) timer = setTimeout(portion, QUIET);
  }

  function portion() {
    let more = true;
    try {
      const work = own();
      for (const from = Date.now(); more && Date.now() - from < SLICE; ) more = work.step();
    } catch (failed) {
      return; // said when it is sealed
    }
    if (more) timer = setTimeout(portion, REST);
  }

  function want(choices) {
    if (ended) return;
    wanted = choices;
    if (worker !== null) worker.postMessage({ want: choices });
    else later();
  }

  async function sealHere(progress) {
    clearTimeout(timer);
    const work = own();
    const total = work.left() + 1;
    let from = Date.now();
    while (work.step()) {
      if (Date.now() - from < FRAME) continue;
      progress(Math.max(0, total - 1 - work.left()), total);
      await frame();
      from = Date.now();
    }
    const made = work.seal();
    maker = null;
    return { ballot: fromUtf8(made.raw, "ballot"), tracker: made.tracker };
  }

  function sealThere(progress) {
    return new Promise((resolve, reject) => {
      let watchdog = 0;
      const within = (ms) => {
        clearTimeout(watchdog);
        watchdog = setTimeout(() => reject(new Error("silent")), ms);
      };
      const settle = (how, value) => {
        clearTimeout(watchdog);
        how(value);
      };
      within(ANSWER);
      worker.onerror = () => settle(reject, new Error("worker"));
      worker.onmessage = (event) => {
        within(SILENCE);
        const said = event.data;
        if (said.progress) progress(said.progress[0], said.progress[1]);
        else if (said.ballot) settle(resolve, { ballot: said.ballot, tracker: said.tracker });
        else if (said.failed) settle(reject, new Error(said.failed));
      };
      worker.postMessage({ seal: wanted });
    });
  }

  async function seal(choices, progress) {
    wanted = choices;
    if (worker !== null && ready) {
      try {
        return await sealThere(progress);
      } catch (failed) {
        /* made here instead, from the beginning */
      }
    }
    // A worker that has not reported yet may be one that this engine never starts.
    dismiss();
    await frame();
    return sealHere(progress);
  }

  /** Forget everything: keys, choices, randomness. */
  function end() {
    ended = true;
    clearTimeout(timer);
    dismiss();
    maker = null;
    wanted = null;
  }

  start();
  return { want, seal, end };
}

/** A whole ballot at once. job = {election, uuid, code, choices}; progress(done, total). Resolves to {ballot, tracker}. */
export async function make(job, progress) {
  const making = begin(job);
  try {
    return await making.seal(job.choices, progress);
  } finally {
    making.end();
  }
}

// A timer, not an animation frame: those stop while the page is in the background.
const frame = () => new Promise((resolve) => setTimeout(resolve, 0));
