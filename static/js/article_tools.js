// Copy the link and print. What was done is said in the page's one status line and on the button.
import { say } from "./status.js";

const RESET_AFTER = 4000; // ms

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    say(button.dataset.failed);
    return;
  }
  say(button.dataset.done);
  const label = button.textContent;
  if (label === button.dataset.done) return;
  button.textContent = button.dataset.done;
  setTimeout(() => (button.textContent = label), RESET_AFTER);
}

export function initArticleTools() {
  for (const button of document.querySelectorAll("[data-copy]")) button.addEventListener("click", () => copy(button));
  for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());
}
