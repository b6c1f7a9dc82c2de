/** The pages of an evaluation: one person with all items, and the review of everybody in one grid. */

import { tap } from "./choices.js";
import { button, dock, el } from "./dom.js";
import { fillSame, legend, short, tick, unfilled } from "./sheets.js";
import { T } from "./words.js";

/** An answer's words, with a place to break in the middle of four: 基本│称职. */
const words = (answer) => (answer.length === 4 ? [answer.slice(0, 2), el("wbr"), answer.slice(2)] : answer);

function row(label, attributes, note, cells, style) {
  return el(
    "div",
    Object.assign({ class: "row" + style }, attributes),
    el("div", { class: "lab", id: attributes["aria-labelledby"] || false }, label, note),
    el("div", { class: "segs" }, cells),
  );
}

function ticks(pages, now, draft, left) {
  const states = pages.map((page, n) => tick(page, n, now, draft, left));
  const open = states.map((state, n) => (state === "part" ? n + 1 : 0)).filter((n) => n > 0);
  return el(
    "div",
    { class: "ticks", role: "img", "aria-label": T.place(now + 1, pages.length, open) },
    states.map((state) => el("i", { class: state || false })),
  );
}

/**
 * Person `now`. `left[n]` is true once page n was left: only then is what is missing there shown in orange.
 * `changed()` is called after each change of the draft; `reviewed`: the way forward is back to the grid.
 */
export function person({ facts, pages, draft, left, reviewed }, now, changed, go) {
  const page = pages[now];
  const rows = [];

  function set(q, entry) {
    draft[q] = entry;
  }

  function choose(q, index) {
    set(q, tap(facts.questions[q], draft[q], index));
    refresh();
    changed();
  }

  function item({ q, label }, place) {
    const inputs = facts.questions[q].answers.map((answer, index) => [
      el("input", { type: "radio", name: "q" + q, "aria-label": answer, click: () => choose(q, index) }),
      answer,
    ]);
    const note = el("small", { hidden: true }, T.open);
    const apart = place > 0 && label.length > 1 && page.items[place - 1].label.length === 1;
    const cells = inputs.map(([input, answer]) => el("label", { class: "opt" }, input, el("span", {}, words(answer))));
    const made = row(label, { role: "radiogroup", "aria-labelledby": "item" + q }, note, cells, apart ? " sum" : "");
    rows.push({ q, inputs, note, made, plain: made.className });
    return made;
  }

  function refresh() {
    for (const { q, inputs, note, made, plain } of rows) {
      inputs.forEach(([input], index) => (input.checked = draft[q].picked.indexOf(index) >= 0));
      const todo = left[now] === true && draft[q].picked.length === 0;
      made.className = todo ? plain + " todo" : plain;
      note.hidden = !todo;
    }
  }

  function fill(index) {
    for (const [q, entry] of fillSame(page, draft, index)) set(q, entry);
    refresh();
    changed();
  }

  const same = page.same.length
    ? facts.questions[page.same[0]].answers.map((answer, index) =>
        el("button", { type: "button", class: "fill", "aria-label": answer, click: () => fill(index) }, words(answer)),
      )
    : null;
  const list = page.items.map(item);
  refresh();
  const last = now === pages.length - 1;
  const forward = reviewed || last ? "review" : now + 1;
  return [
    el(
      "div",
      { class: "head" },
      el(
        "div",
        { class: "person eyebrow" },
        el("h1", {}, page.name),
        el("span", {}, page.duty),
        el("span", { class: "num" }, now + 1 + " / " + pages.length),
      ),
      ticks(pages, now, draft, left),
    ),
    same && el("div", { class: "all" }, row(T.same, { role: "group", "aria-label": T.same }, null, same, "")),
    el("main", { class: "rows" }, list),
    dock(
      el(
        "div",
        { class: "pair" },
        button(now === 0 ? T.back : T.previousPerson, () => go(now - 1), { class: "btn alt" }),
        button(forward === "review" ? T.toReviewGrid : T.nextPerson, () => go(forward)),
      ),
    ),
  ];
}

/** All persons and items; a tap on a name goes back there. `send` is the button that submits. */
export function grid({ facts, pages, draft }, go, send) {
  const open = pages.reduce((sum, page) => sum + unfilled(page, draft), 0);
  const heads = pages[0].items.map((item) => (item.label.length > 2 ? item.label.slice(0, 2) : item.label));
  const cell = ({ q, label }) => {
    const [index] = draft[q].picked;
    const said = index === undefined ? T.openMark : short(facts.questions[q].answers[index]);
    const full = label + "：" + (index === undefined ? T.open : facts.questions[q].answers[index]);
    return el("td", { class: index === undefined ? "x" : false, title: full }, said);
  };
  return [
    el(
      "main",
      { class: "main stack" },
      el("div", {}, el("h1", {}, T.toReviewGrid), el("p", { class: "small" }, T.tapName + T.final)),
      open > 0 &&
        el("div", { class: "note warn" }, T.openBefore, el("b", { class: "num" }, open), T.openAfter(open)),
      el(
        "div",
        { class: "wide", tabindex: "0", role: "region", "aria-label": T.toReviewGrid },
        el(
          "table",
          { class: "grid" },
          el("thead", {}, el("tr", {}, [T.personColumn].concat(heads).map((head) => el("th", { scope: "col" }, head)))),
          el(
            "tbody",
            {},
            pages.map((page, n) =>
              el(
                "tr",
                {},
                el("th", { scope: "row" }, el("button", { type: "button", class: "name", click: () => go(n) }, page.name)),
                page.items.map(cell),
              ),
            ),
          ),
        ),
      ),
      el(
        "p",
        { class: "key" },
        legend(facts.questions).map(([mark, answer]) => el("span", {}, el("b", {}, mark), " " + answer)),
      ),
    ),
    dock(
      el("div", { class: "pair" }, button(T.back, () => go(pages.length - 1), { class: "btn alt" }), send),
    ),
  ];
}

