// The list of articles that the reader keeps on this device: [{id, address, headline, section, date, version, kept}],
// the last one saved first. `kept` says that its page lies in the cache for reading without a network.
const LIST = "saved";

export function savedArticles() {
  try {
    const list = JSON.parse(localStorage.getItem(LIST));
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

export function isSaved(id) {
  return savedArticles().some((article) => article.id === id);
}

// Throws where the browser keeps nothing for us.
export function storeList(list) {
  if (list.length) localStorage.setItem(LIST, JSON.stringify(list));
  else localStorage.removeItem(LIST);
}

export function followList(show) {
  addEventListener("storage", (event) => (event.key === LIST || event.key === null) && show());
  addEventListener("pageshow", (event) => event.persisted && show());
}
