// The checklist above the form of an article: asked for when the form is there, follows what is typed, and mends without
// leaving the page. Without this a link asks for what is stored, and mending leads over a page of its own.
"use strict";

class Checklist {
    static PAUSE = 1500; // ms

    constructor(box, typed) {
        this.box = box;
        this.typed = typed;
        this.items = box.querySelector(".checklist-items");
        this.dialog = box.querySelector("dialog");
        typed.onPause(Checklist.PAUSE, () => this.look());
        this.items.addEventListener("click", (event) => this.onClick(event));
        this.dialog.querySelector("[data-apply]").addEventListener("click", () => this.apply());
        this.dialog.querySelector("[data-cancel]").addEventListener("click", () => this.dialog.close());
        if ("asksLater" in this.items.dataset) {
            this.look();
        }
    }

    // Only the newest answer counts; without one the old list stays.
    async look() {
        this.asked?.abort();
        this.asked = new AbortController();
        try {
            const response = await this.typed.send(this.box.dataset.check, {}, this.asked.signal);
            if (response.ok) {
                this.show(await response.text());
            }
        } catch {
            // the next pause asks again
        }
    }

    // What somebody opened, closed or stands on stays so.
    show(html) {
        const open = [...this.items.querySelectorAll("details")].map((one) => [one.className, one.open]);
        const focused = this.items.contains(document.activeElement) ? document.activeElement : null;
        const key = focused?.value || focused?.getAttribute("href");
        this.items.innerHTML = html; // our own template, escaped there
        delete this.items.dataset.asksLater;
        for (const [name, isOpen] of open) {
            this.items.querySelector(`details.${name}`)?.toggleAttribute("open", isOpen);
        }
        const again = [...this.items.querySelectorAll("a, button")].find((one) => key && (one.value || one.getAttribute("href")) === key);
        again?.focus();
    }

    onClick(event) {
        const button = event.target.closest(".checklist-mend");
        if (button) {
            event.preventDefault();
            this.ask(button.value);
        }
    }

    async ask(check) {
        try {
            const response = await this.typed.send(this.box.dataset.mend, { _mend: check });
            if (!response.ok) {
                return;
            }
            const place = this.dialog.querySelector("[data-changes]");
            place.innerHTML = await response.text(); // our own template, escaped there
            this.dialog.querySelector("[data-apply]").hidden = !this.fields().length;
            this.dialog.showModal();
        } catch {
            // no answer, nothing is changed
        }
    }

    fields() {
        return [...this.dialog.querySelectorAll("textarea[data-field]")];
    }

    // Into the form, as if it had been typed; it is saved with everything else.
    apply() {
        for (const { dataset, value } of this.fields()) {
            const editor = window.CKEDITOR?.instances[`id_${dataset.field}`];
            const input = this.typed.form.elements.namedItem(dataset.field);
            if (editor) {
                editor.setData(value, { callback: () => editor.fire("change") });
            } else if (input) {
                input.value = value;
                input.dispatchEvent(new Event("input", { bubbles: true }));
                input.dispatchEvent(new Event("change", { bubbles: true }));
            }
        }
        this.dialog.close();
        setTimeout(() => this.look(), 300); // the editor sets its text a moment later
    }
}

document.addEventListener("DOMContentLoaded", () => {
    const box = document.getElementById("checklist");
    const typed = box && TypedForm.here();
    if (typed) {
        new Checklist(box, typed);
    }
});
