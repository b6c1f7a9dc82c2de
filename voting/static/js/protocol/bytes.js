// Bytes, texts, hashes and Base64: the small change of the protocol.

import { sha256 } from "../../vendor/noble-booth.js";
import { Invalid } from "./errors.js";

const ENCODER = new TextEncoder();
const B64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?:^|[^\ud800-\udbff])[\udc00-\udfff]/;

/** Whether a string has half of a surrogate pair, which UTF-8 cannot hold. */
export const hasLoneSurrogate = (text) => LONE.test(text);

/** UTF-8 bytes of a text. */
export const utf8 = (text) => ENCODER.encode(text);

/** The text of UTF-8 bytes. Raises Invalid("not_json"). */
export function fromUtf8(bytes, where) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new Invalid("not_json", where);
  }
}

/** Lowercase hex. */
export function hex(bytes) {
  let out = "";
  for (let i = 0; i < bytes.length; i++) out += (bytes[i] < 16 ? "0" : "") + bytes[i].toString(16);
  return out;
}

/** Bytes of hex digits; the caller has checked their form. */
export function fromHex(text) {
  const out = new Uint8Array(text.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return out;
}

/** Standard Base64 without padding. */
export function b64(bytes) {
  let out = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const n = (bytes[i] << 16) | ((bytes[i + 1] || 0) << 8) | (bytes[i + 2] || 0);
    const digits = B64[n >> 18] + B64[(n >> 12) & 63] + B64[(n >> 6) & 63] + B64[n & 63];
    out += digits.slice(0, Math.min(4, bytes.length - i + 1));
  }
  return out;
}

/** Read canonical Base64 without padding; `length` bytes if given. Raises Invalid("malformed"). */
export function unb64(text, where, length) {
  if (typeof text !== "string" || !/^[A-Za-z0-9+/]*$/.test(text) || text.length % 4 === 1) {
    throw new Invalid("malformed", where);
  }
  const out = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    held = ((held << 6) | B64.indexOf(text[i])) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out[at++] = (held >> bits) & 255;
    }
  }
  // Unused bits must be zero: otherwise one value would have several texts.
  if (held & ((1 << bits) - 1) || (length !== undefined && out.length !== length)) throw new Invalid("malformed", where);
  return out;
}

/** SHA-256 of bytes. */
export const digest = (bytes) => sha256(bytes);

/** b64 SHA-256: election hashes, trackers, signature hashes. */
export const b64Hash = (bytes) => b64(sha256(bytes));

/** Lowercase hex SHA-256: names of data and events. */
export const hexHash = (bytes) => hex(sha256(bytes));

/** The big-endian integer of bytes. */
export const toInteger = (bytes) => BigInt("0x" + (hex(bytes) || "0"));

/** Random bytes from the platform, the only source of randomness in a browser without crypto.subtle. */
export function platformRandom(count) {
  return crypto.getRandomValues(new Uint8Array(count));
}

/** Whether two byte strings are equal. Public data only: the time depends on where they differ. */
export function sameBytes(a, b) {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
