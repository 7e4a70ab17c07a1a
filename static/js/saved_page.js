// The list on /saved/ and on the page for no network. Its words stand in the <template>s that the server wrote.
import { followList, savedArticles } from "./saved.js";
import { forgetWithdrawn, take } from "./saving.js";
import { say } from "./status.js";

const area = document.querySelector("[data-saved-area]");
const part = (name) => area.querySelector(`[data-saved-${name}]`);

function clone(template) {
  return part(template).content.firstElementChild.cloneNode(true);
}

function row(article) {
  const item = clone("row");
  const link = item.querySelector("a");
  link.href = article.address;
  link.querySelector("bdi").textContent = article.headline;
  item.querySelector("[data-about]").textContent = [article.section, article.date].filter(Boolean).join(" · ");
  item.querySelector("[data-online]").hidden = Boolean(article.kept);
  const button = item.querySelector("button");
  button.querySelector("bdi").textContent = article.headline;
  button.addEventListener("click", () => remove(item, article));
  return item;
}

// What was removed leaves its place to a way back, which gets the focus that the button had.
function removed(article, putBack) {
  const item = clone("removed");
  item.querySelector("bdi").textContent = article.headline;
  const button = item.querySelector("button");
  button.addEventListener("click", async () => {
    await putBack();
    const back = row(article);
    item.replaceWith(back);
    count();
    back.querySelector("button").focus();
  });
  return item;
}

async function remove(item, article) {
  const gone = removed(article, await take(article.id));
  item.replaceWith(gone);
  gone.querySelector("button").focus();
  say(gone.querySelector("p").textContent);
  count();
}

async function clear() {
  const before = savedArticles();
  const putBack = [];
  for (const { id } of before) putBack.unshift(await take(id));
  const undo = part("undo");
  undo.onclick = async () => {
    for (const back of putBack) await back();
    undo.hidden = true;
    draw();
    part("clear").focus();
  };
  draw();
  undo.hidden = false;
  undo.focus();
  say(undo.dataset.said);
}

// The list itself may hold ways back: it is empty for the reader only when it was drawn so.
function count() {
  part("clear").hidden = !savedArticles().length;
}

function draw() {
  const articles = savedArticles();
  part("list").replaceChildren(...articles.map(row));
  part("empty").hidden = articles.length > 0;
  if (part("intro")) part("intro").hidden = !articles.length;
  count();
}

async function init() {
  area.hidden = false;
  draw();
  part("clear").addEventListener("click", clear);
  document.querySelector("[data-retry]")?.addEventListener("click", () => location.reload());
  followList(draw);
  await forgetWithdrawn();
  draw();
}

init();
