/** How the questions of an election lie on the phone's pages: pure functions, no page. */

import { splitAnswer } from "./choices.js";

const MARK = "：";

/**
 * The pages of a ballot paper, each {name, duty, items: [{q, label}], same}. An evaluation has a page a person, its questions
 * being `{person}：{item}`, split at the last ：; everything else, or texts that are not so, has a page a question.
 */
export function sheets(kind, questions) {
  const personal = kind === "evaluation" && questions.every((one) => one.text.lastIndexOf(MARK) > 0 && one.max === 1);
  if (!personal) return questions.map((one, q) => Object.assign(splitAnswer(one.text), { items: [{ q, label: "" }], same: [] }));
  const pages = [];
  let person = "";
  questions.forEach((one, q) => {
    const at = one.text.lastIndexOf(MARK);
    if (pages.length === 0 || one.text.slice(0, at) !== person) {
      person = one.text.slice(0, at);
      pages.push(Object.assign(splitAnswer(person), { items: [], same: [] }));
    }
    pages[pages.length - 1].items.push({ q, label: one.text.slice(at + 1) });
  });
  for (const page of pages) page.same = alike(page.items.map((item) => item.q), questions);
  return pages;
}

/** The questions that 各项同为 fills: those with the same answers as the first, if there are at least two. */
function alike(indices, questions) {
  const answers = (q) => questions[q].answers.join("\n");
  const same = indices.filter((q) => answers(q) === answers(indices[0]));
  return same.length > 1 ? same : [];
}

/** Whether the pages are people with several items, as in an evaluation. */
export const byPerson = (pages) => pages.length > 0 && pages[0].items[0].label !== "";

/** 各项同为: fills what is not filled in; where all is, sets all. Returns the draft's entries that change, as [q, entry]. */
export function fillSame(page, draft, index) {
  const empty = page.same.filter((q) => draft[q].picked.length === 0);
  return (empty.length ? empty : page.same).map((q) => [q, { picked: [index], none: false }]);
}

/** How many items of a page are not filled in. */
export const unfilled = (page, draft) => page.items.filter(({ q }) => draft[q].picked.length === 0 && !draft[q].none).length;

/** The tick of page `n` while page `now` is shown: "now", "done", "part" (left unfinished) or "". */
export function tick(page, n, now, draft, left) {
  if (n === now) return "now";
  if (unfilled(page, draft) === 0) return "done";
  return left[n] ? "part" : "";
}

const SHORT = { 优秀: "优", 称职: "称", 基本称职: "基", 不称职: "不", 同意: "同", 不同意: "否", 缓议: "缓" };

/** One character for an answer in the grid. */
export const short = (answer) => SHORT[answer] || answer.slice(0, 1);

/** What each character of the grid means, in the order of the answers: [character, answer]. */
export function legend(questions) {
  const seen = [];
  for (const one of questions) for (const answer of one.answers) if (seen.indexOf(answer) < 0) seen.push(answer);
  return seen.map((answer) => [short(answer), answer]);
}
