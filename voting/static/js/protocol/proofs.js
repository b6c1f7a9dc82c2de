// The zero-knowledge proofs of a ballot: Schnorr form, response = w - secret * challenge. Twin of keys/proofs.py.
//
// The prover knows the randomness r of its ciphertexts, so every power has base g or the election key y.
// An opened ciphertext is {ct, m, r}; a branch pairs it with the message it is claimed to hold.

import { ciphertextText } from "./elgamal.js";
import { base, fixedBase, hashToScalar, power, randomScalar, scalar, text, writeAll } from "./group.js";

const ZERO = BigInt(0);

/**
 * First half of a disjunctive proof: all commitments, before any hash is taken, so that the caller can write the points
 * of many proofs at once. The true branch makes the same powers as the simulated ones.
 */
function commit(key, branches, rng) {
  const y = fixedBase(key);
  const truth = branches.findIndex((branch) => branch.opened.m === branch.message);
  const nonce = randomScalar(rng);
  const proofs = [];
  const points = [];
  branches.forEach((branch, index) => {
    const simulated = index !== truth;
    const challenge = simulated ? randomScalar(rng) : ZERO;
    const response = simulated ? randomScalar(rng) : nonce;
    // g^response alpha^challenge = g^(response + r challenge); likewise for y, off by g^((m - message) challenge).
    const exponent = response + branch.opened.r * challenge;
    const shift = BigInt(branch.opened.m - branch.message) * challenge;
    points.push(base(exponent), y.to(exponent).add(base(shift)));
    proofs.push({ challenge, response });
  });
  return { branches, truth, nonce, proofs, points };
}

/** Second half: the hash gives the sum of the challenges, and with it the true branch. */
function respond(started, prefix) {
  const { branches, truth, nonce, proofs, points } = started;
  const total = hashToScalar(prefix + pairs(points));
  const challenge = scalar(total - proofs.reduce((sum, proof) => sum + proof.challenge, ZERO));
  proofs[truth] = { challenge, response: scalar(nonce - branches[truth].opened.r * challenge) };
  return proofs;
}

/** Recompute A = g^response alpha^challenge, B = y^response (beta / g^m)^challenge and compare the challenges' sum. */
function verifyAny(key, prefix, branches, proofs) {
  if (proofs.length !== branches.length) return false;
  const y = fixedBase(key);
  const points = [];
  branches.forEach(([ct, message], index) => {
    const { challenge, response } = proofs[index];
    // (beta / g^m)^c = beta^c g^(-m c): the table of beta serves every branch.
    const shift = base(scalar(BigInt(-message) * challenge));
    points.push(base(response).add(power(ct.alpha, challenge)));
    points.push(y.to(response).add(power(ct.beta, challenge)).add(shift));
  });
  writeAll(points);
  const sum = proofs.reduce((total, proof) => total + proof.challenge, ZERO);
  return scalar(sum) === hashToScalar(prefix + pairs(points));
}

const pairs = (points) => points.map((point) => text(point)).join(",");

const bitBranches = (opened) => [0, 1].map((message) => ({ opened, message }));
const sumBranches = (opened, low, high) => messages(low, high).map((message) => ({ opened, message }));

function messages(low, high) {
  const all = [];
  for (let message = low; message <= high; message++) all.push(message);
  return all;
}

/** Begin the proof that one ciphertext holds 0 or 1; finish(context) ends it. Spec: PROOF-1. */
export function startBit(key, opened, rng) {
  return deferred(commit(key, bitBranches(opened), rng), (s0) => `prove|${s0}|${ciphertextText(opened.ct)}|`);
}

/** Begin the proof that a question's product holds low..high. Spec: PROOF-2. */
export function startSum(key, opened, low, high, rng) {
  return deferred(commit(key, sumBranches(opened, low, high), rng), (s) => `prove|${s}|${ciphertextText(opened.ct)}|`);
}

/** Begin the proof that the blank flag or the sum of the answers is 0. Spec: PROOF-3. */
export function startBlankOrEmpty(key, blank, rest, rng) {
  const branches = [{ opened: blank, message: 0 }, { opened: rest, message: 0 }];
  return deferred(commit(key, branches, rng), (s) => `bproof0|${s}|`);
}

/** Begin the proof that the blank flag is 1 or the sum of the answers in low..high. Spec: PROOF-4. */
export function startBlankOrSum(key, blank, rest, low, high, rng) {
  const branches = [{ opened: blank, message: 1 }].concat(sumBranches(rest, low, high));
  return deferred(commit(key, branches, rng), (s) => `bproof1|${s}|`);
}

const deferred = (started, prefix) => ({
  points: started.points,
  finish: (context) => respond(started, prefix(context)),
});

/** Check a proof that one ciphertext holds 0 or 1. Spec: PROOF-1. */
export const verifyBit = (key, s0, ct, proofs) => verifySum(key, s0, ct, 0, 1, proofs);

/** Check a proof that a ciphertext holds low..high. Spec: PROOF-2. */
export function verifySum(key, s, ct, low, high, proofs) {
  const branches = messages(low, high).map((message) => [ct, message]);
  return verifyAny(key, `prove|${s}|${ciphertextText(ct)}|`, branches, proofs);
}

/** Check that the blank flag or the sum is 0. Spec: PROOF-3. */
export const verifyBlankOrEmpty = (key, s, blank, rest, proofs) =>
  verifyAny(key, `bproof0|${s}|`, [[blank, 0], [rest, 0]], proofs);

/** Check that the blank flag is 1 or the sum in low..high. Spec: PROOF-4. */
export function verifyBlankOrSum(key, s, blank, rest, low, high, proofs) {
  const branches = [[blank, 1]].concat(messages(low, high).map((message) => [rest, message]));
  return verifyAny(key, `bproof1|${s}|`, branches, proofs);
}

/** Prove knowledge of a secret key, bound to `prefix`: challenge = H(prefix|A). Spec: PROOF-5. */
export function sign(secret, prefix, rng) {
  const nonce = randomScalar(rng);
  const challenge = hashToScalar(`${prefix}|${text(base(nonce))}`);
  return { challenge, response: scalar(nonce - secret * challenge) };
}

/** Check a proof of `sign` against the public key. Spec: PROOF-5. */
export function verifySigned(key, prefix, proof) {
  const commitment = base(proof.response).add(power(key, proof.challenge));
  return proof.challenge === hashToScalar(`${prefix}|${text(commitment)}`);
}

