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

    // False where the browser has no room for it, or keeps nothing at all. What only this browser has stays.
    write(window, copy) {
        const text = JSON.stringify(copy);
        for (let attempt = 0; attempt <= MOST_COPIES; attempt++) {
            try {
                localStorage.setItem(this.prefix + window, text);
                return true;
            } catch {
                const oldest = this.all().find(([key, { isSent }]) => isSent && key !== this.prefix + window);
                if (!oldest) {
                    return false;
                }
                localStorage.removeItem(oldest[0]);
            }
        }
        return false;
    }

    // 0 where there is none.
    stampOf(window) {
        return readCopy(this.prefix + window).at;
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

    // Everybody's that nobody came back for, and of one's own that were sent the oldest beyond a number.
    tidy() {
        for (const [key, copy] of this.all(COPIES)) {
            if (!(copy.at > Date.now() - COPY_KEPT)) {
                localStorage.removeItem(key);
            }
        }
        for (const [key] of this.all().filter(([, { isSent }]) => isSent).slice(0, -MOST_COPIES)) {
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
        // What stands in the form has a stamp: ms since 1970, made to grow in this window whatever happens to the clock,
        // so that the server knows what is newest, in whatever order it hears of it. 0: nothing was typed.
        this.latest = this.copies.stampOf(this.window);
        // Of what stands here, what the server answered, what it keeps, and what this browser keeps.
        this.stamp = this.answered = this.kept = this.copied = 0;
        // On the clock of performance.now(), which nobody sets.
        this.firstTypedAt = this.typedAt = this.sentAt = this.askedAt = this.beatAt = -Infinity;
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
            this.removeBroughtBack(...input.value.split(":"));
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
        const now = performance.now();
        const isDue = this.hasFailed
            ? now - this.askedAt >= LONGEST_UNSENT
            : now - this.typedAt >= PAUSE || now - Math.max(this.sentAt, this.firstTypedAt) >= LONGEST_UNSENT;
        if (this.isUnsent() && isDue && !this.isSending) {
            this.send({ _typed: "1", _here: "1" });
        } else if (!document.hidden && !this.isSending && now - this.beatAt >= HEARTBEAT) {
            this.send({ _here: "1" });
        }
    }

    isUnsent() {
        return this.stamp > this.answered;
    }

    nextStamp() {
        this.latest = Math.max(Date.now(), this.latest + 1);
        return this.latest;
    }

    // Copies what is new into the browser at once.
    notice() {
        const signature = this.typed.signature();
        if (signature !== this.seen) {
            this.seen = signature;
            this.typedAt = performance.now();
            this.firstTypedAt = this.isUnsent() ? this.firstTypedAt : this.typedAt;
            this.stamp = this.nextStamp();
            this.copy(this.typed.fields(), false);
        }
    }

    // `isSent`: the server has it, or the form was sent with it, so it may go first when room is needed.
    copy(fields, isSent) {
        if (this.copies.write(this.window, { at: this.stamp, story: this.texts.story, isSent, fields })) {
            this.copied = this.stamp;
        }
    }

    // The server

    async send(marks, fields = this.typed.fields(), { isFarewell = false, stamp = this.stamp } = {}) {
        const data = new FormData();
        for (const [name, value] of marks._typed ? fields : fields.filter(([name]) => ["window", "version"].includes(name))) {
            data.append(name, value);
        }
        Object.entries({ ...marks, ...(marks._typed && { _stamp: stamp }) }).forEach(([name, value]) => data.append(name, value));
        const startedAt = performance.now();
        this.isSending ||= !isFarewell;
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
                if (response.ok) {
                    this.sentAt = startedAt;
                    this.learn(answer, stamp, fields);
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
            this.isSending &&= isFarewell;
        }
    }

    // What the answer to a sending of this window says. What it did not keep, and says why, stands in this browser alone.
    learn(answer, stamp, fields) {
        if (answer.newest > stamp) {
            this.latest = Math.max(this.latest, answer.newest);
            if (this.stamp === stamp) {
                this.stamp = this.nextStamp(); // a clock that was set back, and no copy that told: once more
            }
            return;
        }
        this.answered = Math.max(this.answered, stamp);
        if (answer.kept === true || !answer.status) {
            this.kept = Math.max(this.kept, stamp);
        }
        if (answer.kept === true && this.stamp === stamp) {
            this.copy(fields, true);
        } else if (answer.kept === false && !answer.status && this.stamp === stamp) {
            this.copies.remove(this.window); // typed and taken back
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
            if (marks._typed || !this.isUnsent()) {
                this.say(answer.status || "");
            }
        }
    }

    say(text, signIn = "") {
        const sentence = !text && this.isUnsent() ? this.status.textContent : text;
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
        this.notice();
        this.stamp ||= this.nextStamp();
        this.copy(this.typed.fields(), true);
        this.stampForm();
        // Whoever signed in again in another tab has a new token; this page has the old one.
        this.form.elements.csrfmiddlewaretoken.value = cookie(this.texts.cookie) || this.form.elements.csrfmiddlewaretoken.value;
    }

    // An autosave that is still under way is older than what is sent now.
    stampForm() {
        this.stampBox ??= Object.assign(document.createElement("input"), { type: "hidden", name: "_stamp" });
        this.stampBox.value = this.stamp;
        this.form.append(this.stampBox);
    }

    onClick({ target }) {
        if (target.name === "_discard_text" || target.name === "_bring_back") {
            this.copies.remove(target.closest("[data-window]").dataset.window);
        }
    }

    isKeptNowhere() {
        return this.stamp > this.kept && this.stamp > this.copied;
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
        const isSmall = new Blob(fields.flat()).size + 200 * fields.length < LARGEST_FAREWELL;
        if (this.isUnsent()) {
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
        this.stampBox?.remove();
        this.beatAt = -Infinity;
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

    // As name_brought_back in articles/unsaved.py: that window may have been typed into since.
    removeBroughtBack(window, stamp = "0") {
        if (stamp === "0" || this.copies.stampOf(window) <= Number(stamp)) {
            this.copies.remove(window);
        }
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
            const answer = await this.send({ _typed: "1", _adopt: "1" }, copy.fields, { stamp: copy.at });
            // Not kept, and a sentence why: too long for the server, or one too many, so this copy is the only one.
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
