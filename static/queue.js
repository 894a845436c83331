// The queue by keyboard. Every key has its link, button or field; an officer can switch the keys off.
(() => {
  "use strict";
  const table = document.querySelector("[data-queue]");
  if (!table || table.dataset.keyboard === "off") return;
  const rows = [...table.tBodies[0].rows];
  const help = document.getElementById("keys-help");
  const search = document.getElementById("q");
  let at = -1;
  const link = (row) => row.querySelector("a[href*='/cases/']");
  const select = (next) => {
    if (at >= 0) rows[at].removeAttribute("aria-selected");
    at = Math.min(Math.max(next, 0), rows.length - 1);
    rows[at].setAttribute("aria-selected", "true");
    link(rows[at]).focus();
  };
  const open = (place) => { location.href = link(rows[at]).href + place; };
  const claim = () => {
    const form = rows[at].querySelector("form[action$='/claim']");
    if (form) form.requestSubmit();
  };
  const tick = () => {
    const box = rows[at].querySelector("input[type=checkbox]");
    if (box) box.checked = !box.checked;
  };
  const always = {
    j: () => select(at + 1),
    k: () => select(at < 0 ? 0 : at - 1),
    "/": () => { if (search) search.focus(); },
    "?": () => { if (help && !help.open) help.showModal(); },
  };
  const onRow = {
    a: () => open("#decision"),
    r: () => open("#decision"),
    q: () => open("#questions"),
    m: claim,
    x: tick,
  };
  rows.forEach((row, place) => link(row).addEventListener("focus", () => { if (place !== at) select(place); }));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || (help && help.open)) return;
    if (event.target.matches("input:not([type=checkbox]), textarea, select")) return;
    const deed = always[event.key] || (at >= 0 && onRow[event.key]);
    if (!deed) return;
    event.preventDefault();
    deed();
  });
  document.querySelectorAll("[data-keys]").forEach((hint) => { hint.hidden = false; });
  document.querySelectorAll("[data-help]").forEach((button) => button.addEventListener("click", always["?"]));
})();
