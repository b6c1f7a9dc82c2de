// Exponential ElGamal: (g^r, y^r g^m). Sums of ciphertexts are ciphertexts of sums. Twin of keys/elgamal.py.

import { G, IDENTITY, base, fixedBase, text } from "./group.js";

/** Encrypt a flag (0 or 1) with randomness r under the election key. Spec: ELG-1. */
export function encrypt(key, flag, r) {
  // Both sums are made and one is chosen, so that a vote takes the same additions whatever it is.
  const masked = fixedBase(key).to(r);
  const raised = masked.add(G);
  return { alpha: base(r), beta: flag ? raised : masked };
}

/** The ciphertext of a sum. Spec: ELG-2. */
export const add = (a, b) => ({ alpha: a.alpha.add(b.alpha), beta: a.beta.add(b.beta) });

/** What an empty box adds up to. Spec: ELG-2. */
export const NEUTRAL = { alpha: IDENTITY, beta: IDENTITY };

/** `alpha,beta` as it enters hash inputs and is listed. */
export const ciphertextText = (ct) => text(ct.alpha) + "," + text(ct.beta);

/** A ciphertext as JSON has it. */
export const plainCiphertext = (ct) => ({ alpha: text(ct.alpha), beta: text(ct.beta) });
