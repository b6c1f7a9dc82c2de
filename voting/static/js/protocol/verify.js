// A whole record of ours, judged in the browser before a trustee decrypts. Twin of tally/verify.py for polls of ours:
// whole keys, no weights, one ballot per credential. What it cannot judge it refuses by name.

import { alphas, checkBallot } from "./ballot.js";
import { parseArchive } from "./archive.js";
import { hexHash, sameBytes } from "./bytes.js";
import { NO_OPINIONS, parseClosing, parseVoids, seal, verifyClosing, verifyVoid } from "./closing.js";
import { isPowerOfBase, openSum } from "./decryption.js";
import { NEUTRAL, add } from "./elgamal.js";
import { parseElection } from "./election.js";
import { Invalid, demand } from "./errors.js";
import { text } from "./group.js";
import { items, read, record, weight } from "./json.js";
import { checkPartition, parseManifest, readCredentials } from "./manifest.js";
import { distinct } from "./names.js";
import {
  encodeTally, parsePartial, parseStrongTally, parseTally, verifyGroups, verifyPartial, verifyStrongProofs,
} from "./shares.js";
import { electionKey, readTrustees } from "./trustee.js";
import { shownSums } from "./voter_groups.js";

const CLOSED = ["closed", "decrypting", "tallied"];
/** From which stage of the record on a file may stand beside it. Spec: VER-4. */
const BELONGS = { "closing.json": CLOSED, "voids.json": CLOSED, "tally.json": CLOSED.slice(1), "result.json": CLOSED.slice(2) };

/**
 * Verify a record as steps: each next() judges one ballot or one thing and yields {check, done, total}; the last returns
 * what holds. `files` maps names to bytes: `<uuid>.bel`, manifest.json, and from the close on closing.json and voids.json,
 * from the result on tally.json. Raises Invalid with the first failure.
 *
 * Returns {election, manifest, trustees, credentials, ballots, trackers, sums, groups, castPerGroup, closing, sigma, seal,
 * openingSeal, stage, notes, result}; `groups` are the sums of groups that may be opened, notes are codes; what the record
 * does not have yet is null.
 */
export function* verifySteps(files) {
  const name = Object.keys(files).find((one) => one.endsWith(".bel"));
  demand(name !== undefined, "unreadable", "no .bel file");
  yield { check: "archive", done: 0, total: 0 };
  const log = parseArchive(files[name]);
  demand(log.setup !== null, "event_order", "no Setup");
  yield { check: "setup", done: 0, total: log.ballots.length };
  const setup = verifySetup(log, files);
  demand(name === `${setup.election.uuid}.bel`, "unreadable", name);
  for (const file of Object.keys(files)) {
    demand(!(file in BELONGS) || BELONGS[file].indexOf(log.stage) >= 0, "extra_data", `${file} beside an archive that is ${log.stage}`);
  }

  const box = yield* verifyBallots(log, setup);
  const facts = Object.assign({
    stage: log.stage,
    openingSeal: seal(log.heads.Setup),
    ballots: log.ballots.length,
    trackers: box.trackers,
    castPerGroup: box.castPerGroup,
    sums: null, groups: null, closing: null, sigma: null, seal: null, result: null,
  }, setup);
  facts.notes = notes(facts.manifest);
  if (log.encryptedTally === null) return facts;

  yield { check: "encrypted_tally", done: log.ballots.length, total: log.ballots.length };
  verifySums(log, setup.election, box.sums);
  facts.sums = box.sums;
  facts.groups = shownSums(facts.manifest, box.castPerGroup, box.groupSums);
  yield { check: "closing", done: log.ballots.length, total: log.ballots.length };
  facts.closing = verifyStatement(log, setup, box, files, facts.groups);
  facts.sigma = facts.closing.sigma;
  facts.seal = facts.closing.seal;
  if (facts.closing.counts.returned > facts.closing.counts.handed_out) facts.notes.push("more_returned_than_handed_out");
  if (facts.ballots < facts.manifest.minimum) facts.notes.push("below_minimum");
  if (log.partials.length > 0) {
    yield { check: "decryption", done: log.ballots.length, total: log.ballots.length };
    facts.result = verifyDecryption(log, facts, files);
  }
  return facts;
}

/** verifySteps() in one go; progress({check, done, total}) is called between steps. */
export function verifyRecord(files, progress) {
  const steps = verifySteps(files);
  let step = steps.next();
  while (!step.done) {
    if (progress) progress(step.value);
    step = steps.next();
  }
  return step.value;
}

/** What holds and must still be said to whoever reads the result. */
function notes(manifest) {
  const found = [];
  if (manifest.rehearsal) found.push("rehearsal");
  if (manifest.transport === "http") found.push("insecure_transport");
  return found;
}

/** Election, trustees, credentials, and the manifest that binds them. Spec: MAN-1, MAN-3, TRUST-7. */
function verifySetup(log, files) {
  const election = parseElection(log.setup.election);
  const trustees = readTrustees(log.setup.trustees);
  demand(electionKey(trustees).equals(election.publicKey), "election_key", "election");
  const credentials = readCredentials(log.setup.credentials);
  demand(election.manifestHash !== null && files["manifest.json"] !== undefined, "manifest_missing", "manifest.json");
  const manifest = parseManifest(files["manifest.json"]);
  demand(manifest.hash === election.manifestHash, "manifest_hash", "manifest.json");
  demand(manifest.uuid === election.uuid, "manifest", "uuid");
  checkPartition(manifest, credentials);
  const named = manifest.trustees.length === trustees.length &&
    manifest.trustees.every((one, i) => one.key === text(trustees[i].key) && (!trustees[i].name || one.name === trustees[i].name));
  demand(named, "manifest", "trustees");
  demand(manifest.by_group.every((index) => index < election.questions.length), "manifest", "by_group");
  demand(election.questions.every((question) => distinct(question.answers)), "manifest", "answers that read alike");
  demand(election.language === null, "extra_data", "election, language");
  return { election, trustees, credentials, manifest };
}

/** Every ballot valid, by a listed credential, once, with fresh ciphertexts; and what they add up to. Spec: VER-2, REC-5, TALLY-1. */
function* verifyBallots(log, setup) {
  const total = log.ballots.length;
  const seen = { credentials: new Set(), alphas: new Set(), trackers: new Set() };
  const trackers = [];
  const castPerGroup = setup.manifest.groups.map(() => 0);
  const none = setup.election.questions.map((question) => new Array(question.width).fill(NEUTRAL));
  const groupSums = setup.manifest.groups.map(() => none);
  for (let index = 0; index < total; index++) {
    yield { check: "ballots", done: index, total };
    const where = `ballot ${index + 1}`;
    const ballot = judged(log.ballots[index], setup.election, where);
    const credential = text(ballot.credential);
    demand(setup.manifest.groupOf.has(credential), "unknown_credential", where, ballot.tracker);
    demand(!seen.trackers.has(ballot.tracker), "ballot_repeated", where, ballot.tracker);
    demand(!seen.credentials.has(credential), "second_vote", where, ballot.tracker);
    for (const alpha of alphas(ballot)) {
      demand(!seen.alphas.has(alpha), "ciphertext_repeated", where, ballot.tracker);
      seen.alphas.add(alpha);
    }
    seen.credentials.add(credential);
    seen.trackers.add(ballot.tracker);
    trackers.push(ballot.tracker);
    const group = setup.manifest.groupOf.get(credential);
    castPerGroup[group] += 1;
    groupSums[group] = sumOf(groupSums[group], ballot.answers.map((answer) => answer.choices));
  }
  // Sorted by tracker: the record keeps no trace of the order in which ballots came.
  const sorted = trackers.every((one, i) => i === 0 || trackers[i - 1] < one);
  demand(sorted, "ballot_order", "ballots");
  return { sums: groupSums.reduce(sumOf), groupSums, trackers, castPerGroup, credentials: seen.credentials };
}

const sumOf = (sums, more) => sums.map((row, q) => row.map((sum, i) => add(sum, more[q][i])));

function judged(raw, election, where) {
  try {
    return checkBallot(raw, election);
  } catch (error) {
    if (error instanceof Invalid) throw new Invalid(error.code, `${where}, ${error.where}`, hexHash(raw).slice(0, 16));
    throw error;
  }
}

/** The published sums are those of the ballots. Spec: TALLY-1, TALLY-2. */
function verifySums(log, election, sums) {
  const tally = log.encryptedTally;
  parseTally(tally.raw, election);
  const total = log.ballots.length;
  demand(tally.numTallied === total && tally.totalWeight === total, "tally_mismatch", "encrypted tally");
  demand(sameBytes(tally.raw, encodeTally(sums)), "tally_mismatch", "encrypted tally");
}

/** The signed closing statement says what the record holds, and which groups are opened. Spec: CLOSE-1, VER-4, VOID-2. */
function verifyStatement(log, setup, box, files, shown) {
  demand(files["closing.json"] !== undefined, "closing_missing", "closing.json");
  demand(files["voids.json"] !== undefined, "voids", "voids.json");
  const { election, manifest } = setup;
  const closing = parseClosing(files["closing.json"]);
  verifyClosing(closing, manifest.receipt_key);
  const says = (condition, field) => demand(condition, "closing", field);
  says(closing.uuid === election.uuid, "uuid");
  says(closing.phi === election.phi, "phi");
  says(closing.manifest === manifest.hash, "manifest");
  says(closing.head === log.heads.EncryptedTally, "head");
  says(closing.ballots === log.ballots.length, "ballots");
  const groups = closing.cast_per_group.length === manifest.groups.length &&
    closing.cast_per_group.every((one, k) => one.label === manifest.groups[k].label && one.cast === box.castPerGroup[k]);
  says(groups, "cast_per_group");
  says(closing.voids === hexHash(files["voids.json"]), "voids");
  says(closing.groups.length === shown.length && shown.every((one, k) => one.label === closing.groups[k]), "groups");
  says(closing.opinions.count === 0 && closing.opinions.hash === NO_OPINIONS, "opinions");
  const voids = parseVoids(files["voids.json"]);
  const counts = closing.counts;
  says(counts.printed === setup.credentials.length, "counts, printed");
  says(counts.voided === voids.length, "counts, voided");
  says(counts.returned === log.ballots.length, "counts, returned");
  says(counts.handed_out <= counts.printed - counts.voided, "counts, handed_out");
  says(counts.handed_out <= counts.present && counts.present <= counts.expected, "counts, present");
  for (const found of voids) {
    const credential = text(found.credential);
    demand(distinct(found.officials), "voids", "officials");
    demand(manifest.groupOf.has(credential), "voids", credential);
    demand(!box.credentials.has(credential), "voided_ballot", "voids", credential);
    demand(box.trackers.indexOf(found.tracker) < 0, "voided_ballot", "voids, tracker", credential);
    verifyVoid(found, election.phi);
  }
  return closing;
}

/** Partial decryptions with their proofs, and the result they give. Spec: DEC-2 to DEC-5, DEC-7, DEC-8, GROUPS-2, RES-2. */
function verifyDecryption(log, facts, files) {
  demand(facts.ballots >= facts.manifest.minimum, "below_minimum", "total");
  const partials = new Map();
  for (const one of log.partials) {
    const trustee = facts.trustees[one.owner - 1];
    demand(trustee !== undefined && !partials.has(one.owner), "decryption_owner", `owner ${one.owner}`);
    const partial = parsePartial(one.raw);
    verifyPartial(facts.election.phi, facts.sums, trustee, partial);
    partials.set(one.owner, partial);
  }
  verifyStrongTally(facts, partials, files);
  if (log.result === null) return null;
  const absent = facts.trustees.filter((trustee) => !partials.has(trustee.owner));
  demand(absent.length === 0, "shares_missing", "total", absent.map((one) => one.who).join(", "));
  const result = readResult(log.result, facts);
  facts.sums.forEach((row, q) => row.forEach((ct, i) => {
    const opened = openSum(ct, facts.trustees.map((trustee) => partials.get(trustee.owner).factors[q][i]));
    demand(isPowerOfBase(opened, result[q][i]), "result", `question ${q + 1}, answer ${i + 1}`);
  }));
  return result;
}

function verifyStrongTally(facts, partials, files) {
  demand(files["tally.json"] !== undefined, "weak_decryption_proof", "tally.json");
  const strong = parseStrongTally(files["tally.json"]);
  const ours = strong.uuid === facts.election.uuid && strong.phi === facts.election.phi && strong.sigma === facts.sigma;
  demand(ours, "weak_decryption_proof", "tally.json");
  const proved = new Map(strong.shares.map((share) => [share.owner, share]));
  const ascending = strong.shares.every((share, i) => i === 0 || strong.shares[i - 1].owner < share.owner);
  demand(ascending && proved.size === partials.size, "weak_decryption_proof", "tally.json, owners");
  partials.forEach((partial, owner) => {
    const trustee = facts.trustees[owner - 1];
    const share = proved.get(owner);
    const named = share !== undefined && share.key === text(trustee.key);
    demand(named, "weak_decryption_proof", "tally.json", trustee.who);
    verifyStrongProofs(facts, trustee, partial, share.total);
    verifyGroups(facts, trustee, share.groups);
  });
}

/** The record's counts. One above the number of ballots would only make the search for g^count long. Spec: RES-1, RES-2. */
function readResult(raw, facts) {
  const result = parseResult(raw, facts.election);
  result.forEach((row, q) => demand(row.every((count) => count <= facts.ballots), "result", `question ${q + 1}`));
  return result;
}

/** Read a result. Raises Invalid. Spec: RES-1. */
export const parseResult = (raw, election) => read(raw, "result", (value) => {
  const where = "result";
  const { result } = record(value, where, ["result"]);
  return items(result, where, election.questions.length).map((row, q) =>
    items(row, where, election.questions[q].width).map((count) => weight(count, where)));
});
