/**
 * What the phone keeps of one poll, in sessionStorage: this tab only, gone when it is closed.
 * Until the box has acknowledged: code, draft and, once made, the ballot. Afterwards: ballot and receipt.
 * Where storage is refused (some private modes), memory alone; then a reload starts anew, with the same slip.
 */

const PREFIX = "mipiao:";
const HANDED = "mipiao-code";

function storage() {
  try {
    const probe = PREFIX + "probe";
    window.sessionStorage.setItem(probe, "1");
    window.sessionStorage.removeItem(probe);
    return window.sessionStorage;
  } catch (refused) {
    return null;
  }
}

const store = storage();

export function load(uuid) {
  try {
    return JSON.parse((store && store.getItem(PREFIX + uuid)) || "null");
  } catch (unreadable) {
    return null;
  }
}

export function save(uuid, kept) {
  try {
    if (store) store.setItem(PREFIX + uuid, JSON.stringify(kept));
  } catch (full) {
    /* the page goes on from memory */
  }
}

export function forget(uuid) {
  if (store) store.removeItem(PREFIX + uuid);
}

/** A code typed on /v is handed to the poll's page through sessionStorage; false if that is impossible. */
export function handOver(uuid, code) {
  if (!store) return false;
  store.setItem(HANDED, JSON.stringify({ uuid, code }));
  return true;
}

/** The code in the address or handed over by /v, or ""; taken out of both at once. */
export function takeCode(uuid) {
  const fragment = window.location.hash.slice(1);
  if (fragment) {
    window.history.replaceState(window.history.state, "", window.location.pathname);
    try {
      return decodeURIComponent(fragment);
    } catch (garbled) {
      return fragment;
    }
  }
  let handed = null;
  try {
    handed = JSON.parse((store && store.getItem(HANDED)) || "null");
  } catch (unreadable) {
    handed = null;
  }
  if (!handed || handed.uuid !== uuid) return "";
  store.removeItem(HANDED);
  return handed.code;
}
