// The box's receipts: Ed25519 signatures by the manifest's receipt_key. Twin of tally/closing.py's receipts
// and, for the file that a phone may keep, of tally/receipt.py.

import { ed25519 } from "../../vendor/noble-booth.js";
import { b64Hash, fromHex, hex, unb64, utf8 } from "./bytes.js";
import { demand } from "./errors.js";
import { parsePoint } from "./group.js";
import { dump, read, record, string } from "./json.js";

/** Check an Ed25519 signature (RFC 8032, strict) of a text. `key` is 64 hex digits in RFC 8032's byte order. */
export function verifyEd25519(key, text, signature) {
  let bytes;
  try {
    bytes = unb64(signature, "signature", 64);
  } catch (error) {
    return false;
  }
  // The library's equation is multiplied by eight. Where key and commitment have prime order it holds just as without,
  // so that a phone accepts what libsodium accepts and nothing more.
  if (!isSigningKey(key) || !isSigningKey(hex(bytes.slice(0, 32)))) return false;
  return ed25519.verify(bytes, utf8(text), fromHex(key), { zip215: false });
}

/** Whether this is an Ed25519 public key in hex, of prime order: only such a key signs for one holder alone. */
export function isSigningKey(key) {
  if (typeof key !== "string" || !/^[0-9a-f]{64}$/.test(key)) return false;
  try {
    parsePoint(hex(fromHex(key).reverse()), "key");
  } catch (error) {
    return false;
  }
  return true;
}

/** Check that the box signed for this ballot. Raises Invalid("receipt"). Spec: RECEIPT-1. */
export function checkReceipt(receiptKey, uuid, phi, tracker, receipt) {
  demand(verifyEd25519(receiptKey, `mipiao-receipt|${uuid}|${phi}|${tracker}`, receipt), "receipt", "receipt");
}

const FIELDS = ["uuid", "ballot", "tracker", "receipt"];

/** The bytes of the file that a phone may keep; `ballot` is the ballot's bytes as a text. Spec: RECEIPT-2. */
export const encodeReceipt = ({ uuid, ballot, tracker, receipt }) => dump({ uuid, ballot, tracker, receipt });

/** Read the file; its tracker is that of its ballot, else Invalid("receipt"). checkReceipt() judges it. Spec: RECEIPT-2. */
export function parseReceipt(raw) {
  const where = "receipt";
  const kept = read(raw, where, (value) => {
    const fields = record(value, where, FIELDS);
    FIELDS.forEach((name) => string(fields[name], where));
    return fields;
  });
  demand(b64Hash(utf8(kept.ballot)) === kept.tracker, "receipt", where);
  return kept;
}
