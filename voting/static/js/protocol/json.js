// Canonical JSON: written in one way only, read strictly. Twin of tally/canonical.py. Spec: JSON-1, JSON-2.

import { fromUtf8, hasLoneSurrogate, utf8 } from "./bytes.js";
import { Invalid, demand } from "./errors.js";
import { parseOrIdentity, parsePoint, parseScalar } from "./group.js";

const MAX_DEPTH = 8;
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_VALUES = 2 ** 20;
const COMMA = 44;
const MAX_DIGITS = 20;
const MAX_COUNT = 2 ** 30 - 1;

/** Encode compactly, fields in the order given, UTF-8 raw, controls and 0x7f escaped. Spec: JSON-1. */
export function dumpText(value) {
  const text = JSON.stringify(value);
  if (hasLoneSurrogate(text) || /\\ud[89a-f]/.test(text.replace(/\\\\/g, ""))) throw new Invalid("not_json", "text");
  return text.replace(/\x7f/g, "\\u007f");
}

/** The bytes of dumpText. Spec: JSON-1. */
export const dump = (value) => utf8(dumpText(value));

/**
 * Read the one canonical encoding: `take` checks fields and types of what was decoded and makes something of it. Then what was
 * read, written again, must be the same bytes. Raises Invalid: too_large, too_deep, not_json, what take() raises,
 * not_canonical, in this order. Spec: JSON-2.
 */
export function read(bytes, where, take, maxBytes) {
  const { text, value } = decode(bytes, where, maxBytes);
  const taken = take(value);
  demand(dumpText(value) === text, "not_canonical", where);
  return taken;
}

/** Decode JSON of ours, in whatever spelling: {text, value}. Raises Invalid("too_large", "too_deep", "not_json"). Spec: JSON-2. */
export function decode(bytes, where, maxBytes) {
  demand(bytes.length <= Math.min(maxBytes || MAX_BYTES, MAX_BYTES), "too_large", where);
  const seen = scan(bytes, where);
  const text = fromUtf8(bytes, where);
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Invalid("not_json", where);
  }
  // JSON.parse keeps the last of two fields of one name, and makes doubles of any number.
  demand(seen.whole && seen.fields === fieldsIn(value), "not_json", where);
  if (/\\u[dD]/.test(text)) dumpText(value);
  return { text, value };
}

const [QUOTE, BACKSLASH, COLON] = [34, 92, 58];
const OPENS = [91, 123];
const CLOSES = [93, 125];
const NOT_WHOLE = [46, 69, 101]; // . E e

/** Look at the bytes outside strings: depth, how many fields there are, whether every number is a whole one of few digits. */
function scan(bytes, where) {
  let [depth, fields, values, digits, quoted, whole] = [0, 0, 0, 0, false, true];
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (quoted) {
      if (byte === BACKSLASH) i += 1;
      else if (byte === QUOTE) quoted = false;
      continue;
    }
    if (digits > 0 && NOT_WHOLE.indexOf(byte) >= 0) whole = false;
    digits = byte >= 48 && byte <= 57 ? digits + 1 : 0;
    if (digits > MAX_DIGITS) whole = false;
    if (byte === QUOTE) quoted = true;
    else if (byte === COLON) fields += 1;
    else if (byte === COMMA) values += 1;
    else if (CLOSES.indexOf(byte) >= 0) depth -= 1;
    else if (OPENS.indexOf(byte) >= 0) {
      depth += 1;
      values += 1;
      demand(depth <= MAX_DEPTH, "too_deep", where);
    }
  }
  demand(values <= MAX_VALUES, "too_large", where);
  return { fields, whole };
}

function fieldsIn(value) {
  if (value === null || typeof value !== "object") return 0;
  const names = Object.keys(value);
  return names.reduce((sum, name) => sum + fieldsIn(value[name]), Array.isArray(value) ? 0 : names.length);
}

const has = (value, name) => Object.prototype.hasOwnProperty.call(value, name);

/**
 * Take an object with just these fields; a name that ends in "?" may be missing. They are put into this order, so that who
 * wrote another one is found out when all is written again.
 */
export function record(value, where, fields) {
  demand(value !== null && typeof value === "object" && !Array.isArray(value), "malformed", where);
  const names = [];
  for (const field of fields) {
    const optional = field.endsWith("?");
    const name = optional ? field.slice(0, -1) : field;
    if (has(value, name)) names.push(name);
    else demand(optional, "malformed", where);
  }
  const found = Object.keys(value);
  demand(found.length === names.length, "malformed", where);
  if (!found.every((name, i) => name === names[i])) {
    for (const name of names) {
      const held = value[name];
      delete value[name];
      value[name] = held;
    }
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

/** Take a JSON integer in a range (true and false are none). Spec: JSON-3. */
export function whole(value, where, low, high) {
  const least = low === undefined ? 0 : low;
  const most = high === undefined ? MAX_COUNT : high;
  demand(Number.isInteger(value) && value >= least && value <= most, "malformed", where);
  return value;
}

/** Take a count or weight, above 2^30 - 1 a string; one beyond doubles comes out near enough to be too large. Spec: JSON-3. */
export function weight(value, where) {
  if (typeof value !== "string") return whole(value, where);
  demand(/^[1-9][0-9]{9,17}$/.test(value) && Number(value) > MAX_COUNT, "malformed", where);
  return Number(value);
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
  const scalarOf = (text) => parseScalar(string(text, where), where);
  return { challenge: scalarOf(fields.challenge), response: scalarOf(fields.response) };
}

/** Take an array of challenges and responses, of `length` items. */
export const proofs = (value, where, length) => items(value, where, length).map((one) => proof(one, where));
