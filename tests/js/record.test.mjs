// A whole record of ours (tests/vectors/record): sound at each stage, refused by name after one tweak; and the answer to it.
import assert from "node:assert/strict";
import { test } from "node:test";

import { answerShareSteps, mayAnswer } from "../../voting/static/js/protocol/answer.js";
import { parseArchive } from "../../voting/static/js/protocol/archive.js";
import { makeBallot } from "../../voting/static/js/protocol/ballot.js";
import { credentialKeys } from "../../voting/static/js/protocol/credential.js";
import { proveStrong, verifyStrong, verifyWeak } from "../../voting/static/js/protocol/decryption.js";
import { readSeal } from "../../voting/static/js/protocol/closing.js";
import { Q, base, hashToScalar, power, scalar, text } from "../../voting/static/js/protocol/group.js";
import { dump } from "../../voting/static/js/protocol/json.js";
import { parseShare, verifyShare } from "../../voting/static/js/protocol/shares.js";
import { verifyRecord } from "../../voting/static/js/protocol/verify.js";
import { folder, fromUtf8, readJson, refuses, sha256hex, stream, utf8, vectors, writeArchive } from "./support.mjs";

const RECORD = ["tests", "vectors", "record"];
const BEL = "Vectors1Mipiao.bel";
const secrets = readJson(...RECORD, "secrets.json");
const closed = folder(...RECORD, "closed");
const tallied = folder(...RECORD, "tallied");

/** The events of an archive as writeArchive() takes them. */
function eventsOf(files) {
  const log = parseArchive(files[BEL]);
  const { election, trustees, credentials } = log.setup;
  const setup = { election: sha256hex(election), trustees: sha256hex(trustees), credentials: sha256hex(credentials) };
  const events = [["Setup", election, trustees, credentials, utf8(JSON.stringify(setup))]];
  for (const raw of log.ballots) events.push(["Ballot", raw]);
  if (log.stage === "open") return events;
  events.push(["EndBallots"], ["EncryptedTally", log.encryptedTally.raw, sized(log.encryptedTally.raw, log.ballots.length)]);
  for (const { owner, raw } of log.partials) events.push(["PartialDecryption", raw, owned(owner, raw)]);
  if (log.result !== null) events.push(["Result", log.result]);
  return events;
}

const sized = (raw, n, weight = n) =>
  utf8(`{"num_tallied":${n},"total_weight":${weight},"encrypted_tally":"${sha256hex(raw)}"}`);
const owned = (owner, raw) => utf8(`{"owner":${owner},"payload":"${sha256hex(raw)}"}`);

/** The record with its events changed and its chain made whole again. */
function withEvents(files, change) {
  const events = eventsOf(files);
  return { ...files, [BEL]: writeArchive(change(events) || events) };
}

/** The record with one JSON datum changed. */
function withJson(files, name, change) {
  const value = JSON.parse(fromUtf8(files[name]));
  return { ...files, [name]: dump(change(value) || value) };
}

const jsonEvent = (events, index, at, change) => {
  const value = JSON.parse(fromUtf8(events[index][at]));
  events[index][at] = dump(change(value) || value);
};

const without = (files, name) => {
  const rest = { ...files };
  delete rest[name];
  return rest;
};

test("the tests' own archive writer gives the bytes that were read", () => {
  for (const files of [folder(...RECORD, "open"), closed, tallied]) {
    assert.equal(sha256hex(writeArchive(eventsOf(files))), sha256hex(files[BEL]));
  }
});

test("an open record holds as far as it goes", () => {
  const facts = verifyRecord(folder(...RECORD, "open"));
  assert.deepEqual([facts.stage, facts.ballots, facts.sigma, facts.result], ["open", 0, null, null]);
  assert.match(facts.openingSeal, /^[0-9A-F]{4} [0-9A-F]{4}$/);
  assert.deepEqual(facts.notes, ["rehearsal", "insecure_transport"]);
});

test("a closed record holds, with the seal that is printed on paper", () => {
  const seen = [];
  const facts = verifyRecord(closed, (step) => seen.push(`${step.check} ${step.done}/${step.total}`));
  assert.deepEqual([facts.stage, facts.ballots, facts.sigma, facts.seal], ["closed", 11, secrets.sigma, secrets.seal]);
  assert.equal(facts.seal, sha256hex(closed["closing.json"]).slice(0, 8).toUpperCase().replace(/^(.{4})/, "$1 "));
  assert.equal(facts.result, null);
  assert.ok(seen.includes("ballots 10/11"), seen.join());
});

test("the groups that may be opened are those of the rule, with withheld questions empty", () => {
  const { groups, castPerGroup } = verifyRecord(closed);
  assert.deepEqual(castPerGroup, [6, 2, 3]);
  assert.deepEqual(groups.map((one) => [one.index, one.label, one.sums.map((row) => row.length)]), [[0, "机关中层正职", [4, 0, 0]]]);
});

test("a closed record with void slips of every reason holds", () => {
  const facts = verifyRecord(folder(...RECORD, "voided"));
  assert.deepEqual([facts.stage, facts.ballots, facts.castPerGroup], ["closed", 10, [5, 2, 3]]);
  assert.deepEqual([facts.closing.counts.voided, facts.closing.groups], [4, ["机关中层正职"]]);
});

test("a tallied record holds, with its result", () => {
  assert.deepEqual(verifyRecord(tallied).result, secrets.result);
});

const head = 12; // events: Setup, 11 ballots, EndBallots, EncryptedTally, 3 partial decryptions, Result
const ofFirst = (change) => withJson(tallied, "tally.json", (t) => void change(t.shares[0]));
const TWEAKS = {
  "a ballot dropped": ["tally_mismatch", () => withEvents(closed, (e) => void e.splice(3, 1))],
  "a ballot dropped, the number corrected": ["tally_mismatch", () => withEvents(closed, (e) => {
    e.splice(3, 1);
    e[head][2] = sized(e[head][1], 10);
  })],
  "num_tallied raised": ["tally_mismatch", () => withEvents(closed, (e) => void (e[head + 1][2] = sized(e[head + 1][1], 12)))],
  "total_weight raised": ["tally_mismatch", () => withEvents(closed, (e) => void (e[head + 1][2] = sized(e[head + 1][1], 11, 12)))],
  "num_tallied as text": ["malformed", () => withEvents(closed, (e) => void (e[head + 1][2] = utf8(fromUtf8(e[head + 1][2]).replace(":11,", ':"11",'))))],
  "two sums exchanged": ["tally_mismatch", () => withEvents(closed, (e) => {
    jsonEvent(e, head + 1, 1, (sums) => void ([sums[0][0], sums[0][1]] = [sums[0][1], sums[0][0]]));
    e[head + 1][2] = sized(e[head + 1][1], 11);
  })],
  "a ballot twice": ["ballot_repeated", () => withEvents(closed, (e) => void e.splice(3, 0, e[3]))],
  "ballots in another order": ["ballot_order", () => withEvents(closed, (e) => void e.splice(1, 2, e[2], e[1]))],
  "a ballot after EndBallots": ["event_order", () => withEvents(closed, (e) => [...e.slice(0, head), ["EndBallots"], e[1]])],
  "no EndBallots": ["event_order", () => withEvents(closed, (e) => void e.splice(head, 1))],
  "two Results": ["event_order", () => withEvents(tallied, (e) => void e.push(e[e.length - 1]))],
  "an unknown event": ["event_order", () => withEvents(closed, (e) => void e.push(["constructor", e[1][1]]))],
  "an event without its data": ["missing_data", () => withEvents(closed, (e) => void (e[1] = ["Ballot"]))],
  "an event with too much data": ["extra_data", () => withEvents(closed, (e) => void e[1].push(e[1][1]))],
  "another election key": ["election_key", () => withEvents(closed, (e) => resetup(e, (election) => void (election.public_key = text(base(9n)))))],
  "an election of another version": ["unsupported_version", () => withEvents(closed, (e) => resetup(e, (election) => void (election.version = 2)))],
  "another group": ["unsupported_group", () => withEvents(closed, (e) => resetup(e, (election) => void (election.group = "BELENIOS-2048")))],
  "a question of another kind": ["unsupported_question", () => withEvents(closed, (e) => resetup(e, (election) => void (election.questions[0] = { type: "Lists", value: {} })))],
  "a ballot of another poll": ["other_election", () => withEvents(closed, (e) => resetup(e, (election) => void (election.name += "!")))],
  "no manifest": ["manifest_missing", () => without(closed, "manifest.json")],
  "a manifest with another minimum": ["manifest_hash", () => withJson(closed, "manifest.json", (m) => void (m.minimum = 6))],
  "a manifest with white space": ["not_canonical", () => ({ ...closed, "manifest.json": utf8(fromUtf8(closed["manifest.json"]) + "\n") })],
  "a manifest whose groups share a slip": ["manifest", () => withJson(closed, "manifest.json", (m) => void m.groups[0].credentials.push(m.groups[1].credentials[0]))],
  "a minimum below five": ["manifest", () => withJson(closed, "manifest.json", (m) => void (m.minimum = 4))],
  "no closing statement": ["closing_missing", () => without(closed, "closing.json")],
  "another number handed out": ["closing_signature", () => withJson(closed, "closing.json", (c) => void (c.counts.handed_out = 6))],
  "a closing statement signed by nobody": ["closing_signature", () => withJson(closed, "closing.json", (c) => void (c.signature = "A".repeat(86)))],
  "a closing statement with another field": ["malformed", () => withJson(closed, "closing.json", (c) => ({ ...c, more: 1 }))],
  "a closing statement with fields in another order": ["not_canonical", () => withJson(closed, "closing.json", ({ uuid, ...rest }) => ({ ...rest, uuid }))],
  "no list of voids": ["voids", () => without(closed, "voids.json")],
  "another list of voids": ["closing", () => ({ ...closed, "voids.json": utf8("[[]]") })],
  "no strong proofs": ["weak_decryption_proof", () => without(tallied, "tally.json")],
  "the strong proofs of two trustees exchanged": ["weak_decryption_proof", () => withJson(tallied, "tally.json", (t) => void ([t.shares[0].total, t.shares[1].total] = [t.shares[1].total, t.shares[0].total]))],
  "strong proofs for another closing": ["weak_decryption_proof", () => withJson(tallied, "tally.json", (t) => void (t.sigma = "0".repeat(64)))],
  "one trustee's strong proofs left out": ["weak_decryption_proof", () => withJson(tallied, "tally.json", (t) => void t.shares.pop())],
  "a closing statement that names no group": ["closing", () => ({ ...closed, "closing.json": utf8(secrets.closing_without_groups) })],
  "a group sum left out": ["group_missing", () => ofFirst((line) => void line.groups.pop())],
  "a shown question of a group left out": ["group_missing", () => ofFirst(({ groups: [group] }) => void ([group.factors[0], group.proofs[0]] = [[], []]))],
  "the sum of a group too small": ["group_withheld", () => ofFirst((line) => void line.groups.push({ ...line.groups[0], label: "局领导班子" }))],
  "a withheld question of a group": ["group_withheld", () => ofFirst(({ groups: [group] }) => void ([group.factors[1], group.proofs[1]] = [group.factors[0], group.proofs[0]]))],
  "a group opened twice": ["malformed", () => ofFirst((line) => void line.groups.push(line.groups[0]))],
  "a group without its last question": ["malformed", () => ofFirst(({ groups: [group] }) => void (group.factors.pop(), group.proofs.pop()))],
  "a factor of a group exchanged": ["group_decryption", () => ofFirst(({ groups: [group] }) => void (group.factors[0][0] = group.factors[0][1]))],
  "the proofs of the total for a group's": ["group_decryption", () => ofFirst((line) => void (line.groups[0].proofs[0] = line.total[0]))],
  "a group with another field": ["malformed", () => ofFirst((line) => void (line.groups[0].more = 1))],
  "another result": ["result", () => withEvents(tallied, (e) => void jsonEvent(e, e.length - 1, 1, (r) => void (r.result[0][0] += 1)))],
  "a result beyond the ballots": ["result", () => withEvents(tallied, (e) => void jsonEvent(e, e.length - 1, 1, (r) => void (r.result[0][0] = 2 ** 29)))],
  "a result beyond all numbers, as text": ["result", () => withEvents(tallied, (e) => void jsonEvent(e, e.length - 1, 1, (r) => void (r.result[0][0] = "1099511627776")))],
  "a result beyond all numbers, as a number": ["malformed", () => withEvents(tallied, (e) => void jsonEvent(e, e.length - 1, 1, (r) => void (r.result[0][0] = 2 ** 40)))],
  "a result that is text": ["malformed", () => withEvents(tallied, (e) => void jsonEvent(e, e.length - 1, 1, (r) => void (r.result[0][0] = "1")))],
  "a trustee missing": ["weak_decryption_proof", () => withEvents(tallied, (e) => void e.splice(head + 2, 1))],
  "a trustee missing from both": ["shares_missing", () => withJson(withEvents(tallied, (e) => void e.splice(head + 2, 1)), "tally.json", (t) => void t.shares.shift())],
  "one trustee twice": ["decryption_owner", () => withEvents(tallied, (e) => void e.splice(head + 2, 0, e[head + 2]))],
  "an owner that does not exist": ["decryption_owner", () => withEvents(tallied, (e) => void (e[head + 2][2] = owned(4, e[head + 2][1])))],
  "a factor exchanged": ["decryption_proof", () => withEvents(tallied, (e) => {
    jsonEvent(e, head + 2, 1, (p) => void (p.decryption_factors[0][0] = p.decryption_factors[0][1]));
    e[head + 2][2] = owned(1, e[head + 2][1]);
  })],
};

/** Change the election and rewrite its hash in the set-up. */
function resetup(events, change) {
  jsonEvent(events, 0, 1, change);
  jsonEvent(events, 0, 4, (setup) => void (setup.election = sha256hex(events[0][1])));
}

for (const [name, [code, tweak]] of Object.entries(TWEAKS)) {
  test(`refused by name: ${name}`, () => refuses(code, () => verifyRecord(tweak())));
}

/** A ballot made for this record after the fact, put in place of another. */
function forged(code, choices) {
  const election = verifyRecord(folder(...RECORD, "open")).election;
  return makeBallot(election, credentialKeys(election.uuid, code), choices, null, stream("forged")).raw;
}

test("refused by name: a ballot by somebody who had no slip", () => {
  const raw = forged("0000-0000-0000-0000-0000", [[1, 0, 0, 0], [0, 0, 0, 0], [1, 0]]);
  refuses("unknown_credential", () => verifyRecord(withEvents(closed, (e) => void (e[1] = ["Ballot", raw]))));
});

test("refused by name: a second ballot by the same slip", () => {
  const { credential } = vectors("ballots.json").ballots[0];
  const raw = forged(credential, [[1, 0, 0, 0], [0, 0, 0, 0], [1, 0]]);
  refuses("second_vote", () => verifyRecord(withEvents(closed, (e) => void e.splice(head, 0, ["Ballot", raw]))));
});

test("every byte of the archive counts: one changed bit anywhere is refused", () => {
  const raw = closed[BEL];
  // Every kind of place: first header, its padding, first content, an event, the last block.
  for (const at of [0, 100, 150, 156, 157, 300, 511, 512, 540, 700, 1023, 1024 + 124, 5000, raw.length - 1]) {
    const copy = raw.slice();
    copy[at] ^= 1;
    assert.throws(() => verifyRecord({ ...closed, [BEL]: copy }), (error) => error.name === "Invalid", `byte ${at}`);
  }
  refuses("archive", () => verifyRecord({ ...closed, [BEL]: raw.subarray(0, raw.length - 1) }));
  refuses("archive", () => verifyRecord({ ...closed, [BEL]: new Uint8Array([...raw, ...new Uint8Array(512)]) }));
  refuses("archive", () => verifyRecord({ ...closed, [BEL]: new Uint8Array(0) }));
  refuses("unreadable", () => verifyRecord({}));
});

const openedKey = (index) => {
  const secret = BigInt(secrets.trustees[index].secret);
  return { uuid: "Vectors1Mipiao", name: "郑", role: "机关纪委", publicKey: base(secret), secret, journal: [] };
};

secrets.trustees.forEach((expected, index) => {
  test(`trustee ${expected.owner} answers alike, byte for byte, and the share verifies`, () => {
    const facts = verifyRecord(closed);
    const allowed = mayAnswer(facts, openedKey(index), secrets.seal);
    assert.equal(allowed.owner, expected.owner);
    assert.deepEqual(allowed.opened.journal, [{ uuid: facts.election.uuid, phi: facts.election.phi, sigma: facts.sigma }]);
    const steps = answerShareSteps(facts, allowed, stream(expected.seed));
    let step = steps.next();
    while (!step.done) step = steps.next();
    assert.equal(fromUtf8(step.value), expected.share);
    verifyShare(facts, facts.trustees[index], parseShare(step.value));
  });
});

test("a trustee answers only with the seal from paper, typed in any case", () => {
  const facts = verifyRecord(closed);
  refuses("closing", () => mayAnswer(facts, openedKey(0), ""));
  refuses("closing", () => mayAnswer(facts, openedKey(0), "0000 0000"));
  refuses("closing", () => mayAnswer(facts, openedKey(0), facts.openingSeal));
  assert.equal(mayAnswer(facts, openedKey(0), secrets.seal.toLowerCase().replace(" ", "")).owner, 1);
  assert.equal(readSeal(" 81d4-2b6e "), "81D4 2B6E");
  assert.equal(readSeal("81D4 2B6"), null);
});

test("a trustee answers for no open record, no stranger's key, no second closing, no box below the minimum", () => {
  const facts = verifyRecord(closed);
  refuses("closing_missing", () => mayAnswer(verifyRecord(folder(...RECORD, "open")), openedKey(0), secrets.seal));
  refuses("decryption_owner", () => mayAnswer(facts, { ...openedKey(0), publicKey: base(5n), secret: 5n }, secrets.seal));
  refuses("key_file", () => mayAnswer(facts, { ...openedKey(0), uuid: "Vectors2Mipiao" }, secrets.seal));
  const journal = [{ uuid: "Vectors1Mipiao", phi: facts.election.phi, sigma: "0".repeat(64) }];
  refuses("second_head", () => mayAnswer(facts, { ...openedKey(0), journal }, secrets.seal));
  const small = { ...facts, ballots: 4 };
  refuses("below_minimum", () => mayAnswer(small, openedKey(0), secrets.seal));
});

test("a share for another owner, closing or poll is refused, and so is one with a changed proof", () => {
  const facts = verifyRecord(closed);
  const share = () => parseShare(utf8(secrets.trustees[0].share));
  const trustee = facts.trustees[0];
  refuses("decryption_owner", () => verifyShare(facts, facts.trustees[1], share()));
  refuses("decryption_owner", () => verifyShare({ ...facts, sigma: "0".repeat(64) }, trustee, share()));
  const weak = share();
  weak.partial.proofs[0][0] = weak.partial.proofs[0][1];
  refuses("decryption_proof", () => verifyShare(facts, trustee, weak));
  const strong = share();
  strong.strong[0][0] = strong.strong[0][1];
  refuses("weak_decryption_proof", () => verifyShare(facts, trustee, strong));
  const short = share();
  short.strong[0].pop();
  refuses("malformed", () => verifyShare(facts, trustee, short));
  const silent = share();
  silent.groups = [];
  refuses("group_missing", () => verifyShare(facts, trustee, silent));
});

function inverse(value) {
  let [a, b, x, y] = [scalar(value), Q, 1n, 0n];
  while (b !== 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y];
  return scalar(x);
}

test("a trustee who is also the last voter can shift a count under Belenios' proof; the strong proof stops it", () => {
  const { election, sigma } = verifyRecord(closed);
  const [x, others, w, b, shift] = [1234567n, base(987654321n), 424242n, 171717n, 1n];
  const key = base(x);
  // The commitments are fixed first; Belenios' challenge hashes neither alpha nor the factor ...
  const [a, B] = [base(w), power(others, w).add(base(b))];
  const c = hashToScalar(`decrypt|${election.phi}|${text(key)}|${text(a)},${text(B)}`);
  // ... so the last ballot's randomness can still be chosen to fit a factor that is off by g^shift.
  const alpha = others.add(base((b - shift * c) * inverse(w)));
  const ct = { alpha, beta: base(5n) };
  const factor = power(alpha, x).add(base(shift));
  const proof = { challenge: c, response: scalar(w - x * c) };
  assert.ok(verifyWeak(key, election.phi, ct, factor, proof));
  const place = { phi: election.phi, sigma, owner: 1, label: "total", question: 0, answer: 0 };
  assert.ok(!verifyStrong(key, place, ct, factor, proof));
  assert.ok(!verifyStrong(key, place, ct, factor, proveStrong(x, key, place, ct, factor)));
  const honest = power(alpha, x);
  const strong = proveStrong(x, key, place, ct, honest);
  assert.ok(verifyStrong(key, place, ct, honest, strong));
  for (const other of [{ owner: 2 }, { sigma: "0" }, { label: "group:0" }, { question: 1 }, { answer: 1 }, { phi: "" }]) {
    assert.ok(!verifyStrong(key, { ...place, ...other }, ct, honest, strong), Object.keys(other)[0]);
  }
});
