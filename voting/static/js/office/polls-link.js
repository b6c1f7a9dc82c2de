/** Copies a trustee's link, prints a paper: buttons that do nothing without a script stay hidden without one. */

const copy = document.getElementById("copy");
const link = document.getElementById("link");
const print = document.getElementById("print");

if (link) link.addEventListener("focus", () => link.select());

if (copy) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    link.select();
    // navigator.clipboard is absent on plain http addresses
    if (navigator.clipboard) await navigator.clipboard.writeText(link.value);
    else document.execCommand("copy");
    copy.textContent = copy.dataset.done;
  });
}

if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
