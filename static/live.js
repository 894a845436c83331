/* A page that says how far something has come looks again by itself: parts marked data-live are replaced when the server has
   something new to say in them. Typed words and what is selected are left alone, what was opened stays open, and the focus
   stays where it was. Without JavaScript the reader reloads. The page says how often (data-live-every, in seconds). */
"use strict";
(() => {
  const whole = document.querySelector("[data-live-every]");
  if (!whole) return;
  const pause = Number(whole.dataset.liveEvery) * 1000;
  // What the server said last, by part: the tokens of forms differ each time and say nothing; what a reader opens is no news.
  const said = (part) => {
    const copy = part.cloneNode(true);
    copy.querySelectorAll("[name=csrf_token]").forEach((token) => token.remove());
    copy.querySelectorAll("details[open]").forEach((one) => one.removeAttribute("open"));
    return copy.innerHTML;
  };
  const chosen = (list) => {
    const first = [...list.options].findIndex((one) => one.defaultSelected);
    return list.selectedIndex !== Math.max(first, 0);
  };
  const changed = (field) =>
    field.tagName === "SELECT" ? chosen(field) : field.value !== field.defaultValue || Boolean(field.checked) !== Boolean(field.defaultChecked);
  const typed = (part) => [...part.querySelectorAll("input:not([type=hidden]), textarea, select")].some(changed);
  const selected = (part) => {
    const choice = document.getSelection();
    return Boolean(choice) && !choice.isCollapsed && choice.containsNode(part, true);
  };
  const fields = "input, textarea, select";
  const typing = (part) => part.contains(document.activeElement) && document.activeElement.matches(fields);
  const busy = (part) => typing(part) || typed(part) || selected(part);
  const name = (one) => one.querySelector("summary")?.textContent.trim();
  // What takes the place of an element that had the focus: the one of its kind with the same words.
  const same = (part, gone) =>
    [...part.querySelectorAll(gone.tagName)].find((one) => one.textContent.trim() === gone.textContent.trim());
  const renew = (old, made) => {
    const opened = new Set([...old.querySelectorAll("details[open]")].map(name));
    made.querySelectorAll("details").forEach((one) => {
      if (opened.has(name(one))) one.open = true;
    });
    const at = old !== document.activeElement && old.contains(document.activeElement) ? document.activeElement : null;
    old.replaceChildren(...made.childNodes);
    if (at) same(old, at)?.focus({ preventScroll: true });
  };
  const known = new Map([...document.querySelectorAll("[data-live][id]")].map((part) => [part.id, said(part)]));
  const look = async () => {
    if (document.hidden) return again();
    try {
      const answer = await fetch(location.href, { credentials: "same-origin" });
      if (answer.redirected || (answer.status >= 400 && answer.status < 500)) return; // signed out, or no longer hers
      if (!answer.ok) return again();
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      let left = false;
      document.querySelectorAll("[data-live][id]").forEach((old) => {
        const made = fresh.getElementById(old.id);
        const words = made && said(made);
        if (!made || words === known.get(old.id)) return;
        if (busy(old)) {
          left = true;
          return;
        }
        known.set(old.id, words);
        renew(old, made);
      });
      if (!left && !fresh.querySelector("[data-live-every]")) return;
    } catch {
      // No network for a moment: the next look will tell.
    }
    again();
  };
  const again = () => setTimeout(look, pause);
  again();
})();
