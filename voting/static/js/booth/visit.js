/**
 * One slip's way from the ballot paper to the tracker, on a phone and on a tablet alike. Every step ends in an acknowledged
 * success or a code. What differs between the two stands in `stage`:
 *
 * show(parts), save(kept), forget(): the page, and what is kept (a tablet keeps nothing);
 * turned(page, push): the page of the filling that is shown, for the history; onBack(page => …) or onBack(null);
 * over(parts, hold): a page that ends the visit, `hold` if officials must see it; done(kept): the ballot is in the box;
 * keptHere: the sentence that says where a sealed ballot is while the network is lost;
 * alive(): false once the visit was given up; phase(name): "paper", "filling", "sealed" or "over".
 */

import { usable, vectors } from "./choices.js";
import { deliver, fetchPaper, isVoid, opened } from "./deliver.js";
import { pollTitle } from "./dom.js";
import { begin } from "./encrypt.js";
import { verified } from "./facts.js";
import * as filling from "./filling.js";
import * as person from "./person.js";
import { byPerson, sheets } from "./sheets.js";
import * as states from "./states.js";
import { whenBack } from "./wake.js";
import * as wire from "./wire.js";
import { shortTracker } from "../protocol/ballot.js";
import { T } from "./words.js";

// After so long away (ms) a person who fills in is told at once if the poll has ended meanwhile.
const AWAY = 30000;

export function visit(uuid, kept, stage) {
  let making = null; // what encrypts while the person fills in
  let stopWatching = null;

  const save = () => stage.save(kept);

  function end() {
    if (making !== null) making.end();
    if (stopWatching !== null) stopWatching();
    making = null;
    stopWatching = null;
  }

  function over(parts, hold) {
    end();
    stage.phase("over");
    stage.over(parts, hold);
  }

  function forget() {
    kept = {};
    stage.forget();
  }

  /** Fetch and check the ballot paper; before the opening, wait for it. */
  async function paper() {
    stage.phase("paper");
    stage.show(states.opening());
    const answer = await fetchPaper(uuid, stage.show, stage.alive);
    if (answer === null || !stage.alive()) return undefined;
    const { status, body } = answer;
    if (status === 409 && body.error === "not_yet") {
      stage.show(states.early(pollTitle()));
      await opened(uuid, stage.alive);
      return stage.alive() ? paper() : undefined;
    }
    if (status === 409 && body.error === "closed") return closed(false);
    if (status !== 200) return over(states.stopped(T.untrue, body.zh || T.untrueNote, body.error || String(status)));
    let facts;
    try {
      facts = verified(body, uuid, kept.code);
    } catch (invalid) {
      const code = invalid.code || "malformed";
      if (code !== "unknown_credential") return over(states.stopped(T.untrue, T.untrueNote, code));
      forget();
      return over(states.stopped(T.foreignSlip, T.foreignSlipNote, code));
    }
    making = begin({ election: facts.election, uuid, code: kept.code });
    stopWatching = whenBack(AWAY, endedMeanwhile);
    return fill(facts);
  }

  /** The person comes back to the page after minutes: nobody fills in a ballot that no box takes any more. */
  async function endedMeanwhile() {
    try {
      const { status, body } = await wire.state(uuid);
      const gone = status === 200 && ["closing", "closed", "tallied", "void"].indexOf(body.state) >= 0;
      if (gone && making !== null && stage.alive()) await closed(false);
    } catch (unreachable) {
      /* told when it is sent */
    }
  }

  /** The pages before 提交. */
  function fill(facts) {
    stage.phase("filling");
    const draft = usable(kept.draft, facts.questions);
    const pages = sheets(facts.kind, facts.questions);
    if (!kept.left) kept.left = [];
    const started = kept.page !== undefined && kept.page !== "landing";
    const all = { facts, pages, draft, left: kept.left, reviewed: kept.reviewed === true };

    function changed() {
      kept.draft = draft;
      if (facts.preview) return;
      save();
      making.want(vectors(facts.questions, draft));
    }

    function page(name) {
      if (typeof kept.page === "number" && kept.page !== name) kept.left[kept.page] = true;
      kept.page = name;
      if (name === "review") kept.reviewed = all.reviewed = true;
      changed();
      if (name === "review") return stage.show(review());
      if (typeof name !== "number" || !pages[name]) return stage.show(filling.landing(facts, pages, started, () => go(0)));
      return stage.show(byPerson(pages) ? person.person(all, name, changed, go) : filling.question(all, name, changed, go));
    }

    function review() {
      const send = filling.sendButton(facts, draft, () => submit(facts, draft));
      return byPerson(pages) ? person.grid(all, go, send) : filling.review(all, go, send);
    }

    function go(name) {
      const wanted = name === -1 ? "landing" : name;
      stage.turned(wanted, true);
      page(wanted);
    }

    stage.onBack(page);
    const first = kept.page === undefined ? "landing" : kept.page;
    stage.turned(first, false);
    page(first);
  }

  async function submit(facts, draft) {
    stage.onBack(null);
    const [parts, progress] = states.encrypting();
    stage.show(parts);
    stage.phase("sealed");
    let made;
    try {
      made = await making.seal(vectors(facts.questions, draft), progress);
    } catch (failed) {
      kept.page = "review";
      save();
      const again = () => {
        making.end();
        making = begin({ election: facts.election, uuid, code: kept.code });
        fill(facts);
      };
      stage.phase("filling");
      return stage.show(states.stopped(T.worker, T.workerNote, "encryption", [T.again, again]));
    }
    end();
    // Kept before it is sent: a lost answer or a reload sends these very bytes again, never a second ballot.
    kept = Object.assign({}, kept, {
      phase: "sealed",
      ballot: made.ballot,
      tracker: made.tracker,
      phi: facts.phi,
      receiptKey: facts.receiptKey,
    });
    save();
    return send();
  }

  async function send() {
    stage.phase("sealed");
    const ended = await deliver(uuid, kept, stage.show, stage.keptHere);
    if (ended.end === "done") {
      // From here on neither code nor choices are on this device.
      kept = { phase: "done", ballot: kept.ballot, tracker: ended.tracker, receipt: ended.receipt, phi: kept.phi };
      save();
      stage.phase("over");
      return stage.done(kept);
    }
    if (ended.end === "used") {
      forget();
      return over(states.used(ended.tracker && shortTracker(ended.tracker)));
    }
    if (ended.end === "closed") return closed(true);
    if (ended.end === "receipt") return over(states.stopped(T.badReceipt, T.badReceiptNote, "receipt"), true);
    if (ended.code === "slip_voided") {
      forget();
      return over(states.stopped(T.slipVoided, T.slipVoidedNote, ended.code));
    }
    // A ballot that the box cannot take is thrown away; the draft stays, and makes a new one.
    kept = { phase: "filling", code: kept.code, draft: kept.draft, left: kept.left, page: "review" };
    save();
    stage.phase("filling");
    const note = ended.sentence || T.failedNote;
    return stage.show(states.stopped(T.failed, note, ended.code, [T.again, paper]));
  }

  async function closed(lost) {
    end();
    stage.onBack(null);
    forget();
    over((await isVoid(uuid)) ? states.voided() : states.closed(lost));
  }

  return { paper, fill, send, closed, end };
}
