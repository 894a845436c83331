// While a case is open on the screen, the others of the agency are told so, and so is this officer of them.
(() => {
  "use strict";
  const told = document.querySelector("[data-looking]");
  if (!told) return;
  const body = new URLSearchParams({ csrf_token: told.dataset.token });
  const say = async () => {
    if (!document.hidden) {
      try {
        const answer = await fetch(told.dataset.looking, { method: "POST", body, credentials: "same-origin" });
        if (!answer.ok || answer.redirected) return;
        const others = (await answer.json()).looking;
        told.hidden = others.length === 0;
        told.querySelector("[data-names]").textContent = others.join(", ");
      } catch {
        // No network for a moment: the next sign is told again.
      }
    }
    setTimeout(say, 20000);
  };
  say();
})();
