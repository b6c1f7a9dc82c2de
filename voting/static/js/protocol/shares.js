// Trustees' shares of the total: factors with Belenios' proofs and with strong proofs. Twin of tally/shares.py.

import { factor, proveStrong, proveWeak, verifyStrong, verifyWeak } from "./decryption.js";
import { plainCiphertext } from "./elgamal.js";
import { demand } from "./errors.js";
import { base, isIdentity, plainProof, text, writeAll } from "./group.js";
import { dump, items, load, pointOrIdentity, proofs, record, string, whole } from "./json.js";

/** The record's form of an encrypted tally. Spec: TALLY-2. */
export function encodeTally(sums) {
  writeAll([].concat(...[].concat(...sums).map((ct) => [ct.alpha, ct.beta])));
  return dump(sums.map((row) => row.map(plainCiphertext)));
}

/**
 * Make a trustee's share of the total, as steps: each next() makes one factor or proof and yields {done, total}; the last
 * returns the share's bytes. The caller has verified the record and owns the sums. Spec: DEC-1 to DEC-3, DEC-6.
 *
 * `closed` = {election, sums, sigma}: of verifyRecord().
 */
export function* shareSteps(closed, owner, secret, rng) {
  const { election, sums, sigma } = closed;
  const key = base(secret);
  const total = 3 * sums.reduce((sum, row) => sum + row.length, 0);
  let done = 0;
  const made = [];
  const weak = [];
  const strong = [];
  const passes = [
    [made, (ct) => factor(secret, ct)],
    [weak, (ct) => plainProof(proveWeak(secret, key, election.phi, ct, rng))],
    [strong, (ct, question, answer) => {
      const place = { phi: election.phi, sigma, owner, label: "total", question, answer };
      return plainProof(proveStrong(secret, key, place, ct, made[question][answer], rng));
    }],
  ];
  for (const [matrix, cellOf] of passes) {
    for (let question = 0; question < sums.length; question++) {
      matrix.push([]);
      for (let answer = 0; answer < sums[question].length; answer++) {
        matrix[question].push(cellOf(sums[question][answer], question, answer));
        done += 1;
        yield { done, total };
      }
    }
  }
  const factors = made.map((row) => row.map(text));
  return dump({
    uuid: election.uuid,
    owner,
    sigma,
    partial_decryption: { decryption_factors: factors, decryption_proofs: weak },
    strong,
  });
}

/** shareSteps() in one go. */
export function makeShare(closed, owner, secret, progress, rng) {
  const steps = shareSteps(closed, owner, secret, rng);
  let step = steps.next();
  while (!step.done) {
    if (progress) progress(step.value.done, step.value.total);
    step = steps.next();
  }
  return step.value;
}

/** Read a share. Raises Invalid. Spec: DEC-6. */
export function parseShare(raw) {
  const where = "share";
  const fields = record(load(raw, where), where, ["uuid", "owner", "sigma", "partial_decryption", "strong"]);
  return {
    uuid: string(fields.uuid, where),
    owner: whole(fields.owner, where, 1),
    sigma: string(fields.sigma, where),
    partial: readPartial(fields.partial_decryption),
    strong: readMatrix(fields.strong, where),
  };
}

/** Check both kinds of proof of a share. `trustee` as of readTrustees(). Raises Invalid naming the owner. Spec: DEC-2, DEC-3. */
export function verifyShare(closed, trustee, share) {
  const ours = share.uuid === closed.election.uuid && share.owner === trustee.owner && share.sigma === closed.sigma;
  demand(ours, "decryption_owner", "share", trustee.who);
  verifyPartial(closed.election.phi, closed.sums, trustee, share.partial);
  verifyStrongProofs(closed, trustee, share.partial, share.strong);
}

/** Read the record's form of a partial decryption. Raises Invalid. */
export const parsePartial = (raw) => readPartial(load(raw, "partial decryption"));

function readPartial(value) {
  const where = "partial decryption";
  const fields = record(value, where, ["decryption_factors", "decryption_proofs"]);
  return {
    factors: items(fields.decryption_factors, where).map((row) =>
      items(row, where).map((one) => pointOrIdentity(one, where)),
    ),
    proofs: readMatrix(fields.decryption_proofs, where),
  };
}

/** Check Belenios' proofs of one partial decryption. Raises Invalid("decryption_proof"). Spec: DEC-2. */
export function verifyPartial(phi, sums, trustee, partial) {
  sameShape(partial.factors, sums, trustee);
  sameShape(partial.proofs, sums, trustee);
  eachCell(sums, (ct, q, i) => {
    const found = partial.factors[q][i];
    const sound = isIdentity(found) === isIdentity(ct.alpha) && verifyWeak(trustee.key, phi, ct, found, partial.proofs[q][i]);
    demand(sound, "decryption_proof", cell(q, i), trustee.who);
  });
}

/** Check strong proofs over a record's own factors. Raises Invalid("weak_decryption_proof"). Spec: DEC-3. */
export function verifyStrongProofs(closed, trustee, partial, strong) {
  sameShape(strong, closed.sums, trustee);
  sameShape(partial.factors, closed.sums, trustee);
  eachCell(closed.sums, (ct, question, answer) => {
    const place = {
      phi: closed.election.phi, sigma: closed.sigma, owner: trustee.owner, label: "total", question, answer,
    };
    const sound = verifyStrong(trustee.key, place, ct, partial.factors[question][answer], strong[question][answer]);
    demand(sound, "weak_decryption_proof", `total, ${cell(question, answer)}`, trustee.who);
  });
}

/** Read `tally.json`: the strong proofs of all owners. Raises Invalid. Spec: DEC-7. */
export function parseStrongTally(raw) {
  const where = "tally.json";
  const fields = record(load(raw, where), where, ["uuid", "phi", "sigma", "shares"]);
  return {
    uuid: string(fields.uuid, where),
    phi: string(fields.phi, where),
    sigma: string(fields.sigma, where),
    shares: items(fields.shares, where).map((value) => {
      const share = record(value, where, ["owner", "key", "total", "groups"]);
      items(share.groups, where, 0);
      return {
        owner: whole(share.owner, where, 1),
        key: string(share.key, where),
        total: readMatrix(share.total, where),
      };
    }),
  };
}

const readMatrix = (value, where) => items(value, where).map((row) => proofs(row, where));

const cell = (question, answer) => `question ${question + 1}, answer ${answer + 1}`;

function eachCell(sums, visit) {
  sums.forEach((row, question) => row.forEach((ct, answer) => visit(ct, question, answer)));
}

function sameShape(rows, sums, trustee) {
  const same = rows.length === sums.length && rows.every((row, q) => row.length === sums[q].length);
  demand(same, "malformed", "share", trustee.who);
}
