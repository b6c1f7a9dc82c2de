// The election: its questions and the exact bytes that every hash begins from. Twin of tally/questions.py.

import { b64Hash } from "./bytes.js";
import { demand } from "./errors.js";
import { G, NAME, fixedBaseSteps, text } from "./group.js";
import { items, point, read, record, string, truth, whole } from "./json.js";

const UUID = /^[1-9A-HJ-NP-Za-km-z]{14,64}$/;
const FIELDS = [
  "version", "description", "name", "group", "public_key", "questions", "uuid",
  "administrator?", "credential_authority?", "language?",
];
const MAX_ITEMS = 500;
const MAX_CIPHERTEXTS = 10000;
const MANIFEST_LINE = /(?:^|\n)mipiao-manifest:([A-Za-z0-9+/]{43})$/;

/** Read an election from its exact bytes. Raises Invalid. Spec: ELEC-1, ELEC-2, ELEC-3. */
export const parseElection = (raw) => read(raw, "election", (value) => takeElection(value, raw));

function takeElection(value, raw) {
  const where = "election";
  const fields = record(value, where, FIELDS);
  demand(whole(fields.version, where) === 1, "unsupported_version", where);
  demand(string(fields.group, where) === NAME, "unsupported_group", where);
  for (const name of ["description", "name", "administrator", "credential_authority", "language"]) {
    if (fields[name] !== undefined) string(fields[name], where);
  }
  demand(UUID.test(string(fields.uuid, where)), "malformed", "election, uuid");
  const questions = items(fields.questions, where).map((one, index) => readQuestion(one, `question ${index + 1}`));
  demand(questions.length > 0 && questions.length <= MAX_ITEMS, "malformed", "election, questions");
  demand(questions.reduce((sum, one) => sum + one.width, 0) <= MAX_CIPHERTEXTS, "too_large", "election, questions");
  return {
    raw,
    phi: b64Hash(raw),
    uuid: fields.uuid,
    name: fields.name,
    description: fields.description,
    administrator: fields.administrator || null,
    credentialAuthority: fields.credential_authority || null,
    language: fields.language === undefined ? null : fields.language,
    publicKey: point(fields.public_key, "election, public_key"),
    questions,
    manifestHash: manifestHash(fields.description),
  };
}

/** The hash that binds our manifest, from the description's last line; null for foreign elections. Spec: MAN-1. */
function manifestHash(description) {
  const found = MANIFEST_LINE.exec(description);
  // Whoever could blur this line would have a record of ours judged as a foreign one, by laxer rules.
  demand(description.split("mipiao-manifest").length - 1 === (found ? 1 : 0), "manifest", "election, description");
  return found ? found[1] : null;
}

/** Read one question; other kinds than homomorphic ones are refused by name. Spec: ELEC-2. */
function readQuestion(value, where) {
  demand(!(value && typeof value === "object" && ("type" in value || "value" in value)), "unsupported_question", where);
  const fields = record(value, where, ["answers", "blank?", "min", "max", "question"]);
  const answers = items(fields.answers, where).map((answer) => string(answer, where));
  demand(answers.length > 0 && answers.length <= MAX_ITEMS, "malformed", where);
  const blank = fields.blank === undefined ? false : truth(fields.blank, where);
  if (!blank) delete fields.blank; // `false` is written by leaving the field out
  const min = whole(fields.min, where, 0, answers.length);
  const max = whole(fields.max, where, min, answers.length);
  return { text: string(fields.question, where), answers, blank, min, max, width: answers.length + (blank ? 1 : 0) };
}

/** Whether a plaintext choice (0/1 each, the blank flag first where allowed) may be cast. */
export function allows(question, choice) {
  if (!Array.isArray(choice) || choice.length !== question.width) return false;
  if (!choice.every((flag) => flag === 0 || flag === 1)) return false;
  const chosen = choice.slice(question.blank ? 1 : 0).reduce((sum, flag) => sum + flag, 0);
  if (question.blank && choice[0] === 1) return chosen === 0;
  return chosen >= question.min && chosen <= question.max;
}

/** How many ciphertexts a ballot holds. */
export const width = (election) => election.questions.reduce((sum, question) => sum + question.width, 0);

/** Build the tables for g and the election key while the voter reads, as steps: the first ballot waits for them otherwise. */
export function* warmSteps(election) {
  yield* fixedBaseSteps(G);
  yield* fixedBaseSteps(election.publicKey);
}

/** What every proof of a ballot is bound to (S0). Spec: BALLOT-3. */
export const context = (election, credential) => `${election.phi}|${text(credential)}`;

/** An upper bound, in bytes, of any ballot of the election. */
export function maxBallotSize(election) {
  const pointSize = 64 + 16;
  const proofSize = 2 * 76 + '{"challenge":"","response":""},'.length;
  return election.questions.reduce((size, question) => {
    const branches = question.max - question.min + 2 + (question.blank ? 4 : 0);
    return size + question.width * (2 * pointSize + 2 * proofSize + 8) + branches * proofSize + 120;
  }, 600 + pointSize + election.uuid.length + proofSize);
}

