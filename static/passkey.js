// Passkeys: asks the window what is to be signed or made, asks the browser for it, and sends the form with its answer.
"use strict";
(() => {
  // Browsers give no passkey to an address of numbers: there the button stays away.
  if (!window.PublicKeyCredential || !navigator.credentials || /^[\d.:[\]]+$/.test(location.hostname)) return;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const keys = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  const ask = async (button, form) => {
    const body = new URLSearchParams({ csrf_token: form.querySelector("[name=csrf_token]").value });
    const answer = await fetch(button.dataset.from, { method: "POST", body, credentials: "same-origin" });
    if (!answer.ok || !(answer.headers.get("Content-Type") || "").includes("json")) throw new Error("none");
    const options = await answer.json();
    options.challenge = bytes(options.challenge);
    return options;
  };
  const proven = async (options) => {
    options.allowCredentials = keys(options.allowCredentials);
    const made = await navigator.credentials.get({ publicKey: options });
    const said = made.response;
    return { id: made.id, rawId: text(made.rawId), type: made.type, clientExtensionResults: {}, response: {
      clientDataJSON: text(said.clientDataJSON), authenticatorData: text(said.authenticatorData), signature: text(said.signature),
      userHandle: said.userHandle ? text(said.userHandle) : null } };
  };
  const created = async (options) => {
    options.user.id = bytes(options.user.id);
    options.excludeCredentials = keys(options.excludeCredentials);
    const made = await navigator.credentials.create({ publicKey: options });
    return { id: made.id, rawId: text(made.rawId), type: made.type, clientExtensionResults: {}, response: {
      clientDataJSON: text(made.response.clientDataJSON), attestationObject: text(made.response.attestationObject) } };
  };

  document.querySelectorAll("button[data-passkey]").forEach((button) => {
    const form = button.closest("form"), said = form.querySelector("[data-passkey-said]");
    button.hidden = false;
    button.addEventListener("click", async () => {
      said.textContent = "";
      try {
        const options = await ask(button, form);
        const answer = button.dataset.passkey === "get" ? await proven(options) : await created(options);
        form.elements[button.dataset.into].value = JSON.stringify(answer);
        form.requestSubmit();
      } catch {
        said.textContent = button.dataset.none;
      }
    });
  });
})();
