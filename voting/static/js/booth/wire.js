/** What goes over the network: five requests, no cookie, no code of a slip ever. */

const PATIENCE = 15000;

/** Nothing came back: no network, no server, or a server that is busy. Trying again is right. */
export class Unreachable extends Error {}

async function ask(path, options) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), PATIENCE);
  try {
    const response = await fetch(
      path,
      Object.assign({ credentials: "omit", cache: "no-store", redirect: "error", signal: controller.signal }, options),
    );
    if (response.status >= 500 || response.status === 429) throw new Unreachable(String(response.status));
    let body = null;
    try {
      body = await response.json();
    } catch (notJson) {
      // a captive portal or a proxy answered, not the box
      throw new Unreachable("not json");
    }
    return { status: response.status, body };
  } catch (error) {
    throw error instanceof Unreachable ? error : new Unreachable(String(error));
  } finally {
    clearTimeout(timer);
  }
}

export const description = (uuid) => ask("/v/" + uuid + "/election.json");

export const state = (uuid) => ask("/v/" + uuid + "/state.json");

export const polls = () => ask("/v/polls.json");

export const trackers = (uuid) => ask("/board/" + uuid + "/trackers.json");

export const cast = (uuid, ballot) =>
  ask("/v/" + uuid + "/ballots", { method: "POST", headers: { "Content-Type": "application/json" }, body: ballot });

/** Seconds to wait before attempt n (from 1): doubling to half a minute, spread so that a hall of phones does not march. */
export function patience(attempt, random = Math.random) {
  const full = Math.min(30, Math.pow(2, attempt));
  return Math.max(1, Math.round(full * (0.6 + 0.4 * random())));
}
