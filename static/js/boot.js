// Runs before the first paint, so that what the reader chose never flashes and no button comes late. Blocking on
// purpose; keep it tiny.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  if (navigator.share) root.classList.add("can-share");
  try {
    for (const name of ["theme", "text"]) {
      const value = localStorage.getItem(name);
      if (value) root.dataset[name] = value;
    }
  } catch {
    // Storage is closed to us: the system's theme and the usual size.
  }
})();
