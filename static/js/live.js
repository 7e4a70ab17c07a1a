// News of a live coverage: asked for now and then, shown when the reader wants them. Nothing moves by itself, and
// without this module the page says when it was last updated and offers to load it again.
import { initRelativeTime } from "./relative_time.js";

const EVERY = 45_000; // ms
const LONGEST = 600_000; // ms between two questions when answers fail
const MOST_FAILURES = 6;

class Coverage {
  constructor(section) {
    this.section = section;
    this.place = section.querySelector(".live-news");
    this.after = Number(section.dataset.after);
    this.every = Number(section.dataset.every) || EVERY;
    this.failures = 0;
    this.askedAt = Date.now();
    document.addEventListener("visibilitychange", () => this.follow());
    this.follow();
  }

  // Nobody looks: nothing is asked. Whoever comes back gets what he missed at once.
  follow() {
    clearTimeout(this.timer);
    if (this.isOver || document.hidden) return;
    const pause = Math.min(this.every * 2 ** this.failures, LONGEST);
    this.timer = setTimeout(() => this.ask(), Math.max(0, this.askedAt + pause - Date.now()));
  }

  async ask() {
    this.askedAt = Date.now();
    const { after } = this;
    try {
      const address = `${this.section.dataset.updates}?after=${after}`;
      const response = await fetch(address, { headers: { Accept: "application/json" } });
      // Taken from the readers meanwhile: there will be no news.
      this.isOver = response.status === 404 || response.status === 410;
      if (!response.ok) throw new Error(response.status);
      this.failures = 0;
      const news = await response.json();
      // While the answer was on its way the reader may have asked for what it tells.
      if (after === this.after) this.tell(news);
    } catch {
      this.failures += 1;
      this.isOver ||= this.failures >= MOST_FAILURES;
    }
    this.follow();
  }

  tell(news) {
    if (news.ended && !this.isOver) {
      this.isOver = true;
      this.section.querySelector(".live-state .label-hot").textContent = this.section.dataset.ended;
      if (!news.count) this.place.textContent = this.section.dataset.ended;
    }
    if (!news.count || news.said === this.place.textContent) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-primary";
    button.textContent = news.said;
    button.addEventListener("click", () => this.show(news));
    this.place.replaceChildren(button);
  }

  show({ html, whole }) {
    const list = this.section.querySelector(".live-updates");
    // More than one page of news would leave a gap between them and what is here.
    if (!list || !whole) return location.reload();
    const template = document.createElement("template");
    template.innerHTML = html;
    initRelativeTime(template.content);
    const first = template.content.querySelector("li");
    for (const update of template.content.querySelectorAll("li")) {
      this.after = Math.max(this.after, Number(update.id.replace("update-", "")));
    }
    list.prepend(template.content);
    this.date(first.querySelector("time"));
    this.place.replaceChildren();
    first.focus();
  }

  // The page is now as new as its newest entry; where that one says how long ago, its title holds the moment.
  date(newest) {
    const time = this.section.querySelector(".live-state time");
    time.dateTime = newest.dateTime;
    time.textContent = newest.title || newest.textContent;
  }
}

export function initLive(section) {
  new Coverage(section);
}
