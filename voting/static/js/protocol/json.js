// Canonical JSON: written in one way only, read strictly. Twin of tally/canonical.py. Spec: JSON-1, JSON-2.

import { fromUtf8, hasLoneSurrogate, utf8 } from "./bytes.js";
import { Invalid, demand } from "./errors.js";
import { parseOrIdentity, parsePoint, parseScalar } from "./group.js";

const MAX_DEPTH = 8;
const MAX_BYTES = 64 * 1024 * 1024;

/** Encode compactly, fields in the order given, UTF-8 raw, controls and 0x7f escaped. Spec: JSON-1. */
export function dumpText(value) {
  const text = JSON.stringify(value);
  if (hasLoneSurrogate(text) || /\\ud[89a-f]/.test(text.replace(/\\\\/g, ""))) throw new Invalid("not_json", "text");
  return text.replace(/\x7f/g, "\\u007f");
}

/** The bytes of dumpText. Spec: JSON-1. */
export const dump = (value) => utf8(dumpText(value));

/**
 * Decode the one canonical encoding. Raises Invalid("too_large", "too_deep", "not_json", "not_canonical").
 * White space, other number forms, other escapes and repeated keys cannot survive being encoded again. Spec: JSON-2.
 */
export function load(bytes, where, maxBytes) {
  demand(bytes.length <= (maxBytes || MAX_BYTES), "too_large", where);
  const text = fromUtf8(bytes, where);
  demandShallow(text, where);
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Invalid("not_json", where);
  }
  demand(dumpText(value) === text, "not_canonical", where);
  return value;
}

function demandShallow(text, where) {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (quoted) {
      if (character === "\\") i += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') {
      quoted = true;
    } else if (character === "[" || character === "{") {
      depth += 1;
      demand(depth <= MAX_DEPTH, "too_deep", where);
    } else if (character === "]" || character === "}") {
      depth -= 1;
    }
  }
}

/** Take an object with just these fields in this order; a name that ends in "?" may be missing. */
export function record(value, where, fields) {
  demand(value !== null && typeof value === "object" && !Array.isArray(value), "malformed", where);
  const found = Object.keys(value);
  let at = 0;
  for (const field of fields) {
    const optional = field.endsWith("?");
    const name = optional ? field.slice(0, -1) : field;
    if (found[at] === name) at += 1;
    else if (!optional) throw new Invalid(name in value ? "not_canonical" : "malformed", where);
  }
  if (at !== found.length) {
    const known = fields.map((field) => field.replace(/\?$/, ""));
    throw new Invalid(found.every((name) => known.indexOf(name) >= 0) ? "not_canonical" : "malformed", where);
  }
  return value;
}

/** Take an array, of `length` items if given. */
export function items(value, where, length) {
  demand(Array.isArray(value) && (length === undefined || value.length === length), "malformed", where);
  return value;
}

/** Take a string. */
export function string(value, where) {
  demand(typeof value === "string", "malformed", where);
  return value;
}

/** Take a JSON integer in a range (true and false are none). */
export function whole(value, where, low, high) {
  const least = low === undefined ? 0 : low;
  demand(Number.isSafeInteger(value) && value >= least && (high === undefined || value <= high), "malformed", where);
  return value;
}

/** Take true or false. */
export function truth(value, where) {
  demand(typeof value === "boolean", "malformed", where);
  return value;
}

/** Take lowercase hex SHA-256. */
export function hexDigest(value, where) {
  demand(typeof value === "string" && /^[0-9a-f]{64}$/.test(value), "malformed", where);
  return value;
}

/** Take a group element other than the identity. */
export const point = (value, where) => parsePoint(string(value, where), where);

/** Take a group element in a field that may hold the identity. */
export const pointOrIdentity = (value, where) => parseOrIdentity(string(value, where), where);

/** Take one challenge and response. */
export function proof(value, where) {
  const fields = record(value, where, ["challenge", "response"]);
  return { challenge: parseScalar(fields.challenge, where), response: parseScalar(fields.response, where) };
}

/** Take an array of challenges and responses, of `length` items. */
export const proofs = (value, where, length) => items(value, where, length).map((one) => proof(one, where));
