// The pages of verification keep themselves for a time without network; a QR code with signed facts is pointed at.
(() => {
  "use strict";
  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register("/verify/worker.js", { scope: "/verify/" }).then(() => navigator.serviceWorker.ready)
      .then((ready) => { if (navigator.onLine && ready.active) ready.active.postMessage("refresh"); })
      .catch(() => {}); // a window of privacy keeps nothing: everything works with network all the same
  }
  const told = document.querySelector("[data-claims]");
  if (told && location.hash.startsWith("#c=")) {
    told.hidden = false;
    const code = location.pathname.split("/").pop();
    told.querySelector("a").href = `${told.dataset.page}?code=${encodeURIComponent(code)}${location.hash}`;
  }
})();
