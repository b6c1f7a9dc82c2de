/** The booth on a phone, one page: from the scanned code to the tracker. */

import { shortTracker } from "../protocol/ballot.js";
import { normaliseCredential } from "../protocol/credential.js";
import { watch } from "./deliver.js";
import { button, dock, show as put } from "./dom.js";
import { receiptFile } from "./receipt.js";
import { credentialOf, previewed, publicKeyOf } from "./facts.js";
import * as keep from "./keep.js";
import * as states from "./states.js";
import { visit } from "./visit.js";
import { T } from "./words.js";

const app = document.getElementById("app");
const uuid = app.dataset.poll;
const show = (parts) => put(app, parts);
let next = "";

/** The phone: a draft survives a reload, and the address's history holds only which page is shown, so that 返回 works. */
const phone = {
  show,
  save: (kept) => keep.save(uuid, kept),
  forget: () => keep.forget(uuid),
  turned(page, push) {
    window.history[push ? "pushState" : "replaceState"]({ page }, "", window.location.pathname);
  },
  onBack(turn) {
    window.onpopstate = turn && ((event) => turn(event.state && event.state.page !== undefined ? event.state.page : "landing"));
  },
  keptHere: T.waitingNote,
  over: show,
  done(kept) {
    window.history.replaceState(null, "", window.location.pathname);
    done(kept);
  },
  alive: () => true,
  phase: () => undefined,
};

function start() {
  const preview = document.getElementById("preview");
  if (preview) return visit(uuid, {}, phone).fill(previewed(JSON.parse(preview.textContent)));
  // phase is "filling", "sealed" (made, not acknowledged) or "done".
  let kept = keep.load(uuid) || {};
  const scanned = keep.takeCode(uuid);
  let code = kept.code || "";
  if (scanned) {
    try {
      code = normaliseCredential(scanned);
    } catch (invalid) {
      return show(states.noCode(T.wrongCode, T.wrongCodeNote, "credential"));
    }
  }
  if (kept.phase === "sealed") {
    // An earlier ballot goes first; another slip that was scanned meanwhile is not forgotten.
    if (scanned && publicKeyOf(uuid, code) !== credentialOf(kept.ballot)) next = code;
    return visit(uuid, kept, phone).send();
  }
  if (kept.phase === "done") {
    // The same slip scanned again shows its page again; another slip (a shared tablet) begins anew.
    if (!scanned || publicKeyOf(uuid, code) === credentialOf(kept.ballot)) return done(kept);
    kept = {};
  }
  if (!code) return show(states.noCode(T.noCode, T.noCodeNote, ""));
  return open(kept.code === code ? kept : { phase: "filling", code, draft: null });
}

function open(kept) {
  phone.save(kept);
  return visit(uuid, kept, phone).paper();
}

function done(kept) {
  const file = receiptFile(uuid, kept);
  const [parts, say, stamp] = states.done(shortTracker(kept.tracker), file && window.URL.createObjectURL(file));
  const another = () => open({ phase: "filling", code: next, draft: null });
  show(next ? parts.concat([dock(button(T.nextSlip, another))]) : parts);
  watch(uuid, kept.tracker, (listed) => say(listed ? T.listed : T.notListed, !listed), stamp, () => show(states.voided()));
}

// A second scan in the same tab changes only the fragment: the page must take the new code in.
window.addEventListener("hashchange", () => {
  if (window.location.hash) window.location.reload();
});

start();
