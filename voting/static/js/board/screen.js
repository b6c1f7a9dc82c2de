/** Keeps the projector's page up to date: counts in place, another page by reloading. A poll every two seconds. */

const body = document.body;
const base = "/board/" + body.dataset.poll;
const PER_PAGE = 119;
const PAGE_SECONDS = 12;

const put = (id, value) => {
  const node = document.getElementById(id);
  if (node) node.textContent = value === null ? "—" : String(value);
};

async function ask(path) {
  const response = await fetch(base + path, { credentials: "omit", cache: "no-store" });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

/** Within one page only numbers change; a step that has a page or words of its own brings another page. */
function mustReload(now) {
  if (now.state !== body.dataset.state) return true;
  const page = body.dataset.page;
  if (page === "before" || page === "empty") return (now.step || "") !== body.dataset.step || now.returned > 0;
  if (page === "voting") {
    const empty = now.returned === 0 && (now.step === "box" || now.step === "hand");
    return empty || (now.handed_out !== null) !== (document.getElementById("handed_out") !== null);
  }
  return page === "closing" && sealed !== now.closing_seal;
}

let sealed = null;

function update(now) {
  if (sealed === null) sealed = now.closing_seal;
  if (mustReload(now)) {
    window.location.reload();
    return;
  }
  put("returned", now.returned);
  put("handed_out", now.handed_out);
  put("unreturned", now.handed_out === null ? null : now.handed_out - now.returned);
  const bar = document.getElementById("bar");
  const all = now.handed_out || now.printed || 1;
  if (bar) bar.setAttribute("width", String(Math.min(100, (100 * now.returned) / all)));
  if (now.seconds_left !== null) put("left", clock(now.seconds_left));
  hear(now.call_left);
}

/** The last call: the server's seconds every two seconds, our own in between. It reaches 0 and stays; nothing closes. */
let callEnds = null;

function hear(left) {
  callEnds = left === null || left === undefined ? null : Date.now() + left * 1000;
  tick();
}

function tick() {
  const foot = document.getElementById("call");
  if (!foot) return;
  foot.hidden = callEnds === null;
  document.getElementById("calm").hidden = callEnds !== null;
  if (callEnds === null) return;
  const left = Math.max(0, Math.ceil((callEnds - Date.now()) / 1000));
  document.getElementById("call-left").hidden = left === 0;
  put("call-left", left + " 秒");
  put("call-word", left > 0 ? "最后提醒。" : "即将收票。");
}

const clock = (seconds) => Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");

async function follow() {
  try {
    update(await ask("/count.json"));
  } catch (unreachable) {
    /* the last numbers stay */
  }
  setTimeout(follow, 2000);
}

/** The list of 查验码 in pages that turn by themselves. */
async function list() {
  let codes;
  try {
    codes = (await ask("/trackers.json")).codes;
  } catch (unreachable) {
    setTimeout(list, 2000);
    return;
  }
  const pages = Math.max(1, Math.ceil(codes.length / PER_PAGE));
  const target = document.getElementById("codes");
  target.className = codes.length <= 40 ? "codes few" : "codes";
  let page = 0;
  const turn = () => {
    while (target.firstChild) target.removeChild(target.firstChild);
    codes.slice(page * PER_PAGE, (page + 1) * PER_PAGE).forEach((code) => {
      const item = document.createElement("li");
      item.textContent = code;
      target.appendChild(item);
    });
    const label = document.getElementById("pages");
    label.hidden = pages === 1;
    label.textContent = "第 " + (page + 1) + " / " + pages + " 页";
    page = (page + 1) % pages;
  };
  turn();
  if (pages > 1) setInterval(turn, PAGE_SECONDS * 1000);
}

const foot = document.getElementById("call");
if (foot && foot.dataset.left !== "") hear(Number(foot.dataset.left));
setInterval(tick, 500);
follow();
if (body.dataset.page === "closing") list();
