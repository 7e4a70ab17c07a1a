// أ− and أ+: four sizes for the text of an article, and for nothing else on the page.
import { choose, follow } from "./choices.js";
import { say } from "./status.js";

const USUAL = 1;
const SIZES = ["small", null, "large", "largest"];

const current = () => {
  const size = SIZES.indexOf(document.documentElement.dataset.text ?? null);
  return size < 0 ? USUAL : size;
};

export function initTextSize() {
  const buttons = [...document.querySelectorAll("[data-text-step]")];
  if (!buttons.length) return;

  // At the ends a button keeps the focus and says that it does nothing more.
  const show = () => {
    for (const button of buttons) {
      button.setAttribute("aria-disabled", String(!(current() + Number(button.dataset.textStep) in SIZES)));
    }
  };
  const step = (button) => {
    const next = Math.min(SIZES.length - 1, Math.max(0, current() + Number(button.dataset.textStep)));
    choose("text", SIZES[next]);
    show();
    say(button.parentElement.dataset.textSizes.split("|")[next]);
  };
  for (const button of buttons) button.addEventListener("click", () => step(button));
  follow("text", show);
  show();
}
