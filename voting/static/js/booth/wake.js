/** A phone sleeps in between: what waits is woken, and whoever comes back after a while is noticed. */

const page = () => (typeof document === "undefined" ? null : document);

/** Resolves after so many milliseconds, or when the page comes to the front again: a sleeping phone's clock stands still. */
export function sleep(ms) {
  return new Promise((resolve) => {
    const here = page();
    const finish = () => {
      clearTimeout(timer);
      if (here !== null) here.removeEventListener("visibilitychange", woken);
      resolve();
    };
    const woken = () => {
      if (!here.hidden) finish();
    };
    const timer = setTimeout(finish, ms);
    if (here !== null) here.addEventListener("visibilitychange", woken);
  });
}

/** Calls back each time the page is in front again after at least `ms` milliseconds away. Returns how to stop that. */
export function whenBack(ms, callback) {
  let since = 0;
  const changed = () => {
    if (document.hidden) since = Date.now();
    else if (since > 0 && Date.now() - since >= ms) callback();
  };
  document.addEventListener("visibilitychange", changed);
  return () => document.removeEventListener("visibilitychange", changed);
}
