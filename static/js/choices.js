// What the reader chose for this browser: in localStorage and on <html>, where the style sheet finds it (boot.js puts it
// there before the first paint). No server ever hears of it.
const root = document.documentElement;

function apply(name, value) {
  if (value) root.dataset[name] = value;
  else delete root.dataset[name];
}

// null is the usual, which is not stored.
export function choose(name, value) {
  apply(name, value);
  try {
    if (value) localStorage.setItem(name, value);
    else localStorage.removeItem(name);
  } catch {
    // Storage is closed to us: the choice holds for this page.
  }
}

// The other tabs follow, and so does a page that comes back from the browser's memory.
export function follow(name, show) {
  const read = () => {
    try {
      apply(name, localStorage.getItem(name));
    } catch {
      return;
    }
    show();
  };
  addEventListener("storage", (event) => (event.key === name || event.key === null) && read());
  addEventListener("pageshow", (event) => event.persisted && read());
}
