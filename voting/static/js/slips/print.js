// The printed page is the one chance: ask before it is left, until it has been printed.
let printed = false;
document.getElementById("print").addEventListener("click", () => window.print());
window.addEventListener("afterprint", () => {
  printed = true;
});
window.addEventListener("beforeunload", (event) => {
  if (!printed) event.preventDefault();
});
