// Runs before the first paint, so that a stored theme never flashes. Blocking on purpose; keep it tiny.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "dark" || theme === "light") root.dataset.theme = theme;
  } catch {
    // Storage is closed to us: the system's theme decides.
  }
})();
