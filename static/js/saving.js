// Keeps articles on the device: their line in the list (saved.js), their page and pictures in the cache "saved", from
// which the service worker answers when the network does not.
import { savedArticles, storeList } from "./saved.js";
import { registerWorker } from "./worker.js";

const CACHE = "saved"; // as in sw.js
const LIMIT = 100;
const PICTURES = 30;

// One key for all addresses of an article.
const pageKey = (id) => `/news/${id}/`;

async function openCache() {
  return globalThis.caches?.open(CACHE);
}

// Fetched as somebody without an account would see it. Throws for all that is not a public page.
async function fetchPage(address) {
  const answer = await fetch(address, { credentials: "omit", cache: "no-cache" });
  const rules = answer.headers.get("Cache-Control") ?? "";
  if (answer.status !== 200 || answer.type !== "basic" || /no-store|private/.test(rules)) throw new Error("not public");
  return { html: await answer.text(), headers: answer.headers };
}

// The pictures of the text, each in the size that this window shows, or else in the size for all.
function picturesOf(html) {
  const shown = new Map([...document.images].map((image) => [image.getAttribute("src"), image.currentSrc]));
  const page = new DOMParser().parseFromString(html, "text/html");
  const sources = [...page.querySelectorAll("main article img")].map((image) => image.getAttribute("src"));
  const addresses = sources.map((source) => new URL(shown.get(source) || source, location.href));
  const ours = addresses.filter(({ origin }) => origin === location.origin).map(String);
  return [...new Set(ours)].slice(0, PICTURES);
}

async function keepPicture(cache, address) {
  if (await cache.match(address)) return;
  const answer = await fetch(address, { credentials: "omit" });
  if (answer.ok && answer.type === "basic") await cache.put(address, answer);
}

// Returns the addresses of the pictures. A picture that cannot be had does not keep the text away.
async function keepPage({ id, address }) {
  const cache = await openCache();
  const { html, headers } = await fetchPage(address);
  const pictures = picturesOf(html);
  await Promise.allSettled(pictures.map((picture) => keepPicture(cache, picture)));
  // Written anew: a browser refuses an answer that came by a redirect as a page.
  await cache.put(pageKey(id), new Response(html, { headers }));
  return pictures;
}

// Returns "saved", "listed" (without the page: no network, no cache) or "full". Throws where nothing can be stored.
export async function keep(article) {
  const list = savedArticles();
  if (list.length >= LIMIT) return "full";
  storeList([article, ...list]);
  registerWorker();
  try {
    await renew(article);
  } catch {
    return "listed";
  }
  return "saved";
}

// Fetch the page of an article of the list, perhaps again. Throws where it cannot be had.
export async function renew(article) {
  const pictures = await keepPage(article);
  const list = savedArticles();
  // It may have been taken off the list while its page came.
  storeList(list.map((other) => (other.id === article.id ? { ...article, kept: true, pictures } : other)));
  await sweep();
}

// Take an article off the device. Returns what puts it back, also without a network.
export async function take(id) {
  const list = savedArticles();
  const position = list.findIndex((article) => article.id === id);
  if (position < 0) return () => {};
  const [article] = list.splice(position, 1);
  storeList(list);
  const swept = await sweep();
  return async () => {
    const now = savedArticles().filter((other) => other.id !== id);
    now.splice(position, 0, article);
    storeList(now);
    const cache = await openCache();
    for (const [key, answer] of swept) await cache.put(key, answer);
  };
}

// Remove what no article of the list needs. Returns it: [[address, answer], ...].
async function sweep() {
  const cache = await openCache();
  if (!cache) return [];
  const needed = savedArticles().flatMap(({ id, pictures = [] }) => [pageKey(id), ...pictures]);
  const wanted = new Set(needed.map((address) => new URL(address, location.href).href));
  const swept = [];
  for (const request of await cache.keys()) {
    if (wanted.has(request.url)) continue;
    swept.push([request.url, await cache.match(request)]);
    await cache.delete(request);
  }
  return swept;
}

// The worker has removed the pages of articles that were withdrawn; their lines go too. A cache that the browser has
// emptied as a whole tells nothing.
export async function forgetWithdrawn() {
  const cache = await openCache();
  const keys = new Set((await cache?.keys())?.map(({ url }) => new URL(url).pathname));
  const list = savedArticles();
  if (!list.some(({ id }) => keys.has(pageKey(id)))) return;
  const left = list.filter(({ id, kept }) => !kept || keys.has(pageKey(id)));
  if (left.length < list.length) storeList(left);
  await sweep();
}
