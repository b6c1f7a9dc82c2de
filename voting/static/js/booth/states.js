/** The pages that say how a ballot fares. Four states of transport look different; a spinner never stands for all. */

import { button, dock, drawing, el, meter } from "./dom.js";
import { T } from "./words.js";

const path = (d) => ["path", { d }];

const PICTURES = {
  encrypt: [path("M8 14h32v26H8z"), path("M8 14l16 14 16-14"), path("M24 33v-5")],
  send: [path("M6 26h36v16H6z"), path("M16 26h16"), path("M24 20V5"), path("M18 11l6-6 6 6")],
  offline: [path("M6 20c10-9 26-9 36 0"), path("M13 28c6-5 16-5 22 0"), path("M24 37v.5"), path("M9 8l30 32")],
  sealed: [path("M6 24h36v18H6z"), path("M15 24h18"), path("M15 12l7 7L34 5")],
  clock: [["circle", { cx: 24, cy: 24, r: 18 }], path("M24 13v11l8 5")],
  shut: [path("M6 18h36v24H6z"), path("M6 30h36"), path("M19 26h10v8H19z"), path("M12 18l4-9h16l4 9")],
  stop: [["circle", { cx: 24, cy: 24, r: 18 }], path("M24 14v13"), path("M24 34v.5")],
  slip: [path("M10 6h28v36H10z"), path("M17 14h6v6h-6z"), path("M17 27h14"), path("M17 33h9")],
};

/** The head of a state page: picture, heading, sentence. Style "" (acting), "hold" (a person is needed), "sealed". */
export function head(picture, style, title, note) {
  return el(
    "div",
    { class: "state " + style, role: style === "hold" ? "alert" : "status" },
    drawing(PICTURES[picture]),
    el("h1", {}, title),
    el("p", {}, note),
  );
}

const main = (...parts) => el("main", { class: "main stack" }, ...parts);

const small = (...text) => el("p", { class: "small" }, ...text);

const codeLine = (code) => code && small(T.code + code);

function steps(states, words) {
  return el(
    "ol",
    { class: "steps" },
    T.steps.map((name, i) =>
      el("li", { class: states[i] || false }, el("span", {}, name), el("span", { class: "num" }, words[i] || "")),
    ),
  );
}

export const ticket = (label, code) =>
  el("div", { class: "ticket big" }, el("span", { class: "small" }, label), el("span", { class: "code" }, code));

export function opening() {
  return [main(el("div", { class: "state", role: "status" }, el("h1", {}, T.opening)))];
}

/** Returns [parts, update(done, all)]. */
export function encrypting() {
  const [bar, set] = meter();
  const list = steps(["go"], [""]);
  list.firstChild.firstChild.appendChild(bar);
  const number = list.firstChild.lastChild;
  const update = (done, all) => {
    set(Math.round((100 * done) / all));
    number.textContent = done + " / " + all;
  };
  return [[main(head("encrypt", "", T.encrypting, T.encryptingNote), list)], update];
}

export function sending() {
  return [main(head("send", "", T.sending, T.sendingNote), steps(["ok", "go"], [T.finished, T.onItsWay]))];
}

/** Returns [parts, update(seconds)]. */
export function waiting(retry, note = T.waitingNote) {
  const list = steps(["ok", "hold"], [T.finished, ""]);
  const number = list.children[1].lastChild;
  const parts = [
    main(head("offline", "hold", T.waiting, note), list),
    dock(button(T.retryNow, retry), small(T.raiseHand)),
  ];
  return [parts, (seconds) => (number.textContent = T.retryIn(seconds))];
}

/** `receipt`: address of the receipt's file. Returns [parts, note(text, warn), seal(words)]: what the soft look at the board adds later. */
export function done(code, receipt) {
  const note = el("div", { class: "note", role: "status", hidden: true });
  const seal = el("p", { class: "sealline", hidden: true });
  const parts = [
    main(
      head("sealed", "sealed", T.done, T.doneNote),
      ticket(T.tracker, code),
      note,
      small(T.trackerLater),
      small(T.noChoices),
      receipt && small(el("a", { href: receipt, download: T.receiptName }, T.saveReceipt), T.receiptNote),
      seal,
    ),
  ];
  const say = (text, warn) => {
    note.className = warn ? "note warn" : "note";
    note.textContent = text;
    note.hidden = false;
  };
  const stamp = (words) => {
    while (seal.firstChild) seal.removeChild(seal.firstChild);
    seal.appendChild(el("span", {}, T.closingSeal));
    seal.appendChild(sealMark(T.closingSeal, words));
    seal.hidden = false;
  };
  return [parts, say, stamp];
}

export function sealMark(name, words) {
  const [first, second] = words.split(" ");
  return el(
    "div",
    { class: "seal", role: "img", "aria-label": name + " " + words },
    el("b", {}, name),
    el("span", {}, first),
    el("span", {}, second),
  );
}

export function used(code) {
  return [
    main(
      head("sealed", "sealed", T.used, T.usedNote),
      code && ticket(T.usedTracker, code),
      el("div", { class: "note" }, el("b", {}, T.notMine), el("br"), T.notMineNote),
      codeLine("credential_used"),
    ),
  ];
}

export function early(title) {
  return [
    main(
      head("clock", "", T.early, T.earlyNote),
      el("div", { class: "panel" }, el("b", {}, title)),
      codeLine("not_yet"),
    ),
  ];
}

/** `lost`: a ballot made here did not get in. */
export function closed(lost) {
  return [
    main(
      head("shut", "hold", T.closed, lost ? T.closedNote : T.closedEmpty),
      el("div", { class: "note" }, T.closedBefore),
      lost && small(T.erased),
      codeLine("closed"),
    ),
  ];
}

/** The poll was declared void: nothing that was cast counts. */
export function voided() {
  return [main(head("stop", "hold", T.voided, T.voidedNote), codeLine("closed"))];
}

/** Any other stop: heading, sentence, code, and at most one way on. */
export function stopped(title, note, code, action) {
  return [
    main(head("stop", "hold", title, note), codeLine(code)),
    action && dock(button(action[0], action[1])),
  ];
}

export function noCode(title, note, code) {
  return [
    main(head("slip", code ? "hold" : "", title, note), codeLine(code)),
    dock(el("a", { class: "btn", href: "/v" }, T.typeCode)),
  ];
}

/** Returns [parts, update(seconds)]: the ballot paper could not be fetched. */
export function unreachable(retry) {
  const line = small("");
  const parts = [main(head("offline", "hold", T.unreachable, T.unreachableNote), line), dock(button(T.retryNow, retry))];
  return [parts, (seconds) => (line.textContent = T.retryIn(seconds))];
}
