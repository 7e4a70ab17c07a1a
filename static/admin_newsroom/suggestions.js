// Proposes tags and related articles while a text is written, and takes a choice without leaving the page.
// Without this a link asks for what the stored text proposes, and each button sends its form.
"use strict";

const SUGGEST_AFTER = 1500; // ms

class TagPanel {
    constructor(panel) {
        this.panel = panel;
        this.chips = document.getElementById("tag-chips");
        this.input = document.getElementById("id_tags");
        const row = document.querySelector(".field-tags");
        if (!this.input || !row) {
            return;
        }
        row.append(panel);
        panel.addEventListener("click", (event) => this.onClick(event));
    }

    onClick(event) {
        const chip = event.target.closest("button[name=_add_tag]");
        if (!chip) {
            return;
        }
        event.preventDefault();
        const before = this.input.value.replace(/[\s,،؛]+$/, "");
        this.input.value = `${before}${before && "، "}${chip.value}، `;
        chip.closest("li").remove();
        if (!this.chips.querySelector("li")) {
            this.chips.replaceChildren();
        }
        this.input.focus();
    }
}

class RelatedPanel {
    constructor(panel) {
        this.panel = panel;
        this.typed = TypedForm.here();
        panel.addEventListener("click", (event) => this.onClick(event));
        panel.addEventListener("dragstart", (event) => this.onDragStart(event));
        panel.addEventListener("dragover", (event) => this.onDragOver(event));
        panel.addEventListener("drop", (event) => event.preventDefault());
        panel.addEventListener("dragend", () => this.onDragEnd());
        this.offerReadAlso();
    }

    show(html, said = "") {
        this.panel.innerHTML = html;
        this.offerReadAlso();
        this.panel.querySelector("[role=status]").textContent = said;
    }

    offerReadAlso() {
        const hasRows = document.querySelector("#related_links-group .add-row a, #related_links-empty");
        for (const button of this.panel.querySelectorAll("[data-read-also]")) {
            button.hidden = !hasRows;
        }
    }

    async onClick(event) {
        const button = event.target.closest("button");
        if (button?.dataset.readAlso) {
            this.addReadAlso(button);
        } else if (button?.name && button.form) {
            event.preventDefault();
            const place = [...this.panel.querySelectorAll("button[name]")].indexOf(button);
            await this.choose(button.form, { [button.name]: button.value });
            const buttons = this.panel.querySelectorAll("button[name]");
            buttons[Math.min(place, buttons.length - 1)]?.focus();
        }
    }

    // The whole form goes along, so that what is proposed next is about the text as it stands.
    async choose(form, deed) {
        const data = this.typed ? this.typed.data(deed) : new FormData();
        for (const [name, value] of [...new FormData(form), ...Object.entries(deed)]) {
            data.set(name, value);
        }
        const headers = { "X-Requested-With": "fetch" };
        const response = await fetch(form.action, { method: "POST", body: data, headers }).catch(() => null);
        if (response?.ok && response.headers.get("Content-Type")?.startsWith("application/json")) {
            const { related, said } = await response.json();
            this.show(related, said);
        } else {
            // Signed out, or the network is gone: the ordinary way says so.
            for (const [name, value] of Object.entries(deed)) {
                form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
            }
            form.submit();
        }
    }

    // A new row of «Read also» with the article in it; saved with the form.
    addReadAlso(button) {
        document.querySelector("#related_links-group .add-row a")?.click();
        const rows = document.querySelectorAll("#related_links-group select[name$=-target]:not([name*=__prefix__])");
        const select = [...rows].find((one) => !one.value);
        if (select) {
            select.append(new Option(button.dataset.headline, button.dataset.readAlso, true, true));
            select.dispatchEvent(new Event("change", { bubbles: true }));
            window.django?.jQuery(select).trigger("change");
            button.disabled = true;
            select.closest("tr, .form-row")?.scrollIntoView({ block: "center" });
        }
    }

    onDragStart(event) {
        this.dragged = event.target.closest?.(".related-pinned > li");
        this.before = this.order();
        event.dataTransfer.effectAllowed = "move";
    }

    onDragOver(event) {
        const over = event.target.closest(".related-pinned > li");
        if (!this.dragged || !over) {
            return;
        }
        event.preventDefault();
        const box = over.getBoundingClientRect();
        const isBelow = event.clientY > box.top + box.height / 2;
        if (over !== this.dragged) {
            over[isBelow ? "after" : "before"](this.dragged);
        }
    }

    onDragEnd() {
        if (this.dragged && this.order() !== this.before) {
            this.choose(this.panel.querySelector("form"), { _order: this.order() });
        }
        this.dragged = null;
    }

    order() {
        return [...this.panel.querySelectorAll(".related-pinned > li")].map((row) => row.dataset.key).join(",");
    }
}

class Suggestions {
    constructor(tags, related) {
        Object.assign(this, { tags, related });
        this.typed = TypedForm.here();
        this.address = related?.panel.dataset.suggest;
        if (this.typed && this.address) {
            this.typed.onPause(SUGGEST_AFTER, () => this.ask());
            if (related.panel.querySelector("[data-asks-later]")) {
                this.ask();
            }
        }
    }

    async ask() {
        this.asked?.abort();
        this.asked = new AbortController();
        const response = await this.typed.send(this.address, {}, this.asked.signal).catch(() => null);
        if (!response?.ok || !response.headers.get("Content-Type")?.startsWith("application/json")) {
            return; // what was proposed before stays
        }
        const { tags, related } = await response.json();
        if (this.tags && !this.tags.chips.contains(document.activeElement)) {
            this.tags.chips.innerHTML = tags;
        }
        if (!this.related.panel.contains(document.activeElement)) {
            this.related.show(related);
        }
    }
}

document.addEventListener("DOMContentLoaded", () => {
    const tags = document.getElementById("tag-panel");
    const related = document.getElementById("related");
    if (related) {
        new Suggestions(tags && new TagPanel(tags), new RelatedPanel(related));
    }
});
