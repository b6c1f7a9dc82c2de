// The trustee's page: one step at a time, each ended by the server's acknowledgement or by a sentence with a code.

import { Api, Refusal, takeToken } from "./api.js";
import { run, Failure } from "./run.js";
import { sentence } from "./sentences.js";

const LOOK_AGAIN = 4000;
const LEAST_PASSPHRASE = 12;

const main = document.getElementById("trustee");
const { uuid, n } = main.dataset;
const at = (id) => document.getElementById(id);
let api = null;
let me = null; // the last state the server told
let saved = null; // the sealed file of this visit: {name, bytes}
let verifying = false;
let busy = false;
let lost = false; // the sentence on the page is about a look that failed

// ---- what the person sees

function show(step) {
  for (const section of main.querySelectorAll("[data-step]")) section.hidden = section.dataset.step !== step;
}

function working(text, done, total) {
  const bar = at("working").querySelector("progress");
  at("working").hidden = !text;
  at("working").querySelector("[data-text]").textContent = text || "";
  bar.hidden = !total;
  if (total) bar.value = done / total;
}

function trouble(error) {
  at("trouble").hidden = !error;
  if (!error) return;
  at("trouble").querySelector("[data-text]").textContent = sentence(error);
  at("trouble").querySelector("[data-code]").textContent = error.code || "internal";
  at("trouble").scrollIntoView({ block: "nearest" });
}

/** Do something with the buttons disabled; whatever goes wrong is shown with its code. */
async function doing(text, work) {
  if (busy) return;
  busy = true;
  trouble(null);
  working(text);
  const buttons = [...main.querySelectorAll("button")].filter((button) => !button.disabled);
  for (const button of buttons) button.disabled = true;
  try {
    await work();
  } catch (error) {
    trouble(error instanceof Refusal || error instanceof Failure ? error : new Failure({ code: "internal" }));
  } finally {
    working(null);
    for (const button of buttons) button.disabled = false;
    busy = false;
  }
}

function list(section, words) {
  section.replaceChildren(
    ...me.trustees.map((one) => {
      const item = document.createElement("li");
      const [who, what] = [document.createElement("span"), document.createElement("span")];
      who.textContent = `${one.role}　${one.name}${one.n === me.n ? "（您）" : ""}`;
      const ready = one[section.dataset.who];
      item.className = ready ? "ok" : "";
      what.className = ready ? "" : "muted";
      what.textContent = words(one, ready);
      item.append(who, what);
      return item;
    }),
  );
}

function render() {
  at("title").textContent = me.title;
  at("me").textContent = ` · ${me.role} ${me.name}`;
  at("rehearsal").hidden = !me.rehearsal;
  document.querySelector("[data-fingerprint]").textContent = me.fingerprint || "";
  for (const section of main.querySelectorAll("[data-who=opened]")) {
    list(section, (one, ready) => (ready ? "已试开" : one.fingerprint ? "待试开" : "尚未生成"));
  }
  for (const section of main.querySelectorAll("[data-who=shared]")) {
    list(section, (one, ready) => (ready ? "已计票" : "等待计票"));
  }
  at("save-again").hidden = !saved;
  show(me.step);
}

async function refresh() {
  me = await api.state();
  render();
  if (me.step === "decrypt") await verifyRecord();
}

// ---- files

function download(file) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([file.bytes], { type: "application/json" }));
  link.download = file.name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

const fileName = () => `mipiao-key-${uuid}-${me.n}.json`;

async function chosen(input) {
  const file = input.files[0];
  if (!file) throw new Failure({ code: "no_file" });
  if (file.size > 65536) throw new Failure({ code: "key_file" });
  return new Uint8Array(await file.arrayBuffer());
}

// ---- the steps

function makeKey(event) {
  event.preventDefault();
  doing("正在生成并加锁，约需几秒……", async () => {
    const passphrase = at("p1").value;
    if ([...passphrase.normalize("NFC")].length < LEAST_PASSPHRASE) throw new Failure({ code: "passphrase_short" });
    if (passphrase !== at("p2").value) throw new Failure({ code: "passphrase_differs" });
    const { selection, name, role } = me;
    const made = await run("make", { uuid, selection, name, role, passphrase }, (done, total) =>
      working("正在生成并加锁……", done, total),
    );
    saved = { name: fileName(), bytes: made.file };
    download(saved);
    working("正在登记公钥……");
    await api.post("/key", made.message);
    at("make").reset();
    await refresh();
  });
}

function reopen(event) {
  event.preventDefault();
  doing("正在打开密钥文件，约需几秒……", async () => {
    const file = await chosen(at("f1"));
    const { selection, key, nonce } = me;
    const input = { file, passphrase: at("p3").value, uuid, selection, key, nonce };
    const proof = await run("reopen", input, (done, total) => working("正在打开密钥文件……", done, total));
    working("正在送出试开的证明……");
    await api.post("/opened", proof);
    at("open").reset();
    saved = null;
    await refresh();
  });
}

function mark(id, state, text, verdict) {
  const item = at(id);
  item.className = state;
  if (text) item.querySelector("[data-text]").textContent = text;
  item.querySelector("[data-verdict]").textContent = verdict;
}

async function verifyRecord() {
  if (verifying || !at("decrypt").hidden) return;
  verifying = true;
  at("again").hidden = true;
  try {
    const files = {};
    for (const [index, name] of me.files.entries()) {
      working("正在取回选举记录……", index, me.files.length);
      files[name] = await api.file(name);
    }
    working("正在本机核验全部选票的签名与证明……");
    const found = await run("check", { files, uuid, key: me.key }, (done, total) =>
      working(`正在本机核验：${done} / ${total} 张票`, done, total),
    );
    mark("check-record", "ok", `${found.ballots} 张票，签名与证明全部有效`, "通过");
    mark("check-sums", "ok", `${opened(found)}；不解开任何一张票`, "符合规则");
    at("decrypt").hidden = false;
  } catch (error) {
    mark("check-record", "no", error instanceof Refusal ? "记录没有取回" : "没有通过", "停止");
    at("again").hidden = false;
    throw error;
  } finally {
    working(null);
    verifying = false;
  }
}

/** Which sums this trustee opens, in words. */
function opened({ groups, merged }) {
  if (groups.length === 0) return "全体合计；不按类别解开";
  const alone = `总计，和 ${groups.length} 个类别的合计（${groups.join("、")}）`;
  return merged > 0 ? `${alone}；其余类别并为一项，不单独解开` : alone;
}

const typedSeal = () => at("s").value.replace(/[\s-]/g, "").toUpperCase();

function ready() {
  const complete = typedSeal().length === 8 && at("f2").files.length && at("p4").value;
  at("decrypt").querySelector("button").disabled = busy || !complete;
}

function decrypt(event) {
  event.preventDefault();
  doing("正在核对封箱印记……", async () => {
    const typed = typedSeal();
    if (!/^[0-9A-F]{8}$/.test(typed)) throw new Failure({ code: "seal_form" });
    if (!(await run("sealed", { typed }))) {
      mark("check-seal", "no", null, "对不上");
      throw new Failure({ code: "seal_mismatch" });
    }
    mark("check-seal", "ok", null, "相符");
    working("正在打开密钥文件……");
    const input = { file: await chosen(at("f2")), passphrase: at("p4").value, typed, uuid, key: me.key };
    const { share, file } = await run("decrypt", input, (done, total) =>
      working("正在打开密钥、解开合计、写回密钥文件……", done, total),
    );
    saved = { name: fileName(), bytes: file };
    download(saved); // before the share leaves, so that no interruption lets the key answer twice
    working("正在送出，等待服务器核对……");
    await api.post("/share", share);
    at("decrypt").reset();
    document.querySelector("[data-journal]").hidden = false;
    await refresh();
  });
}

// ---- start

function listen() {
  at("make").addEventListener("submit", makeKey);
  at("open").addEventListener("submit", reopen);
  at("decrypt").addEventListener("submit", decrypt);
  at("decrypt").addEventListener("input", ready);
  at("save-again").addEventListener("click", () => download(saved));
  at("start-over").addEventListener("click", () => show("key"));
  at("verify-again").addEventListener("click", () => doing("正在取回选举记录……", verifyRecord));
  at("save-journal").addEventListener("click", () => {
    download(saved);
    at("journal-saved").hidden = false;
  });
}

/** Look again while there is something to wait for. A lost connection is shown, and looking goes on. */
async function watch() {
  const waiting = !me || ["wait", "shared"].includes(me.step);
  if (waiting && !busy) {
    try {
      await refresh();
      if (lost) trouble(null);
      lost = false;
    } catch (error) {
      lost = true;
      trouble(error);
    }
  }
  setTimeout(watch, LOOK_AGAIN);
}

// A link pasted into this very tab changes only the fragment: begin anew with it.
window.addEventListener("hashchange", () => location.reload());

const token = takeToken(uuid, n);
listen();
if (token) {
  api = new Api(uuid, n, token);
  await doing("", refresh);
  if (!me) show("stopped");
  setTimeout(watch, LOOK_AGAIN);
} else {
  show("link");
}
