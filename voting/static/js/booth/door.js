/** Typed codes: five fields, checked here, handed to the poll's page through sessionStorage. Nothing is sent. */

import { normaliseCredential } from "../protocol/credential.js";
import { handOver } from "./keep.js";

const SLIP = /\/v\/([1-9A-HJ-NP-Za-km-z]{14,64})#([0-9A-Za-z-]{20,30})$/;

const WRONG = "有一位对不上。请逐组对照选票再看一遍。";
const SHORT = "代码还不完整，共五组，每组四位。";
const CHOOSE = "请先选一次投票。";

const form = document.getElementById("door");
const five = document.getElementById("five");
const inputs = Array.from(five.querySelectorAll("input"));
const wrong = document.getElementById("wrong");

/** Spread characters over the fields from one field on; the focus follows. */
function spread(from, text) {
  const characters = text.replace(/[\s\-‐-―]/g, "");
  let at = from;
  for (let i = 0; i < characters.length && at < inputs.length; i += 4, at++) {
    inputs[at].value = characters.slice(i, i + 4);
  }
  const next = inputs[Math.min(at, inputs.length - 1)];
  next.focus();
}

function say(text) {
  wrong.textContent = text;
  wrong.hidden = text === "";
  five.className = text === WRONG || text === SHORT ? "five bad" : "five";
}

function poll() {
  const chosen = form.querySelector("input[name=poll]:checked, input[name=poll][type=hidden]");
  return chosen ? chosen.value : "";
}

function open(uuid, code) {
  if (handOver(uuid, code)) window.location.assign("/v/" + uuid);
  // Without storage the fragment carries the code; it reaches no server either.
  else window.location.assign("/v/" + uuid + "#" + code);
}

inputs.forEach((input, at) => {
  input.addEventListener("paste", (event) => {
    const text = (event.clipboardData && event.clipboardData.getData("text")) || "";
    event.preventDefault();
    const slip = SLIP.exec(text.trim());
    if (slip) open(slip[1], slip[2]);
    else spread(text.replace(/[\s-]/g, "").length > 4 ? 0 : at, text);
  });
  input.addEventListener("input", () => {
    say("");
    if (input.value.length >= 4 && at < inputs.length - 1) inputs[at + 1].focus();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Backspace" && input.value === "" && at > 0) inputs[at - 1].focus();
  });
});

// A USB scanner types the slip's whole address and Enter, wherever the focus is.
let typed = "";
document.addEventListener(
  "keydown",
  (event) => {
    if (event.key === "Enter") {
      const slip = SLIP.exec(typed);
      typed = "";
      if (slip) {
        event.preventDefault();
        event.stopPropagation();
        inputs.forEach((input) => (input.value = ""));
        open(slip[1], slip[2]);
      }
    } else if (event.key.length === 1) typed = (typed + event.key).slice(-300);
  },
  true,
);

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = inputs.map((input) => input.value.trim()).join("");
  if (!poll()) return say(CHOOSE);
  if (text.length < 20) return say(SHORT);
  try {
    return open(poll(), normaliseCredential(text));
  } catch (invalid) {
    return say(WRONG);
  }
});
