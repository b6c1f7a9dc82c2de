/** The pages of a person filling in: landing, one page a question, review. They change the draft through `choices`. */

import { abstains, open, splitAnswer, tap, tapNone, tooFew } from "./choices.js";
import { button, dock, el, link } from "./dom.js";
import { sealMark } from "./states.js";
import { T, kind, limits, promises } from "./words.js";

export function landing(facts, pages, started, go) {
  const words = kind(facts.kind);
  return [
    el(
      "main",
      { class: "main stack" },
      el(
        "div",
        {},
        el(
          "p",
          { class: "eyebrow" },
          el("span", {}, words.ballot + " · " + words.counted(pages.length)),
          facts.group && el("span", { class: "tag" }, facts.group),
        ),
        el("h1", {}, facts.name),
      ),
      facts.kind === "decision" && el("div", { class: "note warn" }, el("b", {}, T.unanimous), el("br"), T.unanimousNote),
      el(
        "dl",
        { class: "sees" },
        promises(facts).map(([question, answer, because]) =>
          el("div", {}, el("dt", {}, question, el("em", {}, answer)), el("dd", {}, because)),
        ),
      ),
      el("details", {}, el("summary", {}, T.notPromised), el("ul", {}, limits(facts).map((one) => el("li", {}, one)))),
      facts.seal && el("div", { class: "sealline" }, el("span", {}, T.openingSeal), sealMark(T.openingSeal, facts.seal)),
    ),
    dock(button(started ? T.resume : T.start, () => go(0)), el("p", { class: "small" }, T.once)),
  ];
}

/** The heading of a question: a person's name and office in a decision, otherwise the question's words. */
function asking(facts, page, asked) {
  return facts.kind === "decision" && page.duty ? [el("h1", { id: "q" }, page.name), el("p", {}, page.duty)] : el("h1", { id: "q" }, asked.text);
}

/** Page `q`, one question. `draft[q]` is read and replaced; `changed` stores it. `reviewed`: the way forward is the review. */
export function question({ facts, pages, draft, reviewed }, q, changed, go) {
  const words = kind(facts.kind);
  const asked = facts.questions[q];
  const single = asked.max === 1;
  const inputs = [];
  const limit = el("p", { class: "small", role: "status" });
  const type = single ? "radio" : "checkbox";

  function card(index) {
    const none = index === null;
    const { name, duty } = none ? { name: T.none, duty: "" } : splitAnswer(asked.answers[index]);
    const input = el("input", {
      type,
      name: "q" + q,
      click: () => {
        draft[q] = none ? tapNone(draft[q]) : tap(asked, draft[q], index);
        refresh();
        changed();
      },
    });
    inputs.push([index, input]);
    return el(
      "label",
      { class: none ? "card none" : "card" },
      input,
      el("span", {}, el("b", {}, name), duty && el("i", {}, duty)),
    );
  }

  function refresh() {
    const one = draft[q];
    const isFull = !single && one.picked.length >= asked.max;
    for (const [index, input] of inputs) {
      input.checked = index === null ? one.none : one.picked.indexOf(index) >= 0;
      input.disabled = isFull && index !== null && !input.checked;
    }
    if (single) limit.textContent = words.limit1;
    else if (isFull) limit.textContent = T.full(asked.max);
    else {
      const [before, number, after] = T.limit(asked.max, one.picked.length);
      limit.textContent = before;
      limit.appendChild(el("b", { class: "num" }, number));
      limit.appendChild(document.createTextNode(after + (asked.min > 1 ? "，" + T.atLeast(asked.min) : "")));
    }
  }

  const canAbstain = asked.blank || asked.min === 0;
  const cards = el(
    "div",
    { role: single ? "radiogroup" : "group", "aria-labelledby": "q", class: "cards" },
    asked.answers.map((_, i) => card(i)),
    canAbstain && card(null),
  );
  refresh();
  const forward = reviewed || q === facts.questions.length - 1 ? "review" : q + 1;
  return [
    el(
      "div",
      { class: "head" },
      el(
        "p",
        { class: "eyebrow" },
        el("span", {}, words.item),
        el("span", { class: "num" }, q + 1 + " / " + facts.questions.length),
      ),
      asking(facts, pages[q], asked),
      limit,
    ),
    el("main", { class: "main" }, cards),
    dock(
      el(
        "div",
        { class: "pair" },
        button(T.back, () => go(q - 1), { class: "btn alt" }),
        button(forward === "review" ? T.toReview : words.next, () => go(forward)),
      ),
    ),
  ];
}

export function review({ facts, pages, draft }, go, send) {
  const person = facts.kind === "decision";
  const rows = facts.questions.map((asked, q) => {
    const one = draft[q];
    const short = tooFew(asked, one);
    const names = abstains(one)
      ? [short ? T.atLeast(asked.min) : open(one) ? T.noneYet : T.none]
      : one.picked.map((i) => splitAnswer(asked.answers[i]).name);
    if (!abstains(one) && short) names.push(T.atLeast(asked.min));
    const lines = [];
    names.forEach((name, i) => lines.push(i > 0 && el("br"), el("b", {}, name)));
    return el(
      "div",
      { class: open(one) || short ? "answer todo" : "answer" },
      el("div", {}, el("h2", { class: "small" }, person ? pages[q].name : asked.text), lines),
      link(T.change, () => go(q)),
    );
  });
  return [
    el(
      "main",
      { class: "main stack" },
      el("div", {}, el("h1", {}, T.toReview), el("p", { class: "small" }, T.final)),
      el("div", { class: "panel" }, rows),
    ),
    dock(
      el("div", { class: "pair" }, button(T.back, () => go(facts.questions.length - 1), { class: "btn alt" }), send),
    ),
  ];
}

/** The button that submits: it names the abstentions, and it is taken once. */
export function sendButton(facts, draft, submit) {
  const missing = facts.questions.filter((asked, q) => tooFew(asked, draft[q])).length;
  const label = facts.preview ? T.preview : missing ? T.incomplete(missing) : T.submit(draft.filter(abstains).length);
  const send = button(
    label,
    () => {
      send.disabled = true; // a second tap must not start a second ballot
      submit();
    },
    { disabled: facts.preview || missing > 0 },
  );
  return send;
}
