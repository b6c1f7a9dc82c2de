// The closing statement (封箱) and the seals. Twin of tally/closing.py.

import { digest, hex, hexHash, utf8 } from "./bytes.js";
import { demand } from "./errors.js";
import { dumpText, hexDigest, items, read, record, string, whole } from "./json.js";
import { verifyEd25519 } from "./receipt.js";

export { parseVoids, verifyVoid } from "./voids.js";

const COUNTS = ["expected", "present", "printed", "voided", "handed_out", "returned"];
const FIELDS = [
  "uuid", "phi", "manifest", "head", "ballots", "cast_per_group", "counts", "voids", "groups", "opinions", "signature",
];

/** Hash of no opinions at all. */
export const NO_OPINIONS = hex(digest(utf8("[]")));

/** The first 8 hex digits of a hash as people compare them: two groups of four capitals. Spec: CLOSE-2. */
export const seal = (hash) => `${hash.slice(0, 4)} ${hash.slice(4, 8)}`.toUpperCase();

/** The 8 hex digits that somebody typed from paper, or null: case, spaces and dashes are forgiven. */
export function readSeal(typed) {
  const bare = String(typed).replace(/[\s\-\u2010-\u2015\u2212\uff0d]+/g, "").toUpperCase();
  return /^[0-9A-F]{8}$/.test(bare) ? `${bare.slice(0, 4)} ${bare.slice(4)}` : null;
}

/** Read `closing.json`. Returns its fields with sigma and seal; verifyClosing() checks the signature. Spec: CLOSE-1. */
export const parseClosing = (raw) => read(raw, "closing", (value) => takeClosing(value, raw));

function takeClosing(value, raw) {
  const where = "closing";
  const fields = record(value, where, FIELDS);
  for (const name of ["uuid", "phi", "manifest", "signature"]) string(fields[name], where);
  hexDigest(fields.head, where);
  hexDigest(fields.voids, where);
  whole(fields.ballots, where);
  items(fields.cast_per_group, where).forEach((one) => {
    record(one, where, ["label", "cast"]);
    string(one.label, where);
    whole(one.cast, where);
  });
  record(fields.counts, where, COUNTS);
  COUNTS.forEach((name) => whole(fields.counts[name], where));
  items(fields.groups, where).forEach((one) => string(one, where));
  record(fields.opinions, where, ["count", "hash"]);
  whole(fields.opinions.count, where);
  hexDigest(fields.opinions.hash, where);
  const sigma = hexHash(raw);
  return Object.assign({ sigma, seal: seal(sigma) }, fields);
}

/** Check the receipt key's signature on a parsed statement. Raises Invalid("closing_signature"). Spec: CLOSE-1. */
export function verifyClosing(closing, receiptKey) {
  const statement = {};
  FIELDS.slice(0, -1).forEach((name) => (statement[name] = closing[name]));
  const message = `mipiao-closing|${receiptKey}|${dumpText(statement)}`;
  demand(verifyEd25519(receiptKey, message, closing.signature), "closing_signature", "closing");
}
