/** The receipt as a small file: the sealed ballot and the box's signature. No code and no choice is in it. Spec: RECEIPT-2. */

import { encodeReceipt } from "../protocol/receipt.js";

/** A Blob, or null where the browser has none to save or this phone keeps no receipt. */
export function receiptFile(uuid, { ballot, tracker, receipt }) {
  if (!ballot || !receipt || typeof Blob === "undefined" || !window.URL || !window.URL.createObjectURL) return null;
  return new Blob([encodeReceipt({ uuid, ballot, tracker, receipt })], { type: "application/json" });
}
