// Served as /sw.js where the worker is switched off (SERVICE_WORKER=0): it takes the place of the one that readers have,
// empties what that one kept and goes. Saved articles stay, they are the reader's.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(leave()));

async function leave() {
  for (const name of await caches.keys()) if (name.startsWith("shell-")) await caches.delete(name);
  await self.registration.unregister();
}
