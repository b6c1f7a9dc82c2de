/** The test phone: takes the token out of the address, makes a real ballot of the sample, sends it, checks its receipt. */

import { makeBallot } from "../protocol/ballot.js";
import { fromUtf8, utf8 } from "../protocol/bytes.js";
import { credentialKeys, newCredential } from "../protocol/credential.js";
import { parseElection } from "../protocol/election.js";
import { dumpText } from "../protocol/json.js";
import { checkReceipt } from "../protocol/receipt.js";

const app = document.getElementById("app");
const uuid = app.dataset.poll;
const token = decodeURIComponent(location.hash.slice(1));
history.replaceState(null, "", location.pathname);

const put = (step, words) => {
  document.querySelector(`[data-step="${step}"]`).textContent = words;
};

function next(words, warn) {
  const note = document.getElementById("next");
  note.hidden = false;
  note.className = warn ? "note warn" : "note";
  note.textContent = words;
}

class Refused extends Error {}

async function ask(path, options) {
  const headers = { Authorization: "Bearer " + token, "Content-Type": "application/json" };
  const answer = await fetch("/v/check/" + uuid + path, Object.assign({ headers, credentials: "omit", cache: "no-store" }, options));
  const body = await answer.json();
  if (!answer.ok) throw new Refused(body.zh + "（提示码 " + body.error + "）");
  return body;
}

/** The first answer of every question: a blank one stands before it where the ballot has one. */
const choices = (election) =>
  election.questions.map((one) => Array.from({ length: one.width }, (_, place) => (place === (one.blank ? 1 : 0) ? 1 : 0)));

const turn = () => new Promise((resolve) => setTimeout(resolve, 30));

async function run() {
  put("floor", "是");
  const paper = await ask("/paper.json");
  const election = parseElection(utf8(paper.election));
  put("paper", election.questions.length + " 题");
  await turn();
  const began = Date.now();
  const made = makeBallot(election, credentialKeys(election.uuid, newCredential()), choices(election), () => {});
  put("encrypt", ((Date.now() - began) / 1000).toFixed(1) + " 秒");
  await turn();
  const reply = await ask("/ballots", { method: "POST", body: fromUtf8(made.raw, "ballot") });
  if (reply.tracker !== made.tracker) throw new Refused("服务器答的不是这张样票。");
  checkReceipt(paper.receipt_key, election.uuid, election.phi, reply.tracker, reply.receipt);
  const took = Date.now() - began;
  put("send", (took / 1000).toFixed(1) + " 秒");
  const report = { clock: Date.now(), took, tracker: reply.tracker, receipt: reply.receipt };
  const outcome = await ask("/report", { method: "POST", body: dumpText(report) });
  put("clock", "相差 " + outcome.difference + " 秒");
  put("print", outcome.paper ? "一致" : "还没有");
  document.getElementById("say").textContent = outcome.clock ? "这台手机可以投票" : "时钟相差太多";
  if (!outcome.clock) next("手机与服务器的时钟相差一分钟以上。请先校准，再扫一次。", true);
  else if (outcome.paper) next("样张读出，代码一致。工作台上“测试手机”“打印样张”“时钟”已通过。");
  else next("还要从纸面读一次：请打印样张，用这台手机扫样张上的码。");
}

run().catch((error) => {
  document.getElementById("say").textContent = "没有通过";
  const words = error instanceof Refused ? error.message : "没有连上服务器，或这台手机不能加密。请检查网络后再扫一次。";
  for (const place of document.querySelectorAll("[data-step]")) if (place.textContent === "…") place.textContent = "—";
  next(words, true);
});
