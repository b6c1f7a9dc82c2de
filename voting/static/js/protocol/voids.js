// Voided slips: each proved by the slip's own key. Twin of tally/voids.py.

import { unb64 } from "./bytes.js";
import { demand } from "./errors.js";
import { plainProof, text } from "./group.js";
import { items, point, proof, read, record, string } from "./json.js";
import { sign, verifySigned } from "./proofs.js";

const REASONS = ["leftover", "damaged", "contested", "challenged"];
/** Reasons for which a ballot already in the box is taken out; the others are about slips that nobody used. */
const WITH_A_BALLOT = ["contested", "challenged"];

const boundTo = (phi, reason, tracker, credential) => `mipiao-void|${phi}|${reason}|${tracker || ""}|${text(credential)}`;

/** Void a slip by its keys, as JSON has it; `tracker` names the ballot that was cast with it, or null. Spec: VOID-2. */
export function makeVoid(phi, keys, reason, tracker, officials, rng) {
  const proved = sign(keys.secret, boundTo(phi, reason, tracker, keys.publicKey), rng);
  return { credential: text(keys.publicKey), reason, tracker, officials, proof: plainProof(proved) };
}

/** Read `voids.json`: slips voided before the close, sorted as credentials are. Raises Invalid. Spec: VOID-1. */
export const parseVoids = (raw) => read(raw, "voids", takeVoids);

function takeVoids(value) {
  const where = "voids";
  const order = (one) => text(one.credential).match(/../g).reverse().join("");
  const voids = items(value, where).map(takeVoid);
  const keys = voids.map(order);
  demand(new Set(keys).size === keys.length, "voids", "voids, repeated");
  demand(keys.every((key, i) => i === 0 || keys[i - 1] < key), "not_canonical", where);
  return voids;
}

function takeVoid(value) {
  const where = "voids";
  const fields = record(value, where, ["credential", "reason", "tracker", "officials", "proof"]);
  const officials = items(fields.officials, where).map((one) => string(one, where));
  const reason = string(fields.reason, where);
  const tracker = fields.tracker === null ? null : string(fields.tracker, where);
  demand(officials.length === 2 && officials[0] !== officials[1] && REASONS.indexOf(reason) >= 0, "voids", where);
  if (tracker !== null) {
    unb64(tracker, where, 32);
    demand(WITH_A_BALLOT.indexOf(reason) >= 0, "voids", where);
  }
  return {
    credential: point(fields.credential, where),
    reason,
    tracker,
    officials,
    proof: proof(fields.proof, where),
  };
}

/** Check that the slip's own key made this void. Raises Invalid("voids") naming the credential. Spec: VOID-2. */
export function verifyVoid(found, phi) {
  const prefix = boundTo(phi, found.reason, found.tracker, found.credential);
  demand(verifySigned(found.credential, prefix, found.proof), "voids", "proof", text(found.credential));
}
