// Partial decryption: one trustee's factor F = alpha^x for a ciphertext, with two proofs of it. Twin of keys/decryption.py.
//
// Belenios' proof hashes neither alpha nor F into its challenge, so it is made for compatibility and never believed alone;
// the strong proof hashes the whole statement.

import { ciphertextText } from "./elgamal.js";
import {
  G, IDENTITY, base, hashToScalar, power, randomScalar, scalar, secretPower, smallPower, text, writeAll,
} from "./group.js";

/** alpha^x. Spec: DEC-1. */
export const factor = (secret, ct) => secretPower(ct.alpha, secret);

/** Make Belenios' proof that log_g X = log_alpha F. Spec: DEC-2. */
export const proveWeak = (secret, key, phi, ct, rng) => prove(secret, ct, weakPrefix(phi, key), rng);

/** Check Belenios' proof. True proves nothing about F to us. Spec: DEC-2. */
export const verifyWeak = (key, phi, ct, found, proof) => verify(key, ct, found, weakPrefix(phi, key), proof);

/** Prove log_g X = log_alpha F with the whole statement in the challenge. Spec: DEC-3. */
export const proveStrong = (secret, key, place, ct, made, rng) =>
  prove(secret, ct, strongPrefix(place, key, ct, made), rng);

/** Check a proof of proveStrong. Spec: DEC-3. */
export const verifyStrong = (key, place, ct, found, proof) =>
  verify(key, ct, found, strongPrefix(place, key, ct, found), proof);

/** Take all factors off a ciphertext: what remains is g^m. Spec: DEC-4. */
export const openSum = (ct, factors) => factors.reduce((rest, one) => rest.subtract(one), ct.beta);

/** Whether a point is g^m. Spec: DEC-4. */
export const isPowerOfBase = (point, m) => smallPower(m).equals(point);

/** Find m in 0..limit with g^m = point by counting up, or null. Spec: DEC-4. */
export function logarithm(point, limit) {
  let at = IDENTITY;
  for (let m = 0; m <= limit; m++) {
    if (at.equals(point)) return m;
    at = at.add(G);
  }
  return null;
}

const weakPrefix = (phi, key) => `decrypt|${phi}|${text(key)}|`;

/** `place` = {phi, sigma, owner, label, question, answer}: which ciphertext of which closed record; indices from 0. */
function strongPrefix(place, key, ct, found) {
  const where = `${place.phi}|${place.sigma}|${place.owner}|${text(key)}|${place.label}|${place.question},${place.answer}`;
  return `mipiao-decrypt|${where}|${ciphertextText(ct)},${text(found)}|`;
}

function prove(secret, ct, prefix, rng) {
  const nonce = randomScalar(rng);
  const commitments = [base(nonce), secretPower(ct.alpha, nonce)];
  writeAll(commitments);
  const challenge = hashToScalar(prefix + commitments.map(text).join(","));
  return { challenge, response: scalar(nonce - secret * challenge) };
}

function verify(key, ct, found, prefix, proof) {
  const a = base(proof.response).add(power(key, proof.challenge));
  const b = power(ct.alpha, proof.response).add(power(found, proof.challenge));
  writeAll([a, b]);
  return proof.challenge === hashToScalar(`${prefix}${text(a)},${text(b)}`);
}
