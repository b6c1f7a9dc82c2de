// The trustee's calls. The token comes from the link's fragment, goes into sessionStorage and from there only into a header.

/** A refusal by the server or a failed call: the code that a person reads out, and the sentence. */
export class Refusal extends Error {
  constructor(code, sentence) {
    super(code);
    this.code = code;
    this.sentence = sentence;
  }
}

/** Take the token out of the address bar; returns null when there is none, now or earlier in this tab. */
export function takeToken(uuid, n) {
  const kept = `mipiao-trustee|${uuid}|${n}`;
  const fragment = location.hash.slice(1);
  if (fragment) {
    sessionStorage.setItem(kept, fragment);
    history.replaceState(null, "", location.pathname);
  }
  return sessionStorage.getItem(kept);
}

/** Calls below `/trustee/<uuid>/<n>`. Throws Refusal; a lost connection is one too. */
export class Api {
  constructor(uuid, n, token) {
    this.root = `/trustee/${encodeURIComponent(uuid)}/${n}`;
    this.token = token;
  }

  async state() {
    return (await this.call("/state")).json();
  }

  /** Send an object, or bytes as they are. */
  async post(path, value) {
    const body = value instanceof Uint8Array ? value : JSON.stringify(value);
    return (await this.call(path, { method: "POST", body })).json();
  }

  async file(name) {
    return new Uint8Array(await (await this.call(`/record/${encodeURIComponent(name)}`)).arrayBuffer());
  }

  async call(path, options) {
    const headers = { Authorization: `Bearer ${this.token}`, Accept: "application/json" };
    let answer;
    try {
      answer = await fetch(this.root + path, { ...options, headers, cache: "no-store", credentials: "omit" });
    } catch {
      throw new Refusal("no_connection");
    }
    if (answer.ok) return answer;
    const told = await answer.json().catch(() => ({}));
    throw new Refusal(told.error || `http_${answer.status}`, told.zh && told.zh + (told.detail ? `（${told.detail}）` : ""));
  }
}
