/* A page that says how far something has come looks again by itself: parts marked data-live are replaced when they have
   changed. Without JavaScript the reader reloads. The body of the page says how often (data-live-every, in seconds). */
"use strict";
(() => {
  const whole = document.querySelector("[data-live-every]");
  if (!whole) return;
  const pause = Number(whole.dataset.liveEvery) * 1000;
  const look = async () => {
    if (document.hidden) return again();
    try {
      const answer = await fetch(location.href, { credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      document.querySelectorAll("[data-live]").forEach((old) => {
        const made = fresh.getElementById(old.id);
        if (made && made.innerHTML !== old.innerHTML && !old.contains(document.activeElement)) old.replaceChildren(...made.childNodes);
      });
      if (!fresh.querySelector("[data-live-every]")) return;
    } catch {
      // No network for a moment: the next look will tell.
    }
    again();
  };
  const again = () => setTimeout(look, pause);
  again();
})();
