// The button «الوضع المظلم». The system decides until the reader does; the choice stays in this browser.
import { choose, follow } from "./choices.js";

const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");
const buttons = document.querySelectorAll("[data-theme-toggle]");

const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);

function show() {
  for (const button of buttons) button.setAttribute("aria-pressed", String(isDark()));
  const color = getComputedStyle(root).getPropertyValue("--page").trim();
  for (const meta of document.querySelectorAll("meta[name=theme-color]")) meta.content = color;
}

function toggle() {
  const dark = !isDark();
  // What the system says anyway is not stored, so that a later change of the system is followed.
  choose("theme", dark === system.matches ? null : dark ? "dark" : "light");
  show();
}

export function initTheme() {
  for (const button of buttons) button.addEventListener("click", toggle);
  system.addEventListener("change", show);
  follow("theme", show);
  show();
}
