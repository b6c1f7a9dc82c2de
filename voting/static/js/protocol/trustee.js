// A trustee that holds a whole key: making it, proving it, and the record's list of trustees. Twin of keys/trustee.py.

import { Invalid, demand } from "./errors.js";
import { IDENTITY, NAME, base, plainProof, randomScalar, text } from "./group.js";
import { items, point, proof, read, record, string } from "./json.js";
import { sign, verifySigned } from "./proofs.js";

const MAX_TRUSTEES = 100;
const UNFIT = /\||(?! )[\p{C}\p{Z}]/u;

const pokPrefix = (key) => `pok|${NAME}|${text(key)}`;

const possessionPrefix = (holder, key) => `mipiao-pop|${holder.selection}|${holder.name}|${holder.role}|${text(key)}`;

/** Draw a private key and make its public part {key, pok, name}. Spec: TRUST-1. */
export function generate(name, rng) {
  const secret = randomScalar(rng);
  const key = base(secret);
  return { secret, public: { key, pok: sign(secret, pokPrefix(key), rng), name: name || null } };
}

/** A public key as JSON has it: what a trustee hands in and what the record holds. Spec: TRUST-1. */
export function plainPublicKey(made) {
  const plain = { pok: plainProof(made.pok), public_key: text(made.key) };
  if (made.name !== null) plain.name = made.name;
  return plain;
}

/** Check Belenios' proof of possession; it binds only the key, so it could be copied. Spec: TRUST-2. */
export const verifyPok = (found) => verifySigned(found.key, pokPrefix(found.key), found.pok);

/** Prove that this holder {selection, name, role} has the key. Raises Invalid("trustee"). Spec: TRUST-3. */
export function provePossession(secret, holder, rng) {
  checkHolder(holder);
  return sign(secret, possessionPrefix(holder, base(secret)), rng);
}

/** Check a proof of provePossession. Spec: TRUST-3. */
export function verifyPossession(key, holder, found) {
  checkHolder(holder);
  return verifySigned(key, possessionPrefix(holder, key), found);
}

// The texts are joined by "|", so none of them may hold one; nor anything that a reader cannot see.
function checkHolder(holder) {
  for (const part of [holder.selection, holder.name, holder.role]) {
    demand(typeof part === "string" && part !== "" && !UNFIT.test(part), "trustee", part);
  }
}

/** Read one public key. Raises Invalid. Spec: TRUST-1. */
export function readPublicKey(value, where) {
  const fields = record(value, where, ["pok", "public_key", "name?"]);
  return {
    key: point(fields.public_key, where),
    pok: proof(fields.pok, where),
    name: fields.name === undefined ? null : string(fields.name, where),
  };
}

/**
 * Read and check the trustees of a record: whole keys, pairwise distinct, each with its proof. Raises Invalid naming the
 * trustee; threshold keys are not for this page (`threshold_keys`). Spec: TRUST-2, TRUST-7.
 */
export function readTrustees(raw) {
  const trustees = read(raw, "trustees", takeTrustees);
  const seen = new Set();
  for (const one of trustees) {
    demand(!seen.has(text(one.key)), "trustee_repeated", "trustees", one.who);
    seen.add(text(one.key));
    demand(verifyPok(one), "trustee_pok", "trustees", one.who);
  }
  return trustees;
}

function takeTrustees(value) {
  const list = items(value, "trustees");
  demand(list.length > 0 && list.length <= MAX_TRUSTEES, "malformed", "trustees");
  return list.map((item, index) => {
    const where = `trustees, item ${index + 1}`;
    items(item, where, 2);
    if (item[0] === "Pedersen") throw new Invalid("threshold_keys", where);
    demand(item[0] === "Single", "malformed", where);
    const found = readPublicKey(item[1], where);
    const who = `trustee ${index + 1}` + (found.name ? ` (${found.name})` : "");
    return Object.assign(found, { owner: index + 1, who });
  });
}

/** The election key: the product of all keys. Spec: TRUST-7. */
export const electionKey = (trustees) => trustees.reduce((product, one) => product.add(one.key), IDENTITY);
