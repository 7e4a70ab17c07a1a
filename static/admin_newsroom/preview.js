// The preview beside the form of an article: what stands in the form, in a window as wide as a reader's, anew whenever
// typing pauses. Without this each button of the pane opens its preview in a tab.
"use strict";

class PreviewPane {
    static PAUSE = 900; // ms without a key
    static PAPER = 794; // px: 210 mm
    static KEPT = "newsroom-preview";

    constructor(pane, typed) {
        this.pane = pane;
        this.typed = typed;
        this.box = pane.querySelector(".preview-box");
        this.status = pane.querySelector(".preview-status");
        this.fold = pane.querySelector(".preview-fold");
        this.number = 0;
        this.isAsked = this.hasFailed = false;
        const isWide = matchMedia("(min-width: 1260px)").matches;
        this.state = { isOpen: isWide, kind: "page", width: 360, scheme: "light", ...this.kept() };
    }

    start() {
        for (const part of this.pane.querySelectorAll(".preview-live, .preview-box, .preview-fold")) {
            part.hidden = false;
        }
        this.pane.addEventListener("click", (event) => this.onClick(event));
        document.addEventListener("keydown", (event) => {
            // By its place on the keyboard: an Arabic layout has another letter there.
            if (event.altKey && !event.ctrlKey && event.code === "KeyP") {
                event.preventDefault();
                this.showNow();
            }
        });
        const listen = (editor) => editor.on("key", ({ data, cancel }) => {
            if (data.keyCode === window.CKEDITOR.ALT + 80) {
                cancel();
                this.showNow();
            }
        });
        this.typed.editors().forEach(listen);
        window.CKEDITOR?.on("instanceReady", ({ editor }) => {
            listen(editor);
            this.refresh(); // the first one was sent without the text
        });
        new ResizeObserver(() => this.fit()).observe(this.box);
        this.typed.onPause(PreviewPane.PAUSE, () => this.refresh());
        this.show();
    }

    kept() {
        try {
            return JSON.parse(sessionStorage.getItem(PreviewPane.KEPT)) || {};
        } catch {
            return {}; // this browser keeps nothing
        }
    }

    keep() {
        try {
            sessionStorage.setItem(PreviewPane.KEPT, JSON.stringify(this.state));
        } catch {
            // this browser keeps nothing
        }
    }

    onClick(event) {
        const button = event.target.closest("button");
        if (!button) {
            return;
        }
        event.preventDefault(); // nothing of the form itself is sent
        const { kind, width, scheme, tab } = button.dataset;
        if (tab !== undefined) {
            this.send("_blank");
            return;
        }
        if (button === this.fold) {
            this.state.isOpen = !this.state.isOpen;
        }
        Object.assign(this.state, kind && { kind }, width && { width: Number(width) }, scheme && { scheme });
        this.keep();
        this.show(button !== this.fold);
    }

    showNow() {
        this.state.isOpen = true;
        this.keep();
        this.show(true);
        this.pane.scrollIntoView({ block: "nearest" });
    }

    // `isAsked`: somebody wants to hear that it is there. What follows the typing is not announced.
    show(isAsked = false) {
        const { isOpen, kind, width, scheme } = this.state;
        const both = this.pane.parentElement;
        both.classList.toggle("is-open", isOpen);
        both.classList.toggle("is-folded", !isOpen);
        document.getElementById("preview-body").hidden = !isOpen;
        this.fold.setAttribute("aria-expanded", String(isOpen));
        this.fold.textContent = isOpen ? this.pane.dataset.fold : this.pane.dataset.unfold;
        for (const button of this.pane.querySelectorAll("[data-kind], [data-width], [data-scheme]")) {
            const chosen = button.dataset.kind ?? button.dataset.width ?? button.dataset.scheme;
            button.setAttribute("aria-pressed", String([kind, String(width), scheme].includes(chosen)));
        }
        this.refresh(isAsked);
    }

    // A frame of its own for each time: in one frame every preview would be a step of the button "back". The old one
    // stays until the new one is there, and hands over its place in the page.
    refresh(isAsked = false) {
        if (!this.state.isOpen || !navigator.onLine) {
            return;
        }
        this.isAsked ||= isAsked; // also where the next one overtakes it
        this.box.querySelector(".is-loading")?.remove();
        const old = this.box.querySelector("iframe");
        const fresh = document.createElement("iframe");
        Object.assign(fresh, { name: `preview-${++this.number}`, title: this.pane.dataset.frame, className: "is-loading" });
        fresh.setAttribute("sandbox", "allow-same-origin");
        this.box.append(fresh);
        this.fit();
        fresh.addEventListener("load", () => this.arrived(fresh, old));
        this.send(fresh.name);
    }

    arrived(fresh, old) {
        const inside = fresh.contentDocument; // null: the browser shows an error page of its own
        if (inside?.URL === "about:blank") {
            return;
        }
        if (!inside?.body?.childElementCount || "refused" in inside.documentElement.dataset) {
            fresh.remove();
            this.hasFailed = true;
            this.say(inside?.querySelector("main p")?.textContent || this.pane.dataset.failed);
            return;
        }
        const isSameSheet = old?.dataset.kind === this.state.kind;
        const [x, y] = isSameSheet ? [old.contentWindow.scrollX, old.contentWindow.scrollY] : [0, 0];
        fresh.contentWindow.scrollTo({ left: x, top: y, behavior: "instant" });
        fresh.dataset.kind = this.state.kind;
        const hasFocus = document.activeElement === old;
        fresh.classList.remove("is-loading");
        old?.remove();
        if (hasFocus) {
            fresh.focus({ preventScroll: true });
        }
        if (this.isAsked || this.hasFailed) {
            this.say(this.isAsked ? this.pane.dataset.refreshed : "");
        }
        this.isAsked = this.hasFailed = false;
    }

    say(sentence) {
        this.status.textContent = sentence;
    }

    // By a form of its own: sending that of the article would mean to save it.
    send(target) {
        const { kind, scheme } = this.state;
        const button = this.pane.querySelector(`[data-kind="${kind}"]`) || this.pane.querySelector("[data-kind]");
        const form = document.createElement("form");
        const action = `${button.getAttribute("formaction")}&scheme=${scheme}`;
        Object.assign(form, { method: "post", action, target, hidden: true });
        for (const [name, value] of [...this.typed.fields(), ["csrfmiddlewaretoken", this.typed.token()]]) {
            const input = document.createElement("textarea"); // line ends stay
            Object.assign(input, { name, value });
            form.append(input);
        }
        document.body.append(form);
        HTMLFormElement.prototype.submit.call(form);
        form.remove();
    }

    // The window is really as wide as it says, and drawn smaller where there is less room.
    fit() {
        const width = this.state.kind === "print" ? PreviewPane.PAPER : this.state.width;
        const scale = Math.min(1, this.box.clientWidth / width);
        for (const frame of this.box.querySelectorAll("iframe")) {
            frame.style.width = `${width}px`;
            frame.style.height = `${this.box.clientHeight / scale}px`;
            frame.style.transform = `scale(${scale})`;
        }
    }
}

document.addEventListener("DOMContentLoaded", () => {
    const pane = document.getElementById("preview-pane");
    const typed = TypedForm.here();
    if (pane && typed) {
        new PreviewPane(pane, typed).start();
    }
});
