/** Looks for a typed 查验码 in the list that stands on the page: the server learns nothing of the question. */

const form = document.getElementById("check");
const field = document.getElementById("code");
const verdict = document.getElementById("verdict");
const listed = new Set(Array.from(document.querySelectorAll("#list li")).map((item) => plain(item.textContent)));

/** Capitals without gaps; O, I and L as the digits they stand for. */
function plain(text) {
  return text.toUpperCase().replace(/[^0-9A-Z]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const code = plain(field.value);
  const found = listed.has(code);
  verdict.hidden = false;
  verdict.className = found ? "note" : "note warn";
  if (code.length !== 8) verdict.textContent = "查验码是 8 位，请再看一遍。";
  else verdict.textContent = found ? "在列：这张票在票箱内。" : "不在列。请核对后马上举手，并出示手机上的查验码。";
});
