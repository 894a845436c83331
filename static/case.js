// A case by keyboard, and the seconds in which a recorded decision can be taken back. Every key has its button or field;
// an officer can switch the keys off.
(() => {
  "use strict";
  // The seconds that are left; the worker signs, whatever this page shows.
  document.querySelectorAll("[data-undo]").forEach((place) => {
    const end = Date.now() + Number(place.dataset.undo) * 1000;
    const notice = place.closest(".notice");
    const count = () => {
      const left = Math.ceil((end - Date.now()) / 1000);
      place.hidden = false;
      place.textContent = left > 0 ? `${left} s` : place.dataset.signed;
      if (left > 0) { setTimeout(count, 250); return; }
      notice.querySelectorAll("button").forEach((button) => { button.disabled = true; });
    };
    count();
  });

  const page = document.querySelector("[data-case-page]");
  if (!page || page.dataset.keyboard === "off") return;
  const form = document.querySelector("form[data-decision]");
  const radios = (value) => [...form.querySelectorAll(`input[type=radio][value="${value}"]`)];
  const deeds = {
    a: () => {
      if (!form) return;
      radios("approved").forEach((radio) => { radio.checked = true; });
      form.querySelector("button").focus();
    },
    r: () => {
      const first = form && radios("refused")[0];
      if (!first) return;
      first.checked = true;
      const reason = document.getElementById(first.name.replace("outcome", "reason_code"));
      (reason || first).focus();
    },
    q: () => {
      const ask = document.querySelector("#questions a[href*='/ask']");
      if (ask) location.href = ask.href;
    },
    m: () => {
      const claim = document.querySelector(".case-claim form[action$='/claim']");
      if (claim) claim.requestSubmit();
    },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input:not([type=radio]):not([type=checkbox]), textarea, select")) return;
    const deed = deeds[event.key];
    if (!deed) return;
    event.preventDefault();
    deed();
  });
})();
