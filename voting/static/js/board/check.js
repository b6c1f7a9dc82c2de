/**
 * Looks for a typed 查验码 in the list that stands on the page, and judges a receipt file: the server learns nothing of
 * either question.
 */

import { shortTracker } from "../protocol/ballot.js";
import { checkReceipt, parseReceipt } from "../protocol/receipt.js";

const form = document.getElementById("check");
const field = document.getElementById("code");
const verdict = document.getElementById("verdict");
const listed = new Set(Array.from(document.querySelectorAll("#list li")).map((item) => plain(item.textContent)));

/** Capitals without gaps; O, I and L as the digits they stand for. */
function plain(text) {
  return text.toUpperCase().replace(/[^0-9A-Z]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const code = plain(field.value);
  const found = listed.has(code);
  verdict.hidden = false;
  verdict.className = found ? "note" : "note warn";
  if (code.length !== 8) verdict.textContent = "查验码是 8 位，请再看一遍。";
  else verdict.textContent = found ? "在列：这张票在票箱内。" : "不在列。请核对后马上举手，并出示手机上的查验码。";
});

const receipts = document.getElementById("receipts");
const file = document.getElementById("receipt");
const judged = document.getElementById("judged");

/** The sentence for a receipt's bytes, and whether all is well. */
function judge(bytes) {
  let kept;
  try {
    kept = parseReceipt(bytes);
  } catch (invalid) {
    if (invalid.code === "receipt") return ["回执里的票与查验码不符，回执不成立。", false];
    return ["读不出回执。请选手机上保存的回执文件。", false];
  }
  const { poll, phi, key } = receipts.dataset;
  if (kept.uuid !== poll) return ["这份回执属于另一次投票。", false];
  try {
    checkReceipt(key, poll, phi, kept.tracker, kept.receipt);
  } catch (invalid) {
    return ["回执不成立：不是这个票箱签发的。", false];
  }
  if (listed.has(plain(shortTracker(kept.tracker)))) return ["在列：回执成立，这张票在票箱内。", true];
  return ["回执成立，但这张票不在列。请马上举手，把回执文件交监票人补入。", false];
}

file.addEventListener("change", async () => {
  if (!file.files[0]) return;
  const [sentence, good] = judge(new Uint8Array(await new Response(file.files[0]).arrayBuffer()));
  judged.hidden = false;
  judged.className = good ? "note" : "note warn";
  judged.textContent = sentence;
});
