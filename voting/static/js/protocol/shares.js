// Trustees' shares: factors with Belenios' proofs and with strong proofs for the total, with strong proofs only for voter
// groups. Twin of tally/shares.py.

import { factor, proveStrong, proveWeak, verifyStrong, verifyWeak } from "./decryption.js";
import { plainCiphertext } from "./elgamal.js";
import { demand } from "./errors.js";
import { base, isIdentity, plainProof, text, writeAll } from "./group.js";
import { dump, items, pointOrIdentity, proofs, read, record, string, whole } from "./json.js";

/** The record's form of an encrypted tally. Spec: TALLY-2. */
export function encodeTally(sums) {
  writeAll([].concat(...[].concat(...sums).map((ct) => [ct.alpha, ct.beta])));
  return dump(sums.map((row) => row.map(plainCiphertext)));
}

/** Read an encrypted tally. Identities are possible where nobody voted. Raises Invalid. Spec: TALLY-2. */
export const parseTally = (raw, election) => read(raw, "encrypted tally", (value) => {
  const where = "encrypted tally";
  return items(value, where, election.questions.length).map((row, q) =>
    items(row, where, election.questions[q].width).map((one) => {
      const fields = record(one, where, ["alpha", "beta"]);
      return { alpha: pointOrIdentity(fields.alpha, where), beta: pointOrIdentity(fields.beta, where) };
    }));
});

/**
 * Make a trustee's share of the total and of the groups shown, as steps: each next() makes one factor or proof and yields {done, total}; the last
 * returns the share's bytes. The caller has verified the record and owns the sums. Spec: DEC-1 to DEC-3, DEC-6, DEC-8.
 *
 * `closed` = {election, sums, groups, sigma}: of verifyRecord().
 */
export function* shareSteps(closed, owner, secret, rng) {
  const { election, sums, groups, sigma } = closed;
  const key = base(secret);
  const cells = (one) => one.reduce((sum, row) => sum + row.length, 0);
  const progress = { done: 0, total: 3 * cells(sums) + 2 * groups.reduce((sum, group) => sum + cells(group.sums), 0) };

  function* each(those, cellOf) {
    const matrix = [];
    for (let question = 0; question < those.length; question++) {
      matrix.push([]);
      for (let answer = 0; answer < those[question].length; answer++) {
        matrix[question].push(cellOf(those[question][answer], question, answer));
        progress.done += 1;
        yield { done: progress.done, total: progress.total };
      }
    }
    return matrix;
  }
  const factorsOf = (those) => each(those, (ct) => factor(secret, ct));
  const strongOf = (those, made, label) => each(those, (ct, question, answer) => {
    const place = { phi: election.phi, sigma, owner, label, question, answer };
    return plainProof(proveStrong(secret, key, place, ct, made[question][answer], rng));
  });
  const texts = (made) => made.map((row) => row.map(text));

  const made = yield* factorsOf(sums);
  const weak = yield* each(sums, (ct) => plainProof(proveWeak(secret, key, election.phi, ct, rng)));
  const strong = yield* strongOf(sums, made, "total");
  const opened = [];
  for (const group of groups) {
    const mine = yield* factorsOf(group.sums);
    const proved = yield* strongOf(group.sums, mine, groupLabel(group));
    opened.push({ label: group.label, factors: texts(mine), proofs: proved });
  }
  return dump({
    uuid: election.uuid,
    owner,
    sigma,
    partial_decryption: { decryption_factors: texts(made), decryption_proofs: weak },
    strong,
    groups: opened,
  });
}

/** Which sums a strong proof is about, for a group at its place in the manifest. Spec: DEC-8. */
const groupLabel = (group) => `group:${group.index}`;

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
export const parseShare = (raw) => read(raw, "share", takeShare);

function takeShare(value) {
  const where = "share";
  const fields = record(value, where, ["uuid", "owner", "sigma", "partial_decryption", "strong", "groups"]);
  return {
    uuid: string(fields.uuid, where),
    owner: whole(fields.owner, where, 1),
    sigma: string(fields.sigma, where),
    partial: readPartial(fields.partial_decryption),
    strong: readMatrix(fields.strong, where),
    groups: readGroups(fields.groups, where),
  };
}

/** Check all proofs of a share. `trustee` as of readTrustees(). Raises Invalid naming the owner. Spec: DEC-2, DEC-3, DEC-8. */
export function verifyShare(closed, trustee, share) {
  const ours = share.uuid === closed.election.uuid && share.owner === trustee.owner && share.sigma === closed.sigma;
  demand(ours, "decryption_owner", "share", trustee.who);
  verifyPartial(closed.election.phi, closed.sums, trustee, share.partial);
  verifyStrongProofs(closed, trustee, share.partial, share.strong);
  verifyGroups(closed, trustee, share.groups);
}

/** Read the record's form of a partial decryption. Raises Invalid. */
export const parsePartial = (raw) => read(raw, "partial decryption", readPartial);

function readPartial(value) {
  const where = "partial decryption";
  const fields = record(value, where, ["decryption_factors", "decryption_proofs"]);
  return {
    factors: readFactors(fields.decryption_factors, where),
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
  const wrong = firstUnproved(closed, trustee, closed.sums, "total", partial.factors, strong);
  demand(!wrong, "weak_decryption_proof", `total, ${wrong}`, trustee.who);
}

/**
 * Check that just the sums of `closed.groups` are opened, in their order, each with strong proofs. Spec: DEC-8.
 * Raises Invalid("group_withheld", "group_missing", "group_decryption", "malformed") naming group and owner.
 */
export function verifyGroups(closed, trustee, opened) {
  const labels = closed.groups.map((one) => one.label);
  const named = opened.map((one) => one.label);
  named.forEach((label) => demand(labels.indexOf(label) >= 0, "group_withheld", label, trustee.who));
  labels.forEach((label) => demand(named.indexOf(label) >= 0, "group_missing", label, trustee.who));
  demand(named.length === labels.length && labels.every((one, k) => one === named[k]), "malformed", "groups", trustee.who);
  closed.groups.forEach((group, k) => {
    const { factors, proofs: proved } = opened[k];
    const whole = factors.length === group.sums.length && proved.length === group.sums.length;
    demand(whole, "malformed", group.label, trustee.who);
    group.sums.forEach((cts, q) => {
      const where = `${group.label}, question ${q + 1}`;
      demand(cts.length > 0 || factors[q].length === 0, "group_withheld", where, trustee.who);
      demand(cts.length === 0 || factors[q].length > 0, "group_missing", where, trustee.who);
    });
    sameShape(factors, group.sums, trustee);
    sameShape(proved, group.sums, trustee);
    const wrong = firstUnproved(closed, trustee, group.sums, groupLabel(group), factors, proved);
    demand(!wrong, "group_decryption", `${group.label}, ${wrong}`, trustee.who);
  });
}

/** Name the first sum whose strong proof does not hold; null if all do. Spec: DEC-3. */
function firstUnproved(closed, trustee, sums, label, factors, strong) {
  let wrong = null;
  eachCell(sums, (ct, question, answer) => {
    const place = { phi: closed.election.phi, sigma: closed.sigma, owner: trustee.owner, label, question, answer };
    const sound = wrong !== null || verifyStrong(trustee.key, place, ct, factors[question][answer], strong[question][answer]);
    if (!sound) wrong = cell(question, answer);
  });
  return wrong;
}

/** Read `tally.json`: the strong proofs of all owners. Raises Invalid. Spec: DEC-7. */
export const parseStrongTally = (raw) => read(raw, "tally.json", takeStrongTally);

function takeStrongTally(value) {
  const where = "tally.json";
  const fields = record(value, where, ["uuid", "phi", "sigma", "shares"]);
  return {
    uuid: string(fields.uuid, where),
    phi: string(fields.phi, where),
    sigma: string(fields.sigma, where),
    shares: items(fields.shares, where).map((one) => {
      const share = record(one, where, ["owner", "key", "total", "groups"]);
      return {
        owner: whole(share.owner, where, 1),
        key: string(share.key, where),
        total: readMatrix(share.total, where),
        groups: readGroups(share.groups, where),
      };
    }),
  };
}

function readGroups(value, where) {
  const place = `${where}, groups`;
  return items(value, place).map((one) => {
    const fields = record(one, place, ["label", "factors", "proofs"]);
    return {
      label: string(fields.label, place),
      factors: readFactors(fields.factors, place),
      proofs: readMatrix(fields.proofs, place),
    };
  });
}

const readFactors = (value, where) =>
  items(value, where).map((row) => items(row, where).map((one) => pointOrIdentity(one, where)));

const readMatrix = (value, where) => items(value, where).map((row) => proofs(row, where));

const cell = (question, answer) => `question ${question + 1}, answer ${answer + 1}`;

function eachCell(sums, visit) {
  sums.forEach((row, question) => row.forEach((ct, answer) => visit(ct, question, answer)));
}

function sameShape(rows, sums, trustee) {
  const same = rows.length === sums.length && rows.every((row, q) => row.length === sums[q].length);
  demand(same, "malformed", "share", trustee.who);
}
