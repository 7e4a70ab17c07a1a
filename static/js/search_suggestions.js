// Proposals under a search field while somebody types: a combobox with a listbox (ARIA 1.2). Without it the field is
// the plain form that it is. The focus never leaves the field; arrows move the mark, Enter goes there. search_field.js
// has told what the field is, and loads this when somebody is about to type.
import { say } from "./status.js";

const WAIT = 180; // ms without a key before the server is asked
const SHORTEST = 2; // letters

class Suggestions {
  constructor(field) {
    this.field = field;
    this.input = field.querySelector("input");
    this.answers = new Map();
    this.active = -1;
    this.list = document.createElement("div");
    this.list.id = `${this.input.id}-suggestions`;
    this.list.className = "search-suggestions";
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", field.dataset.label);
    field.append(this.list);
    this.input.setAttribute("aria-controls", this.list.id);
    this.listen();
  }

  listen() {
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.pressed(event));
    this.input.addEventListener("blur", () => this.close());
    // The field keeps the focus, or its blur would close the list before the click.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.go(event.target.closest("[role=option]"), event));
    this.input.form.addEventListener("submit", () => this.close());
    // A page that comes back from the browser's memory comes back closed.
    addEventListener("pagehide", () => this.close());
  }

  get words() {
    return this.input.value.trim().replace(/\s+/g, " ");
  }

  get options() {
    return this.list.querySelectorAll("[role=option]");
  }

  typed() {
    this.stop();
    if (this.words.length < SHORTEST) this.close();
    else if (this.answers.has(this.words)) this.show(this.words);
    else this.timer = setTimeout(() => this.ask(this.words), WAIT);
  }

  stop() {
    clearTimeout(this.timer);
    this.request?.abort();
  }

  async ask(words) {
    this.request = new AbortController();
    const address = `${this.field.dataset.suggestions}?${new URLSearchParams({ q: words })}`;
    try {
      const response = await fetch(address, { signal: this.request.signal, headers: { Accept: "application/json" } });
      if (!response.ok) return this.close();
      this.answers.set(words, await response.json());
    } catch {
      return; // aborted by the next letter, or no connection: the form still works
    }
    if (words === this.words && document.activeElement === this.input) this.show(words);
  }

  // The old list stays until the new one is there, so that nothing flickers.
  show(words) {
    const { topics, headlines, said } = this.answers.get(words);
    const rows = [...topics, ...headlines];
    say(said);
    this.mark(-1);
    this.list.replaceChildren(...rows.map((row, number) => this.option(row, number)));
    if (!rows.length) return this.close();
    this.list.hidden = false;
    this.list.scrollTop = 0;
    this.input.setAttribute("aria-expanded", "true");
  }

  option({ kind, name, address }, number) {
    const option = document.createElement("div");
    option.id = `${this.list.id}-${number}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.address = address;
    const text = document.createElement("bdi");
    text.textContent = name;
    if (kind) {
      const label = document.createElement("span");
      label.className = "search-kind";
      label.textContent = `${kind}:`;
      option.append(label, " ");
    } else {
      // A headline that opens with a foreign name is an Arabic sentence all the same.
      text.dir = "rtl";
    }
    option.append(text);
    return option;
  }

  close() {
    this.stop();
    this.mark(-1);
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
  }

  // -1 is the field itself, between the last proposal and the first.
  mark(number) {
    const { options } = this;
    options[this.active]?.setAttribute("aria-selected", "false");
    this.active = number;
    const option = options[number];
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  move(step) {
    if (this.list.hidden) {
      if (!this.answers.get(this.words)) return this.typed();
      this.show(this.words);
    }
    if (this.list.hidden) return;
    const places = this.options.length + 1;
    this.mark(((this.active + 1 + step + places) % places) - 1);
  }

  pressed(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape" && !this.list.hidden) {
      // The first Escape closes the list, the second is the browser's and empties the field.
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (event.key === "Enter" && this.active >= 0) {
      this.go(this.options[this.active], event);
    }
  }

  go(option, event) {
    if (!option) return;
    event.preventDefault();
    location.assign(option.dataset.address);
  }
}

// What was typed while this module came is looked up.
export function initSuggestions(field) {
  const suggestions = new Suggestions(field);
  const { input } = suggestions;
  if (document.activeElement === input && input.value !== input.defaultValue) suggestions.typed();
}
