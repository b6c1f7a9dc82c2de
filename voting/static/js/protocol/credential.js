// The slip's credential: a string a person can type, and the key pair derived from it. Twin of keys/credential.py.

import { digest, platformRandom, toInteger, utf8 } from "./bytes.js";
import { Invalid } from "./errors.js";
import { Q, base } from "./group.js";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const FOREIGN = /^[1-9A-HJ-NP-Za-km-z]{5}-[1-9A-HJ-NP-Za-km-z]{6}-[1-9A-HJ-NP-Za-km-z]{5}-[1-9A-HJ-NP-Za-km-z]{6}$/;
const GAPS = /[\s\-\u2010-\u2015\u2212\uff0d]+/g;
const RANDOM = 19;
const LENGTH = 20;

const double = (value) => (value & 16 ? (value << 1) ^ 0b100101 : value << 1);

/** The polynomial of the values at x in GF(32) with x^5 = x^2 + 1; 0 for a valid credential. */
const fold = (values) => values.reduce((sum, value) => double(sum) ^ value, 0);

const grouped = (characters) => characters.match(/.{4}/g).join("-");

/** Draw a credential, shown as five groups of four capitals. Spec: CRED-1. */
export function newCredential(rng) {
  const bits = toInteger((rng || platformRandom)(12)) >> BigInt(1);
  const values = [];
  for (let i = 0; i < RANDOM; i++) values.push(Number((bits >> BigInt(5 * i)) & BigInt(31)));
  values.push(double(fold(values)));
  return grouped(values.map((value) => ALPHABET[value]).join(""));
}

/**
 * The credential that somebody typed or scanned, forgiving case, spaces, O/0 and I/L/1. Spec: CRED-2.
 * Raises Invalid("credential") when a character is wrong, missing or swapped.
 */
export function normaliseCredential(typed) {
  if (typeof typed !== "string" || typed.length > 200) throw new Invalid("credential");
  if (FOREIGN.test(typed.trim())) return typed.trim();
  const bare = typed.replace(GAPS, "").toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1");
  const values = Array.from(bare).map((character) => ALPHABET.indexOf(character));
  if (values.length !== LENGTH || values.indexOf(-1) >= 0 || fold(values) !== 0) throw new Invalid("credential");
  return grouped(bare);
}

/** The private key of a credential in one poll. Spec: CRED-3. */
export function credentialSecret(uuid, credential) {
  const half = (n) => toInteger(digest(utf8(`derive_credential|${uuid}|${n}|${credential}`)));
  return ((half(0) << BigInt(256)) | half(1)) % Q;
}

/** Both keys of a credential in one poll. Spec: CRED-3. */
export function credentialKeys(uuid, credential) {
  const secret = credentialSecret(uuid, credential);
  return { secret, publicKey: base(secret) };
}
