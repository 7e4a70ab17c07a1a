// «احفظ للقراءة لاحقًا» on an article. What saving takes is loaded when somebody saves.
import { followList, isSaved, savedArticles } from "./saved.js";
import { say } from "./status.js";

function show(button) {
  button.setAttribute("aria-pressed", String(isSaved(button.dataset.save)));
}

async function toggle(button) {
  const { dataset } = button;
  const { save, section, date, version, address, headline } = dataset;
  try {
    const saving = await import("./saving.js");
    if (isSaved(save)) {
      await saving.take(save);
      say(dataset.removed);
    } else {
      const outcome = await saving.keep({ id: save, address, headline, section, date, version });
      say(dataset[outcome]);
    }
  } catch {
    say(dataset.failed);
  }
  show(button);
}

// What was changed since it was saved is fetched again while the reader has it before him.
async function renew({ dataset }) {
  const article = savedArticles().find(({ id }) => id === dataset.save);
  if (!article || (article.kept && article.version === dataset.version) || !navigator.onLine) return;
  const saving = await import("./saving.js");
  await saving.renew({ ...article, headline: dataset.headline, address: dataset.address, version: dataset.version });
}

export function initSaveButton() {
  for (const button of document.querySelectorAll("[data-save]")) {
    button.addEventListener("click", () => toggle(button));
    followList(() => show(button));
    show(button);
    renew(button).catch(() => {});
  }
}
