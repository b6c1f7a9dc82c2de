/** Brings a made ballot into the box: the same bytes again and again until the box has answered. */

import { checkReceipt } from "../protocol/receipt.js";
import { pollTitle } from "./dom.js";
import * as states from "./states.js";
import { sleep } from "./wake.js";
import * as wire from "./wire.js";

/**
 * Send until acknowledged. `kept` has ballot, tracker, phi, receiptKey; `show(parts)` puts a page up; `keptHere`: the
 * sentence that says where the sealed ballot is meanwhile.
 * Resolves to {end: "done"|"used"|"closed"|"refused"|"receipt", tracker?, receipt?, code?, sentence?}; never rejects.
 */
export async function deliver(uuid, kept, show, keptHere) {
  for (let attempt = 1; ; attempt++) {
    show(states.sending());
    let answer = null;
    try {
      answer = await wire.cast(uuid, kept.ballot);
    } catch (unreachable) {
      await pause(wire.patience(attempt), show, (retry) => states.waiting(retry, keptHere));
      continue;
    }
    if (answer.status === 409 && answer.body.error === "not_yet") {
      show(states.early(pollTitle()));
      await opened(uuid);
      attempt = 0;
      continue;
    }
    return judged(uuid, kept, answer);
  }
}

function judged(uuid, kept, { status, body }) {
  if (status === 200 || status === 201) {
    const sound = body.tracker === kept.tracker && signed(uuid, kept, body);
    return sound ? { end: "done", tracker: body.tracker, receipt: body.receipt } : { end: "receipt" };
  }
  if (body.error === "credential_used") {
    return { end: "used", tracker: body.tracker && signed(uuid, kept, body) ? body.tracker : "" };
  }
  if (body.error === "closed") return { end: "closed" };
  return { end: "refused", code: body.error || String(status), sentence: body.zh || "" };
}

function signed(uuid, kept, body) {
  try {
    checkReceipt(kept.receiptKey, uuid, kept.phi, body.tracker, body.receipt);
    return true;
  } catch (invalid) {
    return false;
  }
}

/** The waiting page for so many seconds; a tap, the network's return or the phone's awakening ends the wait. */
function pause(seconds, show, page = states.waiting) {
  return new Promise((resolve) => {
    let left = seconds;
    const finish = () => {
      clearInterval(timer);
      window.removeEventListener("online", finish);
      document.removeEventListener("visibilitychange", woken);
      resolve();
    };
    const woken = () => {
      if (!document.hidden) finish();
    };
    const [parts, update] = page(finish);
    const timer = setInterval(() => {
      left -= 1;
      if (left <= 0) finish();
      else update(left);
    }, 1000);
    window.addEventListener("online", finish);
    document.addEventListener("visibilitychange", woken);
    show(parts);
    update(left);
  });
}

const always = () => true;

/** Resolves when the poll is no longer before its opening, or when `alive` says no more; asks softly. */
export async function opened(uuid, alive = always) {
  while (alive()) {
    await sleep(3000 + 3000 * Math.random());
    if (!alive()) return;
    try {
      const { status, body } = await wire.state(uuid);
      if (status !== 200 || ["draft", "keyed", "issued"].indexOf(body.state) < 0) return;
    } catch (unreachable) {
      /* asked again soon */
    }
  }
}

/** Fetch the ballot paper until something answers. Returns {status, body}; null once `alive` says no more. */
export async function fetchPaper(uuid, show, alive = always) {
  for (let attempt = 1; alive(); attempt++) {
    try {
      return await wire.description(uuid);
    } catch (unreachable) {
      if (alive()) await pause(wire.patience(attempt), show, states.unreachable);
    }
  }
  return null;
}

/** Whether the poll was declared void; not known is no. */
export async function isVoid(uuid) {
  try {
    return (await wire.state(uuid)).body.state === "void";
  } catch (unreachable) {
    return false;
  }
}

/** After the vote: look softly until casting has stopped, then whether the tracker is listed. say(listed), stamp(seal), gone(). */
export async function watch(uuid, tracker, say, stamp, gone) {
  let listed = false;
  for (let round = 0; round < 2000; round++) {
    try {
      const { status, body } = await wire.state(uuid);
      if (status === 200 && body.state === "void") gone();
      if (status !== 200 || body.state === "void") return;
      if (["closing", "closed"].indexOf(body.state) >= 0 && !listed) {
        const list = await wire.trackers(uuid);
        if (list.status === 200) {
          listed = list.body.trackers.indexOf(tracker) >= 0;
          say(listed);
        }
      }
      if (body.closing_seal) stamp(body.closing_seal);
      if (body.state === "closed" || body.state === "tallied") return;
    } catch (unreachable) {
      /* looked at again later */
    }
    await sleep(15000 + 10000 * Math.random());
  }
}

