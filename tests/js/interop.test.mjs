// Two elections made by Belenios 3.3.0 (tests/interop/data): everything in them must be read as Belenios meant it.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { parseArchive } from "../../voting/static/js/protocol/archive.js";
import { checkBallot, makeBallot, tracker } from "../../voting/static/js/protocol/ballot.js";
import { credentialKeys, normaliseCredential } from "../../voting/static/js/protocol/credential.js";
import { isPowerOfBase, openSum } from "../../voting/static/js/protocol/decryption.js";
import { NEUTRAL, add } from "../../voting/static/js/protocol/elgamal.js";
import { parseElection } from "../../voting/static/js/protocol/election.js";
import { IDENTITY, Q, base, parsePoint, parseScalar, power, scalar, text } from "../../voting/static/js/protocol/group.js";
import { readCredentials } from "../../voting/static/js/protocol/manifest.js";
import { encodeTally, parsePartial, verifyPartial } from "../../voting/static/js/protocol/shares.js";
import { readPublicKey, readTrustees, verifyPok } from "../../voting/static/js/protocol/trustee.js";
import { ROOT, fromUtf8, read, readJson, readText, refuses, utf8 } from "./support.mjs";

const DATA = ["tests", "interop", "data"];
const CASES = { "single-ed25519": "Fm4yKUjwzupD35", "threshold-ed25519": "fnv5YcvMzA9JMu" };

function open(name) {
  const log = parseArchive(read(...DATA, name, `${CASES[name]}.bel`));
  return { log, election: parseElection(log.setup.election) };
}

/** The last ballot of each credential, as `--allow-revote` counts. */
function counted(log, election) {
  const latest = new Map();
  for (const raw of log.ballots) {
    const ballot = checkBallot(raw, election);
    latest.set(text(ballot.credential), ballot);
  }
  return [...latest.values()];
}

function sums(log, election) {
  let total = election.questions.map((question) => new Array(question.width).fill(NEUTRAL));
  for (const ballot of counted(log, election)) {
    total = total.map((row, q) => row.map((sum, i) => add(sum, ballot.answers[q].choices[i])));
  }
  return total;
}

/** Owners of a threshold archive: the whole keys, then the members of the Pedersen group, verified from commitments. */
function owners(log) {
  const all = [];
  for (const [kind, body] of JSON.parse(fromUtf8(log.setup.trustees))) {
    if (kind === "Single") {
      all.push({ ...readPublicKey(body, "trustees"), item: "single", threshold: 1 });
      continue;
    }
    const coefexps = body.coefexps.map((one) => JSON.parse(one.message).coefexps.map((p) => parsePoint(p, "coefexps")));
    body.verification_keys.forEach((found, index) => {
      const j = BigInt(index + 1);
      const key = coefexps.reduce(
        (product, row) => row.reduce((sum, a, k) => sum.add(power(a, j ** BigInt(k))), product), IDENTITY);
      assert.equal(text(key), found.public_key);
      all.push({ key, item: "pedersen", member: j, threshold: body.threshold });
    });
  }
  return all.map((one, index) => ({ ...one, owner: index + 1, who: `trustee ${index + 1}` }));
}

function inverse(value) {
  let [a, b, x, y] = [scalar(value), Q, 1n, 0n];
  while (b !== 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y];
  return scalar(x);
}

for (const name of Object.keys(CASES)) {
  test(`${name}: every ballot verifies, with the tracker that Belenios printed`, () => {
    const { log, election } = open(name);
    assert.equal(log.stage, "tallied");
    const trackers = log.ballots.map((raw) => checkBallot(raw, election).tracker).sort();
    const folder = join(ROOT, ...DATA, name, "ballots");
    const printed = readdirSync(folder).filter((file) => file.endsWith(".tracker"))
      .map((file) => readText(...DATA, name, "ballots", file).trim());
    assert.equal(printed.length, 6);
    assert.deepEqual(trackers, printed.sort());
  });

  test(`${name}: public credentials follow from private ones`, () => {
    const { log, election } = open(name);
    const listed = readCredentials(log.setup.credentials);
    const codes = Object.values(readJson(...DATA, name, "private_creds.json"));
    const derived = codes.map((code) => text(credentialKeys(election.uuid, normaliseCredential(code)).publicKey));
    assert.deepEqual(derived.sort(), [...listed].sort());
  });

  test(`${name}: the encrypted tally is the sum of the last ballots`, () => {
    const { log, election } = open(name);
    assert.equal(fromUtf8(encodeTally(sums(log, election))), fromUtf8(log.encryptedTally.raw));
  });

  test(`${name}: decryption proofs hold and the result follows from the factors`, () => {
    const { log, election } = open(name);
    const total = sums(log, election);
    const all = owners(log);
    const partials = log.partials.map((one) => {
      const partial = parsePartial(one.raw);
      verifyPartial(election.phi, total, all[one.owner - 1], partial);
      return { ...all[one.owner - 1], factors: partial.factors };
    });
    const members = partials.filter((one) => one.item === "pedersen");
    const lagrange = (one) => members.filter((other) => other !== one).reduce(
      (product, other) => scalar(product * other.member * inverse(other.member - one.member)), 1n);
    const { result } = JSON.parse(fromUtf8(log.result));
    assert.deepEqual(result, [[2, 2], [2, 1, 2]]);
    total.forEach((row, q) => row.forEach((ct, i) => {
      const factors = partials.map((one) =>
        one.item === "single" ? one.factors[q][i] : power(one.factors[q][i], lagrange(one)));
      assert.ok(isPowerOfBase(openSum(ct, factors), result[q][i]), `question ${q}, answer ${i}`);
    }));
  });

  test(`${name}: a ballot made here for a voter of theirs verifies`, () => {
    const { election } = open(name);
    const code = Object.values(readJson(...DATA, name, "private_creds.json"))[0];
    const made = makeBallot(election, credentialKeys(election.uuid, code), [[0, 1], [0, 1, 0]]);
    assert.equal(checkBallot(made.raw, election).tracker, tracker(made.raw));
  });

  test(`${name}: their ballot with one digit of one proof changed is refused by name`, () => {
    const { log, election } = open(name);
    const ballot = JSON.parse(fromUtf8(log.ballots[0]));
    const tweaked = (change) => {
      const copy = structuredClone(ballot);
      change(copy);
      return utf8(JSON.stringify(copy));
    };
    const bump = (proof) => (proof.response = String((parseScalar(proof.response) + 1n) % Q));
    refuses("signature", () => checkBallot(tweaked((b) => bump(b.signature.proof)), election));
    refuses("signature", () => checkBallot(tweaked((b) => bump(b.answers[0].overall_proof[0])), election));
    refuses("other_election", () => checkBallot(tweaked((b) => (b.election_uuid = "Fm4yKUjwzupD36")), election));
    refuses("identity", () => checkBallot(tweaked((b) => (b.credential = text(IDENTITY))), election));
  });
}

test("single-ed25519: the trustees' keys follow from their private ones, and their proofs hold", () => {
  const { log, election } = open("single-ed25519");
  const trustees = readTrustees(log.setup.trustees);
  assert.ok(trustees.every(verifyPok));
  const keys = readdirSync(join(ROOT, ...DATA, "single-ed25519")).filter((file) => file.endsWith(".privkey"))
    .map((file) => text(base(parseScalar(readJson(...DATA, "single-ed25519", file)))));
  assert.deepEqual(keys.sort(), trustees.map((one) => text(one.key)).sort());
  assert.equal(text(trustees.reduce((product, one) => product.add(one.key), IDENTITY)), text(election.publicKey));
});

test("threshold-ed25519: threshold keys are refused by name where only whole keys are supported", () => {
  const { log } = open("threshold-ed25519");
  refuses("threshold_keys", () => readTrustees(log.setup.trustees));
});
