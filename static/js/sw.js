// The service worker. It shows saved articles, and else one honest page, when the network is gone; it serves files whose
// names change with their contents from the device. Pages come from the network always; none is stored here but the
// shell, and what is below /admin/ passes straight through. The view of /sw.js puts before this text what the shell is:
// const SHELL = {version, pages, assets, folder}. To be rid of it: SERVICE_WORKER=0 serves sw_gone.js in its place.
const SAVED = "saved"; // as in saving.js, which fills it
const CURRENT = `shell-${SHELL.version}`;
const MOST = 60; // files beside those of the shell
const HASH = /\.[0-9a-f]{12}(?=\.\w+$)/;
const ARTICLE = /^\/(?:lite\/)?n(?:ews)?\/(\d+)(?:\/|$)/;
const NOT_FOR_READERS = /^\/(?:admin|partners|livez)\b/;
const OWN_FOLDERS = new RegExp(`^${SHELL.folder}(?:css|fonts|img|js)/`);
const MEDIA = "/media/";

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(NOT_FOR_READERS.test(url.pathname) ? ask(event) : page(event, url));
  else if (OWN_FOLDERS.test(url.pathname)) event.respondWith(file(event, url));
  else if (url.pathname.startsWith(MEDIA)) event.respondWith(picture(request, url));
});

async function install() {
  const cache = await caches.open(CURRENT);
  const fresh = SHELL.pages.map((path) => new Request(path, { cache: "no-cache", credentials: "omit" }));
  await cache.addAll([...fresh, ...SHELL.assets]);
  // Names with a hash and the likes of them (below) let a new worker serve old pages, so it need not wait.
  await self.skipWaiting();
}

async function activate() {
  for (const name of await caches.keys()) {
    if (name.startsWith("shell-") && name !== CURRENT) await caches.delete(name);
  }
  // Else a page would wait for the worker to wake.
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

// The browser has asked while the worker woke; left alone, it would ask a second time.
async function ask(event) {
  return (await event.preloadResponse) || fetch(event.request);
}

async function page(event, url) {
  try {
    const answer = await ask(event);
    if (answer.status === 404 || answer.status === 410) event.waitUntil(forget(url));
    return answer;
  } catch {
    return (await saved(url)) || (await shellPage(url)) || Response.error();
  }
}

function savedKey(url) {
  const article = ARTICLE.exec(url.pathname);
  return article && `/news/${Number(article[1])}/`;
}

async function saved(url) {
  const key = savedKey(url);
  return key && (await caches.open(SAVED)).match(key);
}

// Withdrawn, or gone: what a reader saved of it goes too. saving.js drops its line and its pictures.
async function forget(url) {
  const key = savedKey(url);
  if (key && (await caches.has(SAVED))) await (await caches.open(SAVED)).delete(key);
}

async function shellPage(url) {
  const cache = await caches.open(CURRENT);
  return (await cache.match(url.pathname)) || cache.match(SHELL.pages[0]);
}

async function file(event, url) {
  const cache = await caches.open(CURRENT);
  const hashed = HASH.test(url.pathname);
  const kept = hashed && (await cache.match(event.request, { ignoreVary: true }));
  if (kept) return kept;
  let answer = Response.error();
  try {
    answer = await fetch(event.request);
  } catch {
    // No network: what is like it will do.
  }
  if (!answer.ok) return (await likeness(cache, url.pathname, HASH)) || answer;
  if (answer.status === 200) event.waitUntil(store(cache, event.request, answer.clone()));
  return answer;
}

async function store(cache, request, answer) {
  await cache.put(request, answer);
  const others = (await cache.keys()).slice(SHELL.pages.length + SHELL.assets.length);
  for (const old of others.slice(0, -MOST)) await cache.delete(old);
}

async function picture(request, url) {
  try {
    return await fetch(request);
  } catch {
    const cache = await caches.open(SAVED);
    const size = /(?:-\d+(?:x\d+)?)?\.\w+$/;
    return (await cache.match(request)) || (await likeness(cache, url.pathname, size)) || Response.error();
  }
}

// The same file under another name: the style sheet of today for an older page, a picture in another size.
async function likeness(cache, pathname, difference) {
  const plain = (path) => path.replace(difference, "");
  const wanted = plain(pathname);
  const like = (await cache.keys()).find(({ url }) => plain(new URL(url).pathname) === wanted);
  return like && cache.match(like);
}
