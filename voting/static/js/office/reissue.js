/** The page for printing slips anew: the button names how many, and is pressed once. */

const form = document.getElementById("reissue");
const button = form.querySelector(".go button");

function name() {
  let slips = 0;
  for (const box of form.querySelectorAll("[name=group]:checked")) slips += Number(box.dataset.printed);
  button.textContent = slips ? button.dataset.label.replace("{n}", slips) : button.dataset.none;
  button.disabled = !slips;
}

form.addEventListener("change", name);
// A second press would be refused as out of date, and its answer would take the place of the slips.
form.addEventListener("submit", () => setTimeout(() => (button.disabled = true)));
// Coming back to a page that was kept: it may be out of date.
window.addEventListener("pageshow", (event) => (event.persisted ? location.reload() : name()));
