/**
 * Last call: a scanned, typed or photographed slip is turned into its public key and a proof that it is void, here.
 * The code goes nowhere: the field has no name, the form is never sent as it stands, and no address carries a code.
 */

import { shortTracker } from "../protocol/ballot.js";
import { credentialKeys, normaliseCredential } from "../protocol/credential.js";
import { dumpText } from "../protocol/json.js";
import { makeVoid } from "../protocol/voids.js";

const form = document.getElementById("voiding");
const slip = document.getElementById("slip");
const reason = document.getElementById("reason");
const said = document.getElementById("said");
const contested = document.getElementById("contested");
const stand = document.getElementById("stand");
const { poll, phi } = form.dataset;
const RETRY = 2000;
const NO_CODE = "没有读出选票代码。请再扫一次，或输入二维码旁的代码。";

/** What waits to be sent, one after the other: a scanner is faster than a network. */
const queue = [];
let busy = false;
let sent = 0;

const names = () => [1, 2].map((n) => document.getElementById(`name_${n}`).value.trim());

function say(text, code, good) {
  said.className = good ? "mb-2" : "refusal mb-2";
  said.textContent = text + (code ? `（提示码 ${code}）` : "");
}

/** The code in what was scanned or typed; a slip of another poll is told apart by its address. */
function codeOf(text) {
  const mark = text.indexOf("#");
  if (mark < 0) return normaliseCredential(text);
  const address = /\/v\/([1-9A-HJ-NP-Za-km-z]+)$/.exec(text.slice(0, mark));
  if (!address || address[1] !== poll) throw new Error("other poll");
  return normaliseCredential(decodeURIComponent(text.slice(mark + 1)));
}

function take(text) {
  if (!names().every((name) => name) || names()[0] === names()[1]) {
    return say("请先写明在场的两位监督人员，姓名不能相同。", "officials_invalid");
  }
  let keys;
  try {
    keys = credentialKeys(poll, codeOf(text));
  } catch (unread) {
    if (unread.message === "other poll") return say("这不是本次投票的选票，没有登记。", "ballot_other_poll");
    return say(NO_CODE, "credential");
  }
  queue.push({ keys, reason: reason.value, tracker: null, officials: names() });
  return next();
}

async function next() {
  if (busy || queue.length === 0 || !contested.hidden) return;
  busy = true;
  const job = queue.shift();
  const made = makeVoid(phi, job.keys, job.reason, job.tracker, job.officials);
  const fields = new URLSearchParams({ voids: dumpText([made]), csrf_token: form.elements.csrf_token.value });
  say("正在登记…", "", true);
  const { answer, repeated } = await delivered(fields);
  busy = false;
  judge(job, answer, repeated);
  next();
}

/** Send until something answers; the same proof again cannot void a second slip. */
async function delivered(fields) {
  for (let repeated = false; ; repeated = true) {
    try {
      const got = await fetch(form.action, { method: "POST", body: fields, headers: { Accept: "application/json" } });
      return { answer: { ok: got.ok, body: await got.json() }, repeated };
    } catch (unreachable) {
      say("网络不通，还没有登记，正在重试。请不要关闭本页。");
      await new Promise((resolve) => setTimeout(resolve, RETRY));
    }
  }
}

function judge(job, { ok, body }, repeated) {
  if (ok) {
    sent += 1;
    return show(body);
  }
  if (body.error === "void_cast" && body.detail && job.tracker === null) return ask(job, body.detail);
  if (repeated && body.error === "already_voided") return location.reload(); // the answer to the first try was lost
  return say(body.zh || "没有登记，请刷新页面再试。", body.error);
}

function show(now) {
  say(`已作废 1 张：${now.these[0]}。本页已登记 ${sent} 张。`, "", true);
  document.querySelector("[data-voids=voided]").textContent = now.voided;
  const rows = document.querySelectorAll("#groups b");
  now.groups.forEach(([, n], place) => (rows[place].textContent = n));
  stand.dataset.left = now.left_in_hand === null ? "" : now.left_in_hand;
  stand.dataset.handed = now.handed_out === null ? "" : now.handed_out;
  compare();
}

/** Whether the teller's 手中剩余 and the slips voided are the same number. */
function compare() {
  const voided = Number(document.querySelector("[data-voids=voided]").textContent);
  const { left, handed } = stand.dataset;
  if (left === "") stand.textContent = "还没有填手中剩余。";
  else if (Number(left) === voided) stand.textContent = `与手中剩余 ${left} 张一致，发出 ${handed} 张。`;
  else if (Number(left) > voided) stand.textContent = `手中剩余 ${left} 张，还有 ${left - voided} 张没有登记；发出 ${handed} 张为暂计。`;
  else stand.textContent = `手中剩余填的是 ${left} 张，登记作废多出 ${voided - left} 张，发出按登记计为 ${handed} 张。请更正剩余数。`;
}

/** A ballot was cast with this slip: it is taken out only if its holder's tracker is the same. */
function ask(job, tracker) {
  said.textContent = "";
  said.className = "mb-2";
  document.getElementById("tracker").textContent = shortTracker(tracker);
  contested.hidden = false;
  document.getElementById("leave").onclick = () => answered();
  document.getElementById("take-out").onclick = () => {
    queue.unshift(Object.assign({}, job, { tracker }));
    answered();
  };
}

function answered() {
  contested.hidden = true;
  slip.focus();
  next();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = slip.value.trim();
  slip.value = "";
  slip.focus();
  if (text) take(text);
});
// Disabled until here: a scanner that was quicker than this script must not send the bare form.
document.getElementById("take").disabled = false;

// A photo is read here, if the browser can; a whole sheet of slips may be on it.
if ("BarcodeDetector" in window) {
  document.getElementById("photo").hidden = false;
  document.getElementById("picture").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    event.target.value = "";
    if (!file) return;
    let found = [];
    try {
      const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
      found = await detector.detect(await createImageBitmap(file));
    } catch (unreadable) {
      found = [];
    }
    if (found.length === 0) say(NO_CODE, "credential");
    found.forEach((one) => take(one.rawValue));
  });
}

compare();
