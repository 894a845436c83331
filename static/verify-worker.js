// Answers for the pages of verification when there is no network: the page that checks signatures, its looks, the last list.
"use strict";
const KEPT = "akno-verify-1";
const PAGE = "/verify/offline";
const LIST = "/verify/list";

// Without cookies: what is kept is the page that a stranger sees, and nobody's name stands on it.
async function keep() {
  const cache = await caches.open(KEPT);
  const page = await fetch(PAGE, { credentials: "omit", cache: "no-store" });
  if (!page.ok) return;
  const html = await page.clone().text();
  const looks = [...html.matchAll(/(?:href|src)="(\/[^"]*static\/[^"]+)"/g)].map((found) => found[1].replaceAll("&amp;", "&"));
  await Promise.all(looks.map(async (address) => {
    if (!(await cache.match(address))) await cache.add(new Request(address, { credentials: "omit" }));
  }));
  await cache.put(PAGE, page);
  await renew(cache);
}

// The list is asked of the network itself: the browser's own cache may hold one that is older than ours.
async function renew(cache) {
  const list = await fetch(LIST, { credentials: "omit", cache: "no-store" });
  if (list.ok) await take(cache, list.clone());
  return list;
}

// When a list was made, and its number for two of one second; nothing of what is no list, so that any list takes its place.
// The moment first: a window that was set up anew counts from one. Who reads a list checks its signature.
async function ageOf(list) {
  try {
    const told = JSON.parse(atob((await list.text()).split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
    return told.made ? `${told.made} ${String(told.serial).padStart(12, "0")}` : "";
  } catch { return ""; }
}

// Two answers may come in another order than they were asked for: one after another, and never an older list over a newer.
let turn = Promise.resolve();
function take(cache, list) {
  const taken = turn.then(async () => {
    const kept = await cache.match(LIST, { ignoreVary: true });
    if (!kept || (await ageOf(list.clone())) >= (await ageOf(kept))) await cache.put(LIST, list);
  });
  turn = taken.catch(() => {});
  return taken;
}

async function answer(request, address) {
  const cache = await caches.open(KEPT);
  try {
    return await (address.pathname === LIST ? renew(cache) : fetch(request));
  } catch (error) {
    const wanted = request.mode === "navigate" ? PAGE : address.pathname === LIST ? LIST : request;
    const found = await cache.match(wanted, { ignoreVary: true });
    if (found) return found;
    throw error;
  }
}

self.addEventListener("install", (event) => event.waitUntil(keep().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => { if (event.data === "refresh") event.waitUntil(keep().catch(() => {})); });
self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method === "GET" && address.origin === location.origin) event.respondWith(answer(event.request, address));
});
