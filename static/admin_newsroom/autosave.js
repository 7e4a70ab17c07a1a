// Keeps what is typed into the form of an article: on the server and in this browser, until it is saved.
// Says who else is here. Without this the form works as ever; what it cannot save comes back in a page.
"use strict";

// Milliseconds.
const LOOK = 1000;
const PAUSE = 2000;
const LONGEST_UNSENT = 10000;
const HEARTBEAT = 15000;
const COPY_KEPT = 14 * 24 * 3600 * 1000;
const MOST_COPIES = 20;
const COPIES = "newsroom-unsaved:";
// A request that may outlive its page carries no more than this many bytes (Fetch Standard, 64 KiB in all).
const LARGEST_FAREWELL = 60000;

// The copies in this browser: one an open window of one person, so that nobody is shown another's.
class Copies {
    constructor(user) {
        this.prefix = `${COPIES}${user}:`;
    }

    // False where the browser has no room for it, or keeps nothing at all.
    write(window, copy) {
        const text = JSON.stringify(copy);
        for (let attempt = 0; attempt <= MOST_COPIES; attempt++) {
            try {
                localStorage.setItem(this.prefix + window, text);
                return true;
            } catch {
                const oldest = this.all().filter(([key]) => key !== this.prefix + window)[0];
                if (!oldest) {
                    return false;
                }
                localStorage.removeItem(oldest[0]);
            }
        }
        return false;
    }

    remove(window) {
        try {
            localStorage.removeItem(this.prefix + window);
        } catch {
            // nothing is kept there
        }
    }

    // [key, copy], the oldest first.
    all(prefix = this.prefix) {
        let keys = [];
        try {
            keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix));
        } catch {
            return [];
        }
        return keys.map((key) => [key, readCopy(key)]).sort(([, a], [, b]) => a.at - b.at);
    }

    // Everybody's that nobody came back for, and the oldest of one's own beyond a number.
    tidy() {
        for (const [key, copy] of this.all(COPIES)) {
            if (!(copy.at > Date.now() - COPY_KEPT)) {
                localStorage.removeItem(key);
            }
        }
        for (const [key] of this.all().slice(0, -MOST_COPIES)) {
            localStorage.removeItem(key);
        }
    }
}

function readCopy(key) {
    try {
        return { at: 0, ...JSON.parse(localStorage.getItem(key)) };
    } catch {
        return { at: 0 };
    }
}

function cookie(name) {
    const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

class Autosave {
    constructor(box) {
        this.texts = box.dataset;
        this.form = box.closest("form");
        this.typed = TypedForm.here();
        this.window = this.form.elements.window.value;
        this.copies = new Copies(this.texts.user);
        this.firstTypedAt = this.typedAt = this.copiedAt = this.sentAt = this.askedAt = this.beatAt = 0;
        this.hasFailed = this.comesBack = false;
        this.isLeaving = this.isSending = false;
        this.status = this.makeStatus();
    }

    async start() {
        this.form.autocomplete = "off";
        this.copies.tidy();
        this.holdWindow();
        this.hideOpenWindows();
        for (const input of this.form.querySelectorAll("input[name=brought_back]")) {
            this.copies.remove(input.value);
        }
        // A form that came back unsaved stands nowhere yet.
        const asShown = this.typed.boxes();
        this.seen = this.isFresh() ? this.typed.signature() : "";
        const isOffered = await this.adoptCopies();
        if (isOffered && this.typed.boxes() === asShown && !this.typed.editors().some((editor) => editor.checkDirty())) {
            window.location.reload();
            return;
        }
        setInterval(() => this.look(), LOOK);
        this.look();
        this.form.addEventListener("submit", (event) => this.onSubmit(event));
        this.form.addEventListener("click", (event) => this.onClick(event));
        window.addEventListener("pagehide", () => this.leave());
        window.addEventListener("pageshow", (event) => event.persisted && this.comeBack());
        window.addEventListener("beforeunload", (event) => this.warn(event));
        document.addEventListener("visibilitychange", () => document.hidden && this.farewell());
    }

    isFresh() {
        return "fresh" in this.texts;
    }

    makeStatus() {
        const status = document.createElement("p");
        status.className = "autosave-status";
        status.setAttribute("role", "status");
        // In a narrow window the buttons are a strip that is longer than the window: above it, then.
        const buttons = [...this.form.querySelectorAll(".submit-row")].pop();
        if (matchMedia("(max-width: 767px)").matches) {
            buttons?.before(status);
        } else {
            buttons?.append(status);
        }
        return status;
    }

    look() {
        if (this.isLeaving) {
            return;
        }
        this.notice();
        const now = Date.now();
        const isUnsent = this.typedAt > this.sentAt;
        const isDue = this.hasFailed
            ? now - this.askedAt >= LONGEST_UNSENT
            : now - this.typedAt >= PAUSE || now - Math.max(this.sentAt, this.firstTypedAt) >= LONGEST_UNSENT;
        if (isUnsent && isDue && !this.isSending) {
            this.send({ _typed: "1", _here: "1" });
        } else if (!document.hidden && !this.isSending && now - this.beatAt >= HEARTBEAT) {
            this.send({ _here: "1" });
        }
    }

    // Copies what is new into the browser at once.
    notice() {
        const signature = this.typed.signature();
        if (signature !== this.seen) {
            this.seen = signature;
            this.firstTypedAt = this.typedAt > this.sentAt ? this.firstTypedAt : Date.now();
            this.typedAt = Date.now();
            this.copy(false);
        }
    }

    copy(isSent) {
        const copy = { at: Date.now(), story: this.texts.story, isSent, fields: this.typed.fields() };
        if (this.copies.write(this.window, copy)) {
            this.copiedAt = copy.at;
        }
    }

    // The server

    async send(marks, fields = this.typed.fields(), { isFarewell = false } = {}) {
        const data = new FormData();
        for (const [name, value] of marks._typed ? fields : fields.filter(([name]) => ["window", "version"].includes(name))) {
            data.append(name, value);
        }
        Object.entries(marks).forEach(([name, value]) => data.append(name, value));
        const startedAt = Date.now();
        this.isSending = !isFarewell;
        this.askedAt = this.beatAt = startedAt;
        try {
            const response = await fetch(this.texts.url, {
                method: "POST",
                body: data,
                headers: { "X-CSRFToken": cookie(this.texts.cookie), Accept: "application/json" },
                credentials: "same-origin",
                keepalive: isFarewell,
                redirect: "error",
                signal: isFarewell ? undefined : AbortSignal.timeout(LONGEST_UNSENT),
            });
            const answer = response.headers.get("Content-Type")?.includes("json") ? await response.json() : {};
            if (marks._typed && !marks._adopt) {
                this.hasFailed = !response.ok;
                this.sentAt = response.ok ? startedAt : this.sentAt;
                if (response.ok && answer.kept === false && !answer.status && this.typedAt <= startedAt) {
                    this.copies.remove(this.window); // typed and taken back
                }
            }
            this.show(response.status, answer, marks);
            return response.ok ? answer : null;
        } catch {
            this.hasFailed = true;
            if (!this.isLeaving) {
                this.say(this.texts.offline);
            }
            return null;
        } finally {
            this.isSending = false;
        }
    }

    show(status, answer, marks) {
        if (status === 401) {
            this.say(answer.status || this.texts.signedOut, this.texts.login);
        } else if (status !== 200) {
            this.say(answer.status || this.texts.local);
        } else {
            document.getElementById("others-here").textContent = answer.others || "";
            document.getElementById("newer-version").textContent = answer.newer || "";
            if (marks._typed || this.typedAt <= this.sentAt) {
                this.say(answer.status || "");
            }
        }
    }

    say(text, signIn = "") {
        const sentence = this.typedAt && !text && this.typedAt > this.sentAt ? this.status.textContent : text;
        if (this.status.firstChild?.textContent === sentence && Boolean(signIn) === Boolean(this.status.querySelector("a"))) {
            return;
        }
        this.status.textContent = sentence;
        if (signIn) {
            const link = document.createElement("a");
            Object.assign(link, { href: signIn, target: "_blank", rel: "noopener", textContent: this.texts.signIn });
            this.status.append(" ", link);
        }
    }

    // Coming and going

    onSubmit({ submitter }) {
        this.isLeaving = true;
        // Most buttons come back to this form: whoever saves is not gone.
        this.comesBack = submitter?.name !== "_save";
        this.copy(true);
        // Whoever signed in again in another tab has a new token; this page has the old one.
        this.form.elements.csrfmiddlewaretoken.value = cookie(this.texts.cookie) || this.form.elements.csrfmiddlewaretoken.value;
    }

    onClick({ target }) {
        if (target.name === "_discard_text" || target.name === "_bring_back") {
            this.copies.remove(target.closest("[data-window]").dataset.window);
        }
    }

    isKeptNowhere() {
        return this.typedAt > this.sentAt && this.typedAt > this.copiedAt;
    }

    warn(event) {
        if (this.isLeaving) {
            return;
        }
        this.notice();
        if (this.isKeptNowhere()) {
            this.say(this.texts.nowhere);
            event.preventDefault();
        }
    }

    farewell() {
        if (this.isLeaving) {
            return;
        }
        this.notice();
        const fields = this.typed.fields();
        const isUnsent = this.typedAt > this.sentAt;
        const isSmall = new Blob(fields.flat()).size + 200 * fields.length < LARGEST_FAREWELL;
        if (isUnsent) {
            this.send({ _typed: "1" }, fields, { isFarewell: isSmall });
        }
    }

    leave() {
        this.farewell();
        this.isLeaving = true;
        if (!this.comesBack) {
            this.send({ _leaving: "1" }, this.typed.fields(), { isFarewell: true });
        }
    }

    // Out of the browser's cache of pages, as it was left.
    comeBack() {
        this.isLeaving = this.comesBack = false;
        this.beatAt = 0;
        this.look();
    }

    // What was left behind

    // Says to the other tabs of this browser that this window is open, for as long as it is.
    holdWindow() {
        navigator.locks?.request(COPIES + this.window, () => new Promise(() => {}));
    }

    async openWindows() {
        const { held = [] } = (await navigator.locks?.query()) || {};
        return new Set(held.map((lock) => lock.name.replace(COPIES, "")));
    }

    // What stands in another open tab is not lost.
    async hideOpenWindows() {
        const open = await this.openWindows();
        for (const text of document.querySelectorAll(".unsaved-text")) {
            text.hidden = open.has(text.dataset.window);
        }
        for (const panel of document.querySelectorAll(".unsaved-panel")) {
            panel.hidden = !panel.querySelector(".unsaved-text:not([hidden])");
        }
    }

    // Hands the copies of closed windows to the server, which knows what was saved. True when it offers one back.
    async adoptCopies() {
        if (!this.isFresh()) {
            return false;
        }
        const open = await this.openWindows();
        let isOffered = false;
        for (const [key, copy] of this.copies.all()) {
            const window = key.slice(this.copies.prefix.length);
            if (copy.story !== this.texts.story || open.has(window) || window === this.window) {
                continue;
            }
            const marks = { _typed: "1", _adopt: "1", _at: `${Math.floor(copy.at / 1000)}` };
            const answer = await this.send(marks, copy.fields);
            // Not kept, and a sentence why: it is too long for the server, so this copy is the only one.
            if (answer && (answer.kept || !answer.status)) {
                this.copies.remove(window);
                isOffered ||= answer.kept && !document.querySelector(`.unsaved-text[data-window="${window}"]`);
            }
        }
        return isOffered;
    }
}

document.addEventListener("DOMContentLoaded", () => {
    const box = document.getElementById("autosave");
    if (box) {
        new Autosave(box).start();
    }
});
