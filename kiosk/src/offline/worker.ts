/** Service worker: keeps the page and every file it needs, so that a kiosk starts on a morning without network. */
import { cleanupOutdatedCaches, precacheAndRoute, type PrecacheEntry } from "workbox-precaching";

declare const PRECACHE: PrecacheEntry[];
declare const self: ServiceWorkerGlobalScope;

cleanupOutdatedCaches();
precacheAndRoute(PRECACHE);

// A newer page waits until the kiosk says that nobody stands before it.
self.addEventListener("message", (event) => {
  if (event.data === "take-over") void self.skipWaiting();
});
