// Small comforts; every page works without them.
(() => {
  "use strict";
  // The error summary takes the focus, so that a screen reader starts with it.
  const summary = document.querySelector(".summary");
  if (summary) summary.focus();
  // The person's menu closes on a click elsewhere and on Escape.
  const me = document.querySelector("details.me");
  if (me) {
    document.addEventListener("click", (event) => { if (!me.contains(event.target)) me.open = false; });
    me.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { me.open = false; me.querySelector("summary").focus(); }
    });
  }
  // A form is sent once: a second press while the first is under way does nothing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
  });
  // "Copy" puts a value shown once on the clipboard; without the clipboard the button stays hidden.
  document.querySelectorAll("button[data-copy]").forEach((button) => {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
      button.textContent = button.dataset.done;
    });
  });
  // "Show the password" makes the field readable while it is ticked; it is hidden again when the form is sent.
  document.querySelectorAll("input[data-reveal]").forEach((tick) => {
    const field = document.getElementById(tick.dataset.reveal);
    if (!field) return;
    const show = () => { field.type = tick.checked ? "text" : "password"; };
    tick.closest("label").hidden = false;
    tick.checked = false;
    tick.addEventListener("change", show);
    if (field.form) field.form.addEventListener("submit", () => { tick.checked = false; show(); });
  });
  // A page that only hands on what a provider sent goes on by itself.
  const onwards = document.querySelector("form[data-go-on]");
  if (onwards) onwards.submit();
  // "Print" is a convenience over the browser's own command.
  document.querySelectorAll("button[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
})();
