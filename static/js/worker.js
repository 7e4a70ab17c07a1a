// The service worker: the page without a network, and saved articles (sw.js). It is fetched when the reader has begun to
// read, so that it never stands between him and the first page; who saves data gets it when he saves an article.
const WAYS_TO_BEGIN = ["scroll", "pointerdown", "keydown"];

export function registerWorker() {
  navigator.serviceWorker?.register("/sw.js").catch(() => {});
}

export function initWorker() {
  if (!navigator.serviceWorker || navigator.serviceWorker.controller || navigator.connection?.saveData) return;
  const begin = () => {
    for (const way of WAYS_TO_BEGIN) removeEventListener(way, begin);
    registerWorker();
  };
  for (const way of WAYS_TO_BEGIN) addEventListener(way, begin, { passive: true });
}
