/** The clerk's console: keeps the numbers fresh. It never reloads over something that somebody is typing. */

const page = document.querySelector("[data-console]");
const EVERY = 2000;

let typed = false;
document.addEventListener("input", () => {
  typed = true;
  announce();
});

function show(name, value) {
  if (value === null || value === undefined) return;
  for (const place of document.querySelectorAll(`[data-live="${name}"]`)) place.textContent = value;
}

const whole = (text, most) => (/^[0-9]{1,6}$/.test(text) && Number(text) <= most ? Number(text) : null);

const filled = (words, numbers) => words.replace(/\{([a-z])\}/g, (all, name) => numbers[name]);

/** The button names what pressing it will say in the room: slips handed out = printed less those left in hand. */
function announce() {
  people();
  const button = document.getElementById("announce");
  const form = document.getElementById("counts");
  if (!button || !form) return;
  const printed = Number(form.dataset.printed);
  const left = whole(form.elements.left_in_hand.value, printed);
  if (left === null) return;
  const h = printed - Math.max(left, Number(form.dataset.voided));
  button.textContent = filled(button.dataset.label, { n: h });
  show("announced", h);
  const p = whole(form.elements.present.value, Infinity);
  const note = document.getElementById("unclaimed");
  if (p === null || !note) return;
  const words = h > p ? note.dataset.over : h === p ? note.dataset.all : note.dataset.some;
  note.textContent = filled(words, { p, h, n: p - h });
}

/** 清点: the button names both numbers; two thirds (rounded up) make the meeting valid. */
function people() {
  const button = document.getElementById("counted");
  if (!button) return;
  const fields = document.getElementById("people").elements;
  const e = whole(fields.expected.value, Infinity);
  const p = whole(fields.present.value, Infinity);
  if (!e || !p) return;
  button.textContent = filled(button.dataset.label, { e, p });
  const note = document.getElementById("quorum");
  note.textContent = filled(3 * p >= 2 * e ? note.dataset.good : note.dataset.bad, { e, p, n: Math.ceil((2 * e) / 3) });
}

/** 最近一分钟收回: from what this page has seen while it stood open; nothing of it is stored anywhere. */
const seen = [];

function lastMinute(returned) {
  const place = document.getElementById("minute");
  const now = Date.now();
  seen.push([now, returned]);
  while (now - seen[0][0] > 60000) seen.shift();
  if (!place) return;
  const n = returned - seen[0][1];
  const calm = now - seen[0][0] > 50000 && n <= 3 && place.dataset.calm;
  place.textContent = filled(place.dataset.words, { n }) + (calm || "");
}

/** The last call runs down here as on the projector; at 0 the button for stopping is suggested, and waits. */
let callEnds = null;

function hear(left) {
  callEnds = left === null || left === undefined ? null : Date.now() + left * 1000;
  tick();
}

function tick() {
  const place = document.getElementById("callclock");
  if (!place || callEnds === null) return;
  const left = Math.max(0, Math.ceil((callEnds - Date.now()) / 1000));
  place.textContent = left > 0 ? left + " 秒" : place.dataset.over;
  place.classList.toggle("over", left === 0);
  for (const small of document.querySelectorAll("[data-call]")) small.textContent = left > 0 ? left + " 秒" : "即将收票";
}

/** Stopping is for good. While the call runs and slips are out, the first press asks; one meant for the step before stops nothing. */
const stop = document.getElementById("stop");
let askedAt = null;
const outstanding = () => Number(document.querySelector("[data-live=unreturned]").textContent);
const early = () => callEnds > Date.now() && outstanding() > 0;

function nameStop(n) {
  if (stop) stop.textContent = filled(askedAt && early() ? stop.dataset.early : stop.dataset.label, { n, u: outstanding() });
}

if (stop) {
  stop.form.addEventListener("submit", (event) => {
    if (!early() || (askedAt && Date.now() - askedAt > 1000)) return;
    event.preventDefault();
    event.stopPropagation();
    askedAt = askedAt || Date.now();
    nameStop(0);
  });
}

function changed(now) {
  const { state, step, news, ready, shared } = page.dataset;
  return now.state !== state || (now.step || "") !== step || String(now.news) !== news || String(now.ready) !== ready || String(now.shared) !== shared;
}

async function refresh() {
  try {
    const answer = await fetch(page.dataset.console, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const now = await answer.json();
    if (changed(now)) {
      if (!typed) return location.reload();
      document.getElementById("changed").hidden = false;
    }
    show("returned", now.returned);
    lastMinute(now.returned);
    hear(now.call_left);
    show("handed_out", now.handed_out);
    show("seconds_left", now.seconds_left);
    if (now.handed_out !== null) show("unreturned", now.handed_out - now.returned);
    nameStop(now.returned);
    const close = document.getElementById("close");
    if (close && now.seconds_left !== null) {
      close.disabled = now.seconds_left > 0;
      document.getElementById("wait").hidden = now.seconds_left === 0;
    }
  } catch {
    // no connection: the numbers stand still until the next try
  }
}

// A second press of a step would be refused anyway; the button says at once that it was pressed.
document.addEventListener("submit", (event) => {
  for (const button of event.target.querySelectorAll("button")) setTimeout(() => (button.disabled = true));
});

announce();
const clock = document.getElementById("callclock");
if (clock) hear(Number(clock.dataset.left));
setInterval(tick, 500);
setInterval(refresh, EVERY);
