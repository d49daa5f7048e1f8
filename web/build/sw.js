/**
 * The service worker: the app opens without a network, and says so. It never holds an answer of the API.
 *
 * Pages come from the network first: a stale page would name chunks that the server no longer has. Only
 * when the network fails is the kept page shown, together with the chunks of the same build.
 */
/* global self, caches, fetch, Response, URL */
const BUILD = "__BUILD__";
const SHELL = "__SHELL__";
const KEPT = `mainstay-${BUILD}`;
const PAGE = "/";
/** How long a page may take from the network before the kept one is shown. */
const PATIENCE = 4000;

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(KEPT);
      // Chunks carry their hash; the page and the rest must not come from the browser's own cache.
      await cache.addAll(
        SHELL.map(
          (url) => new Request(url, { cache: url.startsWith("/assets/") ? "default" : "reload" }),
        ),
      );
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const names = await caches.keys();
      const old = names.filter((name) => name.startsWith("mainstay-") && name !== KEPT);
      await Promise.all(old.map((name) => caches.delete(name)));
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/api/") || url.pathname === "/api") return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (url.pathname.startsWith("/assets/")) event.respondWith(asset(request, event));
  else if (SHELL.includes(url.pathname)) event.respondWith(networkFirst(request));
});

async function page(request) {
  const kept = async () => (await caches.open(KEPT)).match(PAGE);
  let late;
  const tooLong = new Promise((resolve) => {
    late = setTimeout(async () => resolve(await kept()), PATIENCE);
  });
  const network = fetch(request);
  try {
    const answer = await Promise.race([network, tooLong]);
    if (answer) return answer;
    return await network;
  } catch {
    return (await kept()) ?? Response.error();
  } finally {
    clearTimeout(late);
  }
}

/** Named by content: what is kept never changes. */
async function asset(request, event) {
  const cache = await caches.open(KEPT);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok && answer.type === "basic") event.waitUntil(cache.put(request, answer.clone()));
  return answer;
}

async function networkFirst(request) {
  try {
    return await fetch(request);
  } catch {
    return (await (await caches.open(KEPT)).match(request)) ?? Response.error();
  }
}
