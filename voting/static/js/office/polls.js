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

/** The button names what pressing it will say in the room: slips handed out = printed less those left in hand. */
function announce() {
  const button = document.getElementById("announce");
  const form = document.getElementById("counts");
  if (!button || !form) return;
  const left = form.elements.left_in_hand.value;
  const printed = Number(form.dataset.printed);
  const sound = /^[0-9]+$/.test(left) && Number(left) <= printed;
  if (!sound) return;
  const handedOut = printed - Math.max(Number(left), Number(form.dataset.voided));
  button.textContent = button.dataset.label.replace("{n}", handedOut);
  show("announced", handedOut);
}

function changed(now) {
  const { state, ready, shared } = page.dataset;
  return now.state !== state || String(now.ready) !== ready || String(now.shared) !== shared;
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
    show("handed_out", now.handed_out);
    show("seconds_left", now.seconds_left);
    if (now.handed_out !== null) show("unreturned", now.handed_out - now.returned);
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
setInterval(refresh, EVERY);
