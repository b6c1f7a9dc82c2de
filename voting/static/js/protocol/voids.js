// Voided slips: each proved by the slip's own key. Twin of tally/voids.py.

import { demand } from "./errors.js";
import { plainProof, text } from "./group.js";
import { items, load, point, proof, record, string } from "./json.js";
import { sign, verifySigned } from "./proofs.js";

const REASONS = ["leftover", "damaged", "contested", "challenged"];

const boundTo = (phi, reason, tracker, credential) => `mipiao-void|${phi}|${reason}|${tracker || ""}|${text(credential)}`;

/** Void a slip by its keys, as JSON has it; `tracker` names the ballot that was cast with it, or null. Spec: VOID-2. */
export function makeVoid(phi, keys, reason, tracker, officials, rng) {
  const proved = sign(keys.secret, boundTo(phi, reason, tracker, keys.publicKey), rng);
  return { credential: text(keys.publicKey), reason, tracker, officials, proof: plainProof(proved) };
}

/** Read `voids.json`: slips voided before the close, sorted as credentials are. Raises Invalid. Spec: VOID-1. */
export function parseVoids(raw) {
  const where = "voids";
  const order = (key) => key.match(/../g).reverse().join("");
  return items(load(raw, where), where).map((value, index, all) => {
    const fields = record(value, where, ["credential", "reason", "tracker", "officials", "proof"]);
    const officials = items(fields.officials, where, 2).map((one) => string(one, where));
    demand(officials[0] !== officials[1] && REASONS.indexOf(string(fields.reason, where)) >= 0, "voids", where);
    const credential = point(fields.credential, where);
    if (index > 0) {
      const previous = order(all[index - 1].credential);
      demand(previous !== order(fields.credential), "voids", "voids, repeated");
      demand(previous < order(fields.credential), "not_canonical", where);
    }
    return {
      credential,
      reason: fields.reason,
      tracker: fields.tracker === null ? null : string(fields.tracker, where),
      officials,
      proof: proof(fields.proof, where),
    };
  });
}

/** Check that the slip's own key made this void. Raises Invalid("voids") naming the credential. Spec: VOID-2. */
export function verifyVoid(found, phi) {
  const prefix = boundTo(phi, found.reason, found.tracker, found.credential);
  demand(verifySigned(found.credential, prefix, found.proof), "voids", "proof", text(found.credential));
}
