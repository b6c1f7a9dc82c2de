/** A draft and what it means: pure functions, no page. A draft has one {picked: [answer index…], none: bool} a question. */

export function emptyDraft(questions) {
  return questions.map(() => ({ picked: [], none: false }));
}

/** A stored draft, or an empty one if it does not fit these questions. */
export function usable(draft, questions) {
  const fits =
    Array.isArray(draft) &&
    draft.length === questions.length &&
    draft.every(
      (one, q) =>
        one &&
        Array.isArray(one.picked) &&
        one.picked.length <= questions[q].max &&
        one.picked.every((i) => Number.isInteger(i) && i >= 0 && i < questions[q].answers.length),
    );
  return fits ? draft : emptyDraft(questions);
}

/** A tap on answer `index`: chooses, or un-chooses; one of one replaces; a full list stays as it is. */
export function tap(question, one, index) {
  const there = one.picked.indexOf(index) >= 0;
  if (there) return { picked: one.picked.filter((i) => i !== index), none: false };
  if (question.max === 1) return { picked: [index], none: false };
  if (one.picked.length >= question.max) return one;
  return { picked: one.picked.concat([index]).sort((a, b) => a - b), none: false };
}

/** A tap on 弃权. */
export function tapNone(one) {
  return { picked: [], none: !one.none };
}

/** Whether the question stands as an abstention, said or unsaid. */
export const abstains = (one) => one.picked.length === 0;

/** Whether nothing was said about the question yet. */
export const open = (one) => one.picked.length === 0 && !one.none;

/** Whether the question cannot be cast as it stands: some, but fewer than its minimum. */
export function tooFew(question, one) {
  if (one.picked.length === 0) return !question.blank && question.min > 0;
  return one.picked.length < question.min;
}

/** The plaintext of a ballot: 0/1 per answer, the blank flag before them where the question has one. */
export function vectors(questions, draft) {
  return questions.map((question, q) => {
    const bits = question.answers.map((_, i) => (draft[q].picked.indexOf(i) >= 0 ? 1 : 0));
    return question.blank ? [abstains(draft[q]) ? 1 : 0].concat(bits) : bits;
  });
}

/** `姓名（处室　职务）` in its two parts. */
export function splitAnswer(answer) {
  const at = answer.indexOf("（");
  if (at <= 0 || answer.slice(-1) !== "）") return { name: answer, duty: "" };
  return { name: answer.slice(0, at), duty: answer.slice(at + 1, -1) };
}
