/**
 * A tablet for whoever has no phone: takes a slip's code, lets one person vote, shows 已投票 for a while and clears itself.
 * All is in memory: no storage, no history, no code and no choice after a visit. A ballot that is sealed but not yet
 * acknowledged is the one thing that nothing clears: it is sent until the box has answered.
 */

import { normaliseCredential } from "../protocol/credential.js";
import { shortTracker } from "../protocol/ballot.js";
import { fiveFields, onScan, slipsOn } from "./codes.js";
import { show as put } from "./dom.js";
import * as pages from "./kiosk-pages.js";
import * as states from "./states.js";
import { visit } from "./visit.js";
import * as wire from "./wire.js";
import { K, T } from "./words.js";

const app = document.getElementById("app");
const warning = document.getElementById("idle");
const stamp = document.getElementById("stamp");
const where = document.querySelector(".top").lastElementChild;

// Seconds: without a touch until the warning, from there to the clearing; how long the last page of a visit stays.
const IDLE = 90;
const WARN = 30;
const DONE = 30;
const STOPPED = 40;
const REFRESH = 20;

let phase = "start"; // "start", "code", or what visit.js says
let polls = [];
let person = null; // {live, visit} of who is at the tablet
let touched = Date.now();
let until = 0; // when the last page of a visit goes
let said = null; // its countdown
let asked = 0; // when the list of polls was asked for
let fields = null; // of a typed code, while they are shown

function start(note) {
  if (person !== null) {
    person.live = false;
    person.visit.end();
  }
  person = null;
  phase = "start";
  until = 0;
  said = null;
  fields = null;
  warning.hidden = true;
  app.hidden = false;
  stamp.hidden = true;
  where.textContent = K.name;
  put(app, pages.start(polls, typing, photo, note));
}

/** The list of polls that wait or are open: the same for everybody, asked for as softly as phones ask for a poll's state. */
async function refresh() {
  asked = Date.now();
  try {
    const { status, body } = await wire.polls();
    if (status !== 200) return;
    const changed = JSON.stringify(body.polls) !== JSON.stringify(polls);
    polls = body.polls;
    if (changed && phase === "start") start();
    if (changed && phase === "code") typing(fields.values());
  } catch (unreachable) {
    /* asked again soon */
  }
}

function typing(values = []) {
  phase = "code";
  const [parts, inputs, chosen, say] = pages.code(polls, start, submit);
  fields = fiveFields(inputs, { changed: () => say("", false), scanned: begin });
  put(app, parts);
  if (!values.length) refresh(); // the poll may have been made ready a moment ago
  values.forEach((value, at) => (inputs[at].value = value));
  inputs[Math.max(0, inputs.findIndex((input) => input.value.length < 4))].focus();

  function submit() {
    const text = fields.text();
    if (!chosen()) return say(T.choosePoll, false);
    if (text.length < 20) return say(T.codeShort, true);
    let code;
    try {
      code = normaliseCredential(text);
    } catch (invalid) {
      return say(T.codeWrong, true);
    }
    fields.clear();
    return begin({ uuid: chosen(), code });
  }
}

async function photo(file) {
  let slips = [];
  start(K.reading);
  try {
    slips = await slipsOn(file, app.dataset.decoder);
  } catch (unreadable) {
    slips = [];
  }
  if (phase !== "start") return;
  if (slips.length === 1) begin(slips[0]);
  else start(slips.length ? K.severalSlips : K.noSlip);
}

/** A new person with a slip. Whoever is still filling in, or whose ballot is on its way, is not put aside by a scan. */
async function begin({ uuid, code }) {
  if (["start", "code", "over"].indexOf(phase) < 0) return;
  start();
  let normal;
  try {
    normal = normaliseCredential(code);
  } catch (invalid) {
    start(T.codeWrong);
    return;
  }
  phase = "paper";
  touched = Date.now();
  const mine = { live: true };
  const kept = { phase: "filling", code: normal, draft: null };
  mine.visit = visit(uuid, kept, stage(mine));
  person = mine;
  put(app, states.opening());
  await refresh();
  if (!mine.live) return;
  const known = polls.find((one) => one.uuid === uuid);
  where.textContent = known ? known.title : K.name;
  stamp.hidden = !(known && known.rehearsal);
  mine.visit.paper();
}

/** What a visit does with the tablet: nothing is saved, no page enters the history. */
function stage(mine) {
  const nothing = () => undefined;
  return {
    show: (parts) => mine.live && put(app, parts),
    save: nothing,
    forget: nothing,
    turned: nothing,
    onBack: nothing,
    keptHere: K.waitingNote,
    over: (parts, hold) => mine.live && last(parts, hold ? 0 : STOPPED),
    done: (kept) => mine.live && last(pages.done(shortTracker(kept.tracker)), DONE),
    alive: () => mine.live,
    phase(name) {
      if (!mine.live) return;
      phase = name;
      touched = Date.now();
    },
  };
}

/** The last page of a visit, for so many seconds; 0: until somebody has seen to it. */
function last(parts, seconds) {
  phase = "over";
  until = seconds ? Date.now() + 1000 * seconds : 0;
  const [foot, update] = pages.countdown(() => start());
  said = update;
  put(app, parts.concat(foot));
  tick();
}

function tick() {
  const now = Date.now();
  if ((phase === "start" || phase === "code") && now - asked >= 1000 * REFRESH) refresh();
  if (phase === "over" && until > 0) {
    if (now >= until) return start();
    said(Math.ceil((until - now) / 1000));
  }
  if (["code", "paper", "filling"].indexOf(phase) < 0) return quiet(0);
  return quiet(Math.floor((now - touched) / 1000));
}

/** Nobody has touched the tablet for so many seconds: first a warning, which hides what is filled in, then a clean page. */
function quiet(seconds) {
  if (seconds >= IDLE + WARN) return start(K.cleared);
  const warn = seconds >= IDLE;
  if (warn) document.getElementById("idle-left").textContent = K.clearsIn(IDLE + WARN - seconds);
  if (warn !== warning.hidden) return undefined;
  warning.hidden = !warn;
  app.hidden = warn;
  if (warn) document.getElementById("stay").focus();
  return undefined;
}

for (const name of ["pointerdown", "touchstart", "keydown", "input"]) {
  document.addEventListener(
    name,
    () => {
      // Nobody comes back to the page of somebody else who left long ago, whatever the tablet's sleep did to its clock.
      if (Date.now() - touched < 1000 * (IDLE + WARN)) touched = Date.now();
      tick();
    },
    true,
  );
}

document.getElementById("stay").addEventListener("click", () => {
  touched = Date.now();
  tick();
});
document.addEventListener("visibilitychange", tick);
setInterval(tick, 1000);
onScan(begin);

// 返回 leads to the start page, wherever the person was; only a ballot on its way stays.
window.history.replaceState(null, "", window.location.pathname);
window.history.pushState(null, "", window.location.pathname);
window.addEventListener("popstate", () => {
  window.history.pushState(null, "", window.location.pathname);
  if (phase !== "sealed") start();
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) window.location.reload();
});
window.addEventListener("beforeunload", (event) => {
  if (phase !== "sealed") return;
  event.preventDefault();
  event.returnValue = "";
});

start();
refresh();
