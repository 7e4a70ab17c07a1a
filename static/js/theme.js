// The button «الوضع المظلم». The system decides until the reader does; the choice stays in this browser.
const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");

const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);

function store(theme) {
  try {
    if (theme) localStorage.setItem("theme", theme);
    else localStorage.removeItem("theme");
  } catch {
    // Storage is closed to us: the choice holds for this page.
  }
}

function show() {
  for (const button of document.querySelectorAll("[data-theme-toggle]")) {
    button.setAttribute("aria-pressed", String(isDark()));
  }
  const color = getComputedStyle(root).getPropertyValue("--page").trim();
  for (const meta of document.querySelectorAll("meta[name=theme-color]")) meta.content = color;
}

function toggle() {
  const dark = !isDark();
  // What the system says anyway is not stored, so that a later change of the system is followed.
  const theme = dark === system.matches ? null : dark ? "dark" : "light";
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  store(theme);
  show();
}

export function initTheme() {
  for (const button of document.querySelectorAll("[data-theme-toggle]")) button.addEventListener("click", toggle);
  system.addEventListener("change", show);
  show();
}
