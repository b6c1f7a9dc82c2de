/** The booth, one page: from the scanned code to the tracker. Every step ends in an acknowledged success or a code. */

import { tracker as trackerOf, shortTracker } from "../protocol/ballot.js";
import { utf8 } from "../protocol/bytes.js";
import { normaliseCredential } from "../protocol/credential.js";
import { usable, vectors } from "./choices.js";
import { deliver, fetchPaper, isVoid, opened, watch } from "./deliver.js";
import { pollTitle, show as put } from "./dom.js";
import { make, warm } from "./encrypt.js";
import { receiptFile } from "./receipt.js";
import { credentialOf, previewed, publicKeyOf, verified } from "./facts.js";
import * as filling from "./filling.js";
import * as keep from "./keep.js";
import * as states from "./states.js";
import { T } from "./words.js";

const app = document.getElementById("app");
const uuid = app.dataset.poll;
const show = (parts, focus) => put(app, parts, focus);

/** What is kept; phase is "filling", "sealed" (made, not acknowledged) or "done". */
let kept = keep.load(uuid) || {};
const save = () => keep.save(uuid, kept);

async function start() {
  const preview = document.getElementById("preview");
  if (preview) {
    kept = {};
    return fill(previewed(JSON.parse(preview.textContent)));
  }
  const scanned = keep.takeCode(uuid);
  let code = kept.code || "";
  if (scanned) {
    try {
      code = normaliseCredential(scanned);
    } catch (invalid) {
      return show(states.noCode(T.wrongCode, T.wrongCodeNote, "credential"));
    }
  }
  if (kept.phase === "sealed") return send();
  if (kept.phase === "done") {
    // The same slip scanned again shows its page again; another slip (a shared tablet) begins anew.
    if (!scanned || publicKeyOf(uuid, code) === credentialOf(kept.ballot)) return done();
    kept = {};
  }
  if (!code) return show(states.noCode(T.noCode, T.noCodeNote, ""));
  if (kept.code !== code) {
    kept = { phase: "filling", code, draft: null };
    save();
  }
  return paper();
}

/** Fetch and check the ballot paper; before the opening, wait for it. */
async function paper() {
  show(states.opening());
  const { status, body } = await fetchPaper(uuid, show);
  if (status === 409 && body.error === "not_yet") {
    show(states.early(pollTitle()));
    await opened(uuid);
    return paper();
  }
  if (status === 409 && body.error === "closed") return closed(false);
  if (status !== 200) return show(states.stopped(T.untrue, body.zh || T.untrueNote, body.error || String(status)));
  let facts;
  try {
    facts = verified(body, uuid, kept.code);
  } catch (invalid) {
    const code = invalid.code || "malformed";
    if (code !== "unknown_credential") return show(states.stopped(T.untrue, T.untrueNote, code));
    keep.forget(uuid);
    return show(states.stopped(T.foreignSlip, T.foreignSlipNote, code));
  }
  warm(facts.election);
  return fill(facts);
}

/** The pages before 提交. The address's history holds only which page is shown, so that 返回 of the phone works. */
function fill(facts) {
  const draft = usable(kept.draft, facts.questions);
  const changed = () => {
    kept.draft = draft;
    if (!facts.preview) save();
  };
  const started = kept.page !== undefined && kept.page !== "landing";

  function page(name) {
    kept.page = name;
    changed();
    if (name === "review") return show(filling.review(facts, draft, go, () => submit(facts, draft)));
    if (typeof name === "number" && facts.questions[name]) {
      return show(filling.question(facts, name, draft, changed, go));
    }
    return show(filling.landing(facts, started, () => go(0)));
  }

  function go(name) {
    const wanted = name === -1 ? "landing" : name;
    window.history.pushState({ page: wanted }, "", window.location.pathname);
    page(wanted);
  }

  window.onpopstate = (event) => page(event.state && event.state.page !== undefined ? event.state.page : "landing");
  const first = kept.page === undefined ? "landing" : kept.page;
  window.history.replaceState({ page: first }, "", window.location.pathname);
  page(first);
}

async function submit(facts, draft) {
  window.onpopstate = null;
  const [parts, progress] = states.encrypting();
  show(parts);
  let made;
  try {
    const job = { election: facts.election, uuid, code: kept.code, choices: vectors(facts.questions, draft) };
    made = await make(job, progress);
  } catch (failed) {
    kept.page = "review";
    save();
    return show(states.stopped(T.worker, T.workerNote, "encryption", [T.again, () => fill(facts)]));
  }
  // Kept before it is sent: a lost answer or a reload sends these very bytes again, never a second ballot.
  kept = Object.assign({}, kept, {
    phase: "sealed",
    ballot: made.ballot,
    tracker: trackerOf(utf8(made.ballot)),
    phi: facts.phi,
    receiptKey: facts.receiptKey,
  });
  save();
  return send();
}

async function send() {
  const ended = await deliver(uuid, kept, show);
  if (ended.end === "done") {
    // From here on neither code nor choices are on this phone.
    kept = { phase: "done", ballot: kept.ballot, tracker: ended.tracker, receipt: ended.receipt, phi: kept.phi };
    save();
    window.history.replaceState(null, "", window.location.pathname);
    return done();
  }
  if (ended.end === "used") {
    keep.forget(uuid);
    return show(states.used(ended.tracker && shortTracker(ended.tracker)));
  }
  if (ended.end === "closed") return closed(true);
  if (ended.end === "receipt") return show(states.stopped(T.badReceipt, T.badReceiptNote, "receipt"));
  if (ended.code === "slip_voided") {
    keep.forget(uuid);
    return show(states.stopped(T.slipVoided, T.slipVoidedNote, ended.code));
  }
  // A ballot that the box cannot take is thrown away; the draft stays, and makes a new one.
  kept = { phase: "filling", code: kept.code, draft: kept.draft, page: "review" };
  save();
  const note = ended.sentence || T.failedNote;
  return show(states.stopped(T.failed, note, ended.code, [T.again, paper]));
}

function done() {
  const file = receiptFile(uuid, kept);
  const [parts, say, stamp] = states.done(shortTracker(kept.tracker), file && window.URL.createObjectURL(file));
  show(parts);
  watch(uuid, kept.tracker, (listed) => say(listed ? T.listed : T.notListed, !listed), stamp, () => show(states.voided()));
}

async function closed(lost) {
  kept = {};
  keep.forget(uuid);
  show((await isVoid(uuid)) ? states.voided() : states.closed(lost));
}

// A second scan in the same tab changes only the fragment: the page must take the new code in.
window.addEventListener("hashchange", () => {
  if (window.location.hash) window.location.reload();
});


start();
