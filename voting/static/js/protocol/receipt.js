// The box's receipts: Ed25519 signatures by the manifest's receipt_key. Twin of tally/closing.py's receipts.

import { ed25519 } from "../../vendor/noble-booth.js";
import { fromHex, unb64, utf8 } from "./bytes.js";
import { demand } from "./errors.js";

/** Check an Ed25519 signature (RFC 8032, strict) of a text. `key` is 64 hex digits in RFC 8032's byte order. */
export function verifyEd25519(key, text, signature) {
  if (typeof key !== "string" || !/^[0-9a-f]{64}$/.test(key)) return false;
  let bytes;
  try {
    bytes = unb64(signature, "signature", 64);
  } catch (error) {
    return false;
  }
  return ed25519.verify(bytes, utf8(text), fromHex(key), { zip215: false });
}

/** Check that the box signed for this ballot. Raises Invalid("receipt"). Spec: RECEIPT-1. */
export function checkReceipt(receiptKey, uuid, phi, tracker, receipt) {
  demand(verifyEd25519(receiptKey, `mipiao-receipt|${uuid}|${phi}|${tracker}`, receipt), "receipt", "receipt");
}
