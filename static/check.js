// A file can be dropped on its field; without JavaScript it is chosen.
(() => {
  "use strict";
  document.querySelectorAll("[data-drop]").forEach((zone) => {
    const input = document.getElementById(zone.dataset.drop);
    const words = zone.querySelector("[data-drop-words]");
    if (words) words.hidden = false;
    const over = (yes) => (event) => { event.preventDefault(); zone.classList.toggle("over", yes); };
    zone.addEventListener("dragover", over(true));
    zone.addEventListener("dragleave", over(false));
    zone.addEventListener("drop", (event) => {
      over(false)(event);
      if (event.dataTransfer.files.length) input.files = event.dataTransfer.files;
    });
  });
  // The verdict takes the focus, so that a screen reader starts with it.
  const verdict = document.getElementById("verdict");
  if (verdict) verdict.focus();
})();
