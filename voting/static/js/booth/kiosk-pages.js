/** The kiosk's own pages: start, typed code, done, and the countdown under the last page of a visit. */

import { button, dock, el } from "./dom.js";
import * as states from "./states.js";
import { K, T } from "./words.js";

const heading = (title, note) => el("div", {}, el("h1", {}, title), el("p", { class: "small" }, note));

function list(polls) {
  if (polls.length === 0) return el("div", { class: "note" }, K.noPoll);
  return polls.map((one) =>
    el("div", { class: "panel" }, el("p", { class: "small" }, one.words), el("b", {}, one.title), rehearsal(one)),
  );
}

const rehearsal = (one) => one.rehearsal && el("p", { class: "small" }, T.rehearsal);

export function start(polls, typing, photo, note) {
  const picture = el("input", {
    type: "file",
    accept: "image/*",
    capture: "environment",
    class: "vh",
    change: (event) => {
      const [file] = event.target.files;
      event.target.value = "";
      if (file) photo(file);
    },
  });
  return [
    el(
      "main",
      { class: "main stack" },
      states.head("slip", "", K.start, K.startNote),
      note && el("div", { class: "note warn", role: "alert" }, note),
      list(polls),
      el("p", { class: "small" }, K.keepsNothing),
    ),
    dock(el("div", { class: "pair" }, el("label", { class: "btn alt" }, picture, K.photo), button(K.type, () => typing()))),
  ];
}

/** Returns [parts, inputs, chosen() -> uuid or "", say(text, bad)]. */
export function code(polls, back, submit) {
  const alone = polls.filter((one) => one.open).length === 1; // the slip in hand belongs to what is going on
  const radios = polls.map((one) =>
    el("input", { type: "radio", name: "poll", value: one.uuid, checked: alone && one.open }),
  );
  const wrong = el("div", { class: "note warn", role: "alert", hidden: true });
  const inputs = [1, 2, 3, 4, 5].map((n) =>
    el("input", {
      "aria-label": K.group(n),
      maxlength: "4",
      size: "4",
      autocapitalize: "characters",
      autocomplete: "off",
      autocorrect: "off",
      spellcheck: "false",
      lang: "en",
    }),
  );
  const five = el("div", { class: "five", role: "group", "aria-label": K.fields }, inputs);
  const cards = polls.map((one, at) =>
    el("label", { class: "card" }, radios[at], el("span", {}, el("b", {}, one.title), el("i", {}, one.words))),
  );
  const form = el(
    "form",
    {
      autocomplete: "off",
      submit: (event) => {
        event.preventDefault();
        submit();
      },
    },
    el(
      "main",
      { class: "main stack" },
      heading(K.typeTitle, K.typeNote),
      polls.length > 1 ? el("div", { class: "cards", role: "radiogroup", "aria-label": K.which }, cards) : list(polls),
      wrong,
      five,
      el("p", { class: "small" }, K.alike),
    ),
    dock(
      el(
        "div",
        { class: "pair" },
        button(T.back, () => back(), { class: "btn alt" }),
        el("button", { class: "btn", type: "submit", disabled: polls.length === 0 }, K.open),
      ),
    ),
  );
  const chosen = () => {
    if (polls.length === 1) return polls[0].uuid;
    const [one] = radios.filter((radio) => radio.checked);
    return one ? one.value : "";
  };
  const say = (text, bad) => {
    wrong.textContent = text;
    wrong.hidden = text === "";
    five.className = bad ? "five bad" : "five";
  };
  return [[form], inputs, chosen, say];
}

/** After the vote: the tracker to note down, and nothing else. */
export function done(tracker) {
  return [
    el(
      "main",
      { class: "main stack" },
      states.head("sealed", "sealed", T.done, K.doneNote),
      states.ticket(T.tracker, tracker),
      el("p", { class: "small" }, K.trackerNote),
    ),
  ];
}

/** Returns [parts, update(seconds)]. */
export function countdown(next) {
  const line = el("p", { class: "small", role: "timer" }, K.seen);
  return [[dock(button(K.next, next), line)], (seconds) => (line.textContent = K.clearsIn(seconds))];
}
