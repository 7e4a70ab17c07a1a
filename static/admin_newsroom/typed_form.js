// The form of an article as it stands, the editor's text included: for whatever sends it somewhere while it is written.
// Other scripts of the page use `TypedForm.here()`, once the document is there; null where nothing can be typed.
"use strict";

class TypedForm {
    static LOOK = 500; // ms

    static here() {
        const form = document.getElementById("article_form");
        const isEditable = form?.elements.namedItem("headline") instanceof HTMLElement;
        TypedForm.one ??= isEditable ? new TypedForm(form) : null;
        return TypedForm.one;
    }

    constructor(form) {
        this.form = form;
        this.edits = 0;
        this.watchers = [];
        const watch = (editor) => editor.on("change", () => this.edits++);
        this.editors().forEach(watch);
        // Until then an editor fills itself.
        window.CKEDITOR?.on("instanceReady", ({ editor }) => watch(editor));
    }

    editors() {
        return Object.values(window.CKEDITOR?.instances || {});
    }

    // Also before it is there; not with EDITOR=plain.
    isEditor(name) {
        return this.form.elements[name].dataset?.type === "ckeditortype";
    }

    // All but the editors, in one text: calendars and lists write into boxes without telling anybody, so the boxes are
    // read. Without buttons: FormData has none unless one was pressed.
    boxes() {
        const parts = [];
        for (const [name, value] of new FormData(this.form)) {
            if (!this.isEditor(name) && name !== "csrfmiddlewaretoken") {
                parts.push(`${name}=${value}`);
            }
        }
        return parts.join("\n");
    }

    // Another one whenever something was typed.
    signature() {
        return `${this.edits}\n${this.boxes()}`;
    }

    // [name, value] of all that stands in it, without the token and the empty rows from which new ones are made.
    fields() {
        const fields = [];
        for (const [name, value] of new FormData(this.form)) {
            if (name !== "csrfmiddlewaretoken" && !name.includes("__prefix__")) {
                fields.push([name, window.CKEDITOR?.instances[`id_${name}`]?.getData() ?? value]);
            }
        }
        return fields;
    }

    data(more = {}) {
        const data = new FormData();
        for (const [name, value] of [...this.fields(), ...Object.entries(more)]) {
            data.append(name, value);
        }
        return data;
    }

    // Whoever signed in again in another tab has a new token; this page has the old one.
    token() {
        const name = document.getElementById("autosave")?.dataset.cookie;
        const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
        return found ? decodeURIComponent(found.slice(name.length + 1)) : this.form.elements.csrfmiddlewaretoken.value;
    }

    // POST of the whole form to an address that looks at it and writes nothing. Give it a `signal` to take it back.
    send(address, more = {}, signal = undefined) {
        return fetch(address, {
            method: "POST",
            body: this.data(more),
            headers: { "X-CSRFToken": this.token(), "X-Requested-With": "fetch" },
            credentials: "same-origin",
            redirect: "error",
            signal,
        });
    }

    // Calls `look` whenever what was typed has stood still for `pause` ms; one clock for all who ask.
    onPause(pause, look) {
        this.watchers.push({ pause, look, seen: this.signature(), typedAt: 0 });
        this.clock ??= setInterval(() => this.tick(), TypedForm.LOOK);
    }

    tick() {
        if (document.hidden) {
            return;
        }
        const signature = this.signature();
        for (const watcher of this.watchers) {
            if (signature !== watcher.seen) {
                Object.assign(watcher, { seen: signature, typedAt: Date.now() });
            } else if (watcher.typedAt && Date.now() - watcher.typedAt >= watcher.pause) {
                watcher.typedAt = 0;
                watcher.look();
            }
        }
    }
}
