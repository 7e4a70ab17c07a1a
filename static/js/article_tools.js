// Pass on, copy and print. What was done is said in the page's one status line and on the button.
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
  button.classList.add("is-done");
  setTimeout(() => button.classList.remove("is-done"), RESET_AFTER);
}

function share({ dataset }) {
  // Refused means closed by the reader: nothing to say.
  navigator.share({ title: dataset.title, url: dataset.share }).catch(() => {});
}

export function initArticleTools() {
  const deeds = { "[data-copy]": copy, "[data-share]": share, "[data-print]": () => print() };
  for (const [selector, deed] of Object.entries(deeds)) {
    for (const button of document.querySelectorAll(selector)) button.addEventListener("click", () => deed(button));
  }
}
