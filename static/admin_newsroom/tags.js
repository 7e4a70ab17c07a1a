// Proposes known tags while one is typed. Without this the box takes tags parted by commas all the same.
"use strict";

const COMMA = /[,،؛\n]/;
const MOST_SHOWN = 10;

function lastTag(input) {
    const parts = input.value.split(COMMA);
    return parts[parts.length - 1].trim();
}

function replaceLastTag(input, name) {
    const start = input.value.length - input.value.split(COMMA).pop().length;
    const before = input.value.slice(0, start);
    input.value = "single" in input.dataset ? name : `${before}${before && " "}${name}، `;
}

function isolated(tag, text) {
    return Object.assign(document.createElement(tag), { textContent: text });
}

class TagSuggestions {
    constructor(input) {
        this.input = input;
        this.chosen = -1;
        this.asked = 0;
        this.list = document.createElement("ul");
        this.list.className = "tag-suggestions";
        this.list.id = `${input.id}_suggestions`;
        this.list.setAttribute("role", "listbox");
        this.list.setAttribute("aria-label", input.dataset.label);
        this.list.hidden = true;
        const box = document.createElement("div");
        box.className = "tag-box";
        input.before(box);
        box.append(input, this.list);
        for (const [name, value] of Object.entries({
            role: "combobox",
            "aria-autocomplete": "list",
            "aria-expanded": "false",
            "aria-controls": this.list.id,
        })) {
            input.setAttribute(name, value);
        }
        input.addEventListener("input", () => this.ask());
        input.addEventListener("keydown", (event) => this.onKey(event));
        input.addEventListener("blur", () => this.show([]));
        this.list.addEventListener("mousedown", (event) => {
            event.preventDefault(); // keeps the focus in the box
            const item = event.target.closest("[data-name]");
            if (item) {
                this.take(item.dataset.name);
            }
        });
    }

    async ask() {
        const term = lastTag(this.input);
        const turn = ++this.asked;
        if (term.length < 2) {
            this.show([]);
            return;
        }
        const address = new URL(this.input.dataset.suggestions, window.location.href);
        address.searchParams.set("term", term);
        // Without an answer (the network is gone, the session is over) there is nothing to propose.
        const response = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
        if (turn !== this.asked) {
            return;
        }
        const isAnswer = response?.ok && response.headers.get("Content-Type")?.startsWith("application/json");
        const { results } = isAnswer ? await response.json() : { results: [] };
        if (turn === this.asked) {
            this.show(results.slice(0, MOST_SHOWN));
        }
    }

    // [{ text, uses, alias }]: the name of a tag, how often it is used, the other word for it that was typed.
    show(tags) {
        this.chosen = -1;
        this.list.replaceChildren(
            ...tags.map(({ text, uses, alias }, index) => {
                const item = document.createElement("li");
                item.id = `${this.list.id}_${index}`;
                item.setAttribute("role", "option");
                item.setAttribute("aria-selected", "false");
                item.dataset.name = text;
                item.append(isolated("bdi", text));
                if (alias) {
                    item.append(" ← ", isolated("bdi", alias));
                }
                if (uses) {
                    item.append(" ", Object.assign(isolated("span", uses), { className: "tag-uses" }));
                }
                return item;
            }),
        );
        this.list.hidden = tags.length === 0;
        this.input.setAttribute("aria-expanded", String(tags.length > 0));
        this.input.removeAttribute("aria-activedescendant");
    }

    choose(index) {
        const items = [...this.list.children];
        this.chosen = (index + items.length) % items.length;
        items.forEach((item, i) => item.setAttribute("aria-selected", String(i === this.chosen)));
        this.input.setAttribute("aria-activedescendant", items[this.chosen].id);
        items[this.chosen].scrollIntoView({ block: "nearest" });
    }

    take(name) {
        replaceLastTag(this.input, name);
        this.show([]);
    }

    onKey(event) {
        if (this.list.hidden) {
            return;
        }
        if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            this.choose(event.key === "ArrowDown" ? this.chosen + 1 : Math.max(this.chosen, 0) - 1);
        } else if (event.key === "Enter" && this.chosen >= 0) {
            this.take(this.list.children[this.chosen].dataset.name);
        } else if (event.key === "Escape") {
            this.show([]);
        } else {
            return;
        }
        event.preventDefault();
    }
}

document.addEventListener("DOMContentLoaded", () => {
    for (const input of document.querySelectorAll("input[data-suggestions]")) {
        new TagSuggestions(input);
    }
});
