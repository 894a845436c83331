// The queue by keyboard: j and k move, Enter opens. Everything works without it.
(() => {
  "use strict";
  const table = document.querySelector("[data-queue]");
  if (!table) return;
  const rows = [...table.tBodies[0].rows];
  let at = -1;
  const select = (next) => {
    if (at >= 0) rows[at].removeAttribute("aria-selected");
    at = Math.min(Math.max(next, 0), rows.length - 1);
    rows[at].setAttribute("aria-selected", "true");
    rows[at].querySelector("a").focus();
  };
  rows.forEach((row, place) => row.querySelector("a").addEventListener("focus", () => {
    if (place !== at) select(place);
  }));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
    if (event.key === "j") select(at + 1);
    else if (event.key === "k") select(at < 0 ? 0 : at - 1);
    else return;
    event.preventDefault();
  });
  document.querySelectorAll("[data-keys]").forEach((hint) => { hint.hidden = false; });
})();
