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

function mustReload(now) {
  if (now.state !== body.dataset.state) return true;
  if (body.dataset.page === "empty") return now.returned > 0 || now.handed_out !== null;
  if (body.dataset.page === "voting") return (now.handed_out !== null) !== (document.getElementById("handed_out") !== null);
  return body.dataset.page === "closing" && sealed !== now.closing_seal;
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

follow();
if (body.dataset.page === "closing") list();
