/** Typed codes: five fields, checked here, handed to the poll's page through sessionStorage. Nothing is sent. */

import { normaliseCredential } from "../protocol/credential.js";
import { fiveFields, onScan } from "./codes.js";
import { handOver } from "./keep.js";
import { T } from "./words.js";

const form = document.getElementById("door");
const five = document.getElementById("five");
const wrong = document.getElementById("wrong");

function say(text) {
  wrong.textContent = text;
  wrong.hidden = text === "";
  five.className = text === T.codeWrong || text === T.codeShort ? "five bad" : "five";
}

function poll() {
  const chosen = form.querySelector("input[name=poll]:checked, input[name=poll][type=hidden]");
  return chosen ? chosen.value : "";
}

function open({ uuid, code }) {
  fields.clear();
  if (handOver(uuid, code)) window.location.assign("/v/" + uuid);
  // Without storage the fragment carries the code; it reaches no server either.
  else window.location.assign("/v/" + uuid + "#" + code);
}

const fields = fiveFields(Array.from(five.querySelectorAll("input")), { changed: () => say(""), scanned: open });
onScan(open);

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = fields.text();
  if (!poll()) return say(T.choosePoll);
  if (text.length < 20) return say(T.codeShort);
  let code;
  try {
    code = normaliseCredential(text);
  } catch (invalid) {
    return say(T.codeWrong);
  }
  return open({ uuid: poll(), code });
});
