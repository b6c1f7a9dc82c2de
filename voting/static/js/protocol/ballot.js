// A ballot: encrypted, proved, signed by its credential. Twin of tally/ballot.py.
//
// Making goes in two parts, so that a phone can encrypt while its owner still fills in: encryptAnswer() per question, at
// any time and as often as the choice changes, then sealBallot() over the answers. makeBallot() does both.

import { b64Hash, unb64 } from "./bytes.js";
import { add, ciphertextText, encrypt, plainCiphertext } from "./elgamal.js";
import { allows, context, maxBallotSize, width } from "./election.js";
import { demand } from "./errors.js";
import { plainProof, randomScalar, scalar, text, writeAll } from "./group.js";
import { dump, items, point, pointOrIdentity, proof, proofs, read, record, string } from "./json.js";
import {
  sign, startBit, startBlankOrEmpty, startBlankOrSum, startSum,
  verifyBit, verifyBlankOrEmpty, verifyBlankOrSum, verifySigned, verifySum,
} from "./proofs.js";

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * Encrypt and prove the answer to one question for one credential, as steps: each next() does the work of about one
 * ciphertext and yields; the last returns the answer as JSON has it. Spec: BALLOT-2, BALLOT-3.
 *
 * `choice` holds 0/1 per ciphertext, the blank flag first where the question allows blank.
 */
export function* answerSteps(election, credential, index, choice, rng) {
  const question = election.questions[index];
  demand(question !== undefined && allows(question, choice), "malformed", `choices, question ${index + 1}`);
  const key = election.publicKey;
  const opened = choice.map((m) => ({ ct: null, m, r: randomScalar(rng) }));
  const individual = [];
  for (const one of opened) {
    one.ct = encrypt(key, one.m, one.r);
    individual.push(startBit(key, one, rng));
    yield;
  }
  const rest = openedSum(question.blank ? opened.slice(1) : opened);
  const overall = question.blank
    ? startBlankOrSum(key, opened[0], rest, question.min, question.max, rng)
    : startSum(key, rest, question.min, question.max, rng);
  const blank = question.blank ? startBlankOrEmpty(key, opened[0], rest, rng) : null;

  // All points of the question are written together: one inversion instead of hundreds.
  const points = [rest.ct.alpha, rest.ct.beta].concat(overall.points, blank ? blank.points : []);
  for (const one of opened) points.push(one.ct.alpha, one.ct.beta);
  for (const one of individual) points.push(...one.points);
  writeAll(points);

  const s0 = context(election, credential);
  const s = `${s0}|${opened.map((one) => ciphertextText(one.ct)).join(",")}`;
  const answer = {
    choices: opened.map((one) => plainCiphertext(one.ct)),
    individual_proofs: individual.map((one) => one.finish(s0).map(plainProof)),
    overall_proof: overall.finish(s).map(plainProof),
  };
  if (blank) answer.blank_proof = blank.finish(s).map(plainProof);
  return answer;
}

/** answerSteps() in one go. */
export function encryptAnswer(election, credential, index, choice, rng) {
  const steps = answerSteps(election, credential, index, choice, rng);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

function openedSum(opened) {
  return opened.slice(1).reduce(
    (sum, one) => ({ ct: add(sum.ct, one.ct), m: sum.m + one.m, r: scalar(sum.r + one.r) }),
    opened[0],
  );
}

/**
 * Sign the answers of all questions, in order. Returns {raw, tracker}: the exact bytes to cast. Spec: BALLOT-1, BALLOT-4.
 * `keys` is what credentialKeys() gave; the answers must have been encrypted for keys.publicKey.
 */
export function sealBallot(election, keys, answers, rng) {
  demand(answers.length === election.questions.length, "malformed", "answers");
  const ballot = {
    election_uuid: election.uuid,
    election_hash: election.phi,
    credential: text(keys.publicKey),
    answers,
  };
  const hash = b64Hash(dump(ballot));
  ballot.signature = { hash, proof: plainProof(sign(keys.secret, `sig|${hash}`, rng)) };
  const raw = dump(ballot);
  return { raw, tracker: tracker(raw) };
}

/**
 * Make a ballot as steps: each next() yields {done, total} in ciphertexts, the last returns {raw, tracker}. A worker runs
 * through and reports; a page without workers runs a few steps per frame. Spec: BALLOT-1 to BALLOT-5.
 */
export function* ballotSteps(election, keys, choices, rng) {
  demand(Array.isArray(choices) && choices.length === election.questions.length, "malformed", "choices");
  const total = width(election);
  let done = 0;
  const answers = [];
  for (let index = 0; index < choices.length; index++) {
    const steps = answerSteps(election, keys.publicKey, index, choices[index], rng);
    let step = steps.next();
    while (!step.done) {
      done += 1;
      yield { done, total };
      step = steps.next();
    }
    answers.push(step.value);
  }
  return sealBallot(election, keys, answers, rng);
}

/** ballotSteps() in one go; progress(done, total) is called after each ciphertext. */
export function makeBallot(election, keys, choices, progress, rng) {
  const steps = ballotSteps(election, keys, choices, rng);
  let step = steps.next();
  while (!step.done) {
    if (progress) progress(step.value.done, step.value.total);
    step = steps.next();
  }
  return step.value;
}

/** The tracker of a ballot's exact bytes. Spec: BALLOT-5. */
export const tracker = (raw) => b64Hash(raw);

/** The 查验码: the tracker's first 40 bits as 8 Crockford characters in two groups. Spec: BALLOT-5. */
export function shortTracker(full) {
  const bytes = unb64(full, "tracker", 32);
  let bits = 0;
  for (let i = 0; i < 5; i++) bits = bits * 256 + bytes[i];
  let characters = "";
  for (let i = 0; i < 8; i++) {
    characters = CROCKFORD[bits % 32] + characters;
    bits = Math.floor(bits / 32);
  }
  return `${characters.slice(0, 4)} ${characters.slice(4)}`;
}

/** Read a ballot of this election: form, sizes, points. Raises Invalid. Spec: BALLOT-1, BALLOT-2. */
export const parseBallot = (raw, election) =>
  read(raw, "ballot", (value) => takeBallot(value, raw, election), maxBallotSize(election));

function takeBallot(value, raw, election) {
  const fields = record(value, "ballot", ["election_uuid", "election_hash", "credential", "answers", "signature"]);
  const ours = fields.election_uuid === election.uuid && fields.election_hash === election.phi;
  demand(ours, "other_election", "ballot");
  const values = items(fields.answers, "ballot, answers", election.questions.length);
  const signature = record(fields.signature, "ballot, signature", ["hash", "proof"]);
  const unsigned = Object.assign({}, fields);
  delete unsigned.signature;
  return {
    raw,
    tracker: tracker(raw),
    credential: point(fields.credential, "ballot, credential"),
    answers: values.map((value, index) => readAnswer(election.questions[index], value, `question ${index + 1}`)),
    hash: string(signature.hash, "ballot, signature"),
    signature: proof(signature.proof, "ballot, signature"),
    unsignedHash: b64Hash(dump(unsigned)),
  };
}

function readAnswer(question, value, where) {
  const names = ["choices", "individual_proofs", "overall_proof"].concat(question.blank ? ["blank_proof"] : []);
  const fields = record(value, where, names);
  return {
    choices: items(fields.choices, where, question.width).map((one, n) => readCiphertext(one, `${where}, answer ${n + 1}`)),
    individualProofs: items(fields.individual_proofs, where, question.width).map((pair) => proofs(pair, where)),
    overallProof: proofs(fields.overall_proof, where),
    blankProof: question.blank ? proofs(fields.blank_proof, where) : null,
  };
}

// beta may be the identity by chance; alpha may not, it would show the vote. Spec: GROUP-3.
function readCiphertext(value, where) {
  const fields = record(value, where, ["alpha", "beta"]);
  return { alpha: point(fields.alpha, where), beta: pointOrIdentity(fields.beta, where) };
}

/** The first halves of all ciphertexts, which may stand in a box only once. */
export function alphas(ballot) {
  return [].concat(...ballot.answers.map((answer) => answer.choices.map((ct) => text(ct.alpha))));
}

/** Read and judge a ballot. Raises Invalid. Spec: BALLOT-3, BALLOT-4. */
export function checkBallot(raw, election) {
  const ballot = parseBallot(raw, election);
  verifySignature(ballot);
  verifyProofs(ballot, election);
  return ballot;
}

function verifySignature(ballot) {
  demand(ballot.hash === ballot.unsignedHash, "signature", "ballot");
  demand(verifySigned(ballot.credential, `sig|${ballot.hash}`, ballot.signature), "signature", "ballot");
}

function verifyProofs(ballot, election) {
  const firsts = alphas(ballot);
  demand(new Set(firsts).size === firsts.length, "ciphertext_repeated", "ballot");
  const s0 = context(election, ballot.credential);
  ballot.answers.forEach((answer, index) => {
    verifyAnswer(election.publicKey, election.questions[index], answer, s0, `question ${index + 1}`);
  });
}

function verifyAnswer(key, question, answer, s0, where) {
  answer.choices.forEach((ct, n) => {
    demand(verifyBit(key, s0, ct, answer.individualProofs[n]), "individual_proof", `${where}, answer ${n + 1}`);
  });
  const s = `${s0}|${answer.choices.map(ciphertextText).join(",")}`;
  const summands = question.blank ? answer.choices.slice(1) : answer.choices;
  const rest = summands.slice(1).reduce(add, summands[0]);
  if (!question.blank) {
    demand(verifySum(key, s, rest, question.min, question.max, answer.overallProof), "overall_proof", where);
    return;
  }
  const blank = answer.choices[0];
  demand(verifyBlankOrEmpty(key, s, blank, rest, answer.blankProof), "blank_proof", where);
  const sound = verifyBlankOrSum(key, s, blank, rest, question.min, question.max, answer.overallProof);
  demand(sound, "overall_proof", where);
}
