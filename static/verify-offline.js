// Checks what a QR code says: the signature by the keys in this page, the list of ended papers by the same keys.
(() => {
  "use strict";
  const room = document.getElementById("offline");
  if (!room) return;
  const keys = JSON.parse(room.dataset.keys);
  const answer = document.getElementById("offline-answer");
  const form = document.getElementById("offline-form");
  const field = document.getElementById("address");
  const letters = new TextEncoder();
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const hashed = { name: "ECDSA", hash: "SHA-256" };

  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
  const text = (data) => new TextDecoder().decode(bytes(data));
  const isSigned = async (key, message, signature) => {
    const jwk = { kty: "EC", crv: "P-256", x: key.x, y: key.y };
    const made = await crypto.subtle.importKey("jwk", jwk, algorithm, false, ["verify"]);
    const raw = bytes(signature);
    return raw.length === 64 && crypto.subtle.verify(hashed, made, raw, letters.encode(message));
  };
  const markOf = async (code) => {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", letters.encode(`akno/code/1\n${code}\n`)));
    return [...digest.slice(0, 16)].map((one) => one.toString(16).padStart(2, "0")).join("");
  };
  const typed = (code) => code.replace(/[\s\-.]+/g, "").toUpperCase().replaceAll("O", "0").replace(/[IL]/g, "1");

  // The list as it was fetched last; none when there is none or nobody we know signed it.
  const list = async () => {
    try {
      const [head, body, signature] = (await (await fetch(room.dataset.list)).text()).trim().split(".");
      const header = JSON.parse(text(head));
      const key = keys.find((one) => one.id === header.kid && !one.lost);
      if (header.alg !== "ES256" || header.typ !== "akno-list+jwt" || !key) return null;
      return (await isSigned(key, `${head}.${body}`, signature)) ? JSON.parse(text(body)) : null;
    } catch { return null; }
  };

  const check = async (code, claims) => {
    const fields = claims.split("~");
    if (fields.length !== 10 || fields[0] !== "1" || !/^[0-9A-Z]{40}$/.test(code)) return { verdict: "unreadable" };
    const key = keys.find((one) => one.id === fields[1]);
    if (!key) return { verdict: "unknown-key" };
    const body = fields.slice(0, 9).join("~");
    try {
      if (!(await isSigned(key, `akno/claims/1\n${code}\n${body}\n`, fields[9]))) return { verdict: "signature" };
    } catch { return { verdict: "signature" }; }
    const [, , number, items, count, total, net, at, office] = fields;
    const issued = `${at.slice(0, 4)}-${at.slice(4, 6)}-${at.slice(6, 8)} ${at.slice(8, 10)}:${at.slice(10, 12)} UTC`;
    const facts = { number, items: items || "…", count, total, net, issued, office, code, signer: key.name };
    const known = await list();
    const since = known && known.compromised && Object.keys(known.compromised).some((one) => one.startsWith(key.id));
    if (key.lost || since) return { verdict: "lost", facts };
    if (!known) return { verdict: "sound", facts, asked: "none" };
    const mark = await markOf(code);
    const ended = known.entries.find((one) => one[0] === mark);
    if (ended) return { verdict: ended[1] === "revoked" ? "revoked" : "superseded", facts, asked: "fresh", made: known.made };
    const fresh = new Date(known.next) > new Date();
    return { verdict: fresh ? "fresh" : "sound", facts, asked: fresh ? "fresh" : "old", made: known.made };
  };

  const show = ({ verdict, facts, asked, made }) => {
    for (const one of answer.querySelectorAll("[data-verdict]")) one.hidden = one.dataset.verdict !== verdict;
    for (const one of answer.querySelectorAll("[data-revocation]")) {
      one.hidden = one.dataset.revocation !== asked;
      if (!one.dataset.words) one.dataset.words = one.textContent;
      one.textContent = one.dataset.words.replace("{at}", made ? made.replace("T", " ").replace("Z", " UTC") : "");
    }
    const table = answer.querySelector("[data-facts]");
    table.hidden = !facts;
    if (facts) for (const one of table.querySelectorAll("[data-fact]")) one.textContent = facts[one.dataset.fact];
    answer.hidden = false;
    answer.dataset.done = verdict;
    answer.focus();
  };

  const ask = async (code, hash) => {
    if (!window.crypto || !crypto.subtle) return show({ verdict: "no-crypto" });
    if (!hash.startsWith("#c=")) return show({ verdict: code ? "no-claims" : "unreadable" });
    return show(await check(typed(code), hash.slice(3)));
  };

  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const found = /\/verify\/([0-9A-Za-z-]{40,80})(#.*)?$/.exec(field.value.trim());
    ask(found ? found[1] : "", found ? found[2] || "" : "");
  });
  const here = location.pathname.split("/").pop();
  const code = here === "offline" ? new URLSearchParams(location.search).get("code") || "" : here;
  if (code || location.hash) ask(code, location.hash);
})();
