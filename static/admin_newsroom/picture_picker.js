// The window that picks a picture from the library, for a field that points at one and for the text of an article.
// Without this script the field is Django's own list, and the page of a picture says what to paste into a text.
"use strict";

// A block, because this is a plain script among others on the page of an article.
{
    class PicturePicker {
        constructor() {
            this.box = document.createElement("dialog");
            this.box.className = "picture-dialog";
            this.box.setAttribute("aria-labelledby", "pick-title");
            document.body.append(this.box);
            this.box.addEventListener("click", (event) => this.onClick(event));
            this.box.addEventListener("submit", (event) => this.onSubmit(event));
            this.box.addEventListener("change", (event) => this.onChange(event));
            this.box.addEventListener("dragover", (event) => event.preventDefault());
            this.box.addEventListener("drop", (event) => this.onDrop(event));
            this.box.addEventListener("close", () => this.onClose());
        }

        // `start` is the address of a picture whose words are asked for at once, `done` gets what images.admin.picking
        // answers, `closed` is called where nothing was chosen.
        open({ address, place, failed, done, start = "", closed = () => {} }) {
            Object.assign(this, { address, place, failed, done, closed, isDone: false, listed: address });
            this.box.replaceChildren();
            this.box.showModal();
            this.load(start ? this.placed(start) : address);
        }

        placed(address) {
            return `${address}?place=${this.place}`;
        }

        async load(address, options = {}) {
            this.box.setAttribute("aria-busy", "true");
            try {
                const response = await fetch(address, { credentials: "same-origin", ...options });
                const kind = response.headers.get("Content-Type") ?? "";
                if (kind.startsWith("application/json")) {
                    return { response, answer: await response.json() };
                }
                if (!response.ok && response.status !== 422) {
                    throw new Error(response.statusText);
                }
                this.show(await response.text());
                return { response };
            } catch {
                this.say(this.failed);
                return {};
            } finally {
                this.box.removeAttribute("aria-busy");
            }
        }

        // HTML of our own server.
        show(html) {
            this.box.innerHTML = html;
            this.box.scrollTop = 0;
            this.box.dispatchEvent(new CustomEvent("newsroom:shown", { bubbles: true }));
            const first = this.box.querySelector(".errorlist ~ * textarea, [data-use-form] textarea, #pick_q, #pick-title");
            first?.focus();
        }

        say(text) {
            const status = this.box.querySelector(".pick-status");
            if (status) {
                status.textContent = text;
            } else {
                this.box.textContent = text;
            }
        }

        onClick({ target }) {
            const button = target.closest("button");
            if (target === this.box || button?.matches("[data-close]")) {
                this.box.close();
            } else if (button?.dataset.use) {
                this.load(this.placed(button.dataset.use));
            } else if (button?.matches("[data-back]")) {
                this.load(this.listed);
            } else if (button?.dataset.page) {
                const address = new URL(this.listed, window.location.href);
                address.searchParams.set("p", button.dataset.page);
                this.list(address);
            }
        }

        list(address) {
            this.listed = address;
            this.load(address);
        }

        onSubmit(event) {
            event.preventDefault();
            const form = event.target;
            if (form.matches("[data-search]")) {
                const query = new URLSearchParams(new FormData(form));
                this.list(`${this.address}?${query}`);
            } else if (form.matches("[data-use-form]")) {
                this.use(form);
            } else if (form.matches("[data-instead]")) {
                this.load(form.action, { method: "POST", body: new FormData(form, event.submitter) });
            }
        }

        async use(form) {
            const { answer } = await this.load(form.action, { method: "POST", body: new FormData(form) });
            if (answer) {
                this.isDone = true;
                this.box.close();
                this.done(answer);
            }
        }

        onChange({ target }) {
            if (target.matches("[data-upload] input[type=file]") && target.files.length) {
                this.upload(target.files[0]);
            }
        }

        onDrop(event) {
            event.preventDefault();
            if (event.dataTransfer.files.length && this.box.querySelector("[data-upload]")) {
                this.upload(event.dataTransfer.files[0]);
            }
        }

        async upload(file) {
            const form = this.box.querySelector("[data-upload]");
            const data = new FormData(form);
            data.set("files", file);
            const { answer } = await this.load(form.action, {
                method: "POST",
                body: data,
                headers: { Accept: "application/json" },
            });
            if (answer?.id) {
                this.load(this.placed(answer.use));
            } else if (answer) {
                this.say(answer.error.message);
                form.reset();
            }
        }

        onClose() {
            this.box.replaceChildren();
            if (!this.isDone) {
                this.closed();
            }
        }
    }

    let picker = null;

    function open(options) {
        picker ??= new PicturePicker();
        picker.open(options);
    }

    // A field that points at a picture

    class PictureField {
        constructor(select) {
            this.select = select;
            const { dataset } = select;
            this.button = document.createElement("button");
            Object.assign(this.button, { type: "button", className: "button picture-open", textContent: dataset.pictureLabel });
            this.button.addEventListener("click", () =>
                open({
                    address: dataset.picturePick,
                    place: "field",
                    failed: dataset.pictureFailed,
                    done: (picture) => this.put(picture),
                    closed: () => this.button.focus(),
                }),
            );
            this.panel = document.createElement("div");
            this.panel.className = "picture-chosen";
            const row = select.closest(".related-widget-wrapper") ?? select.parentElement;
            row.after(this.button, this.panel);
            django.jQuery(select).on("change", () => this.show());
            this.show();
        }

        put({ id, title }) {
            const known = [...this.select.options].find((option) => option.value === String(id));
            if (known) {
                known.text = title;
            } else {
                this.select.append(new Option(title, id));
            }
            this.select.value = String(id);
            django.jQuery(this.select).trigger("change");
            this.button.focus();
        }

        // The picture as it stands now, with its crops and what is wrong with it.
        async show() {
            const asked = this.select.value;
            if (!asked) {
                this.panel.replaceChildren();
                return;
            }
            const address = this.select.dataset.pictureChosen.replace("/0/", `/${asked}/`);
            const response = await fetch(address, { credentials: "same-origin" }).catch(() => null);
            if (response?.ok && this.select.value === asked) {
                this.panel.innerHTML = await response.text();
            }
        }
    }

    // The text area of a newsroom without the editor: the figure goes where the cursor stands.
    function addPlainButton(area) {
        const button = document.createElement("button");
        Object.assign(button, { type: "button", className: "button picture-open", textContent: area.dataset.pictureLabel });
        button.addEventListener("click", () =>
            open({
                address: area.dataset.picturePlain,
                place: "body",
                failed: area.dataset.pictureFailed,
                done: ({ figure }) => {
                    area.setRangeText(`\n${figure}\n`, area.selectionStart, area.selectionEnd, "end");
                    area.dispatchEvent(new Event("input", { bubbles: true }));
                    area.focus();
                },
            }),
        );
        area.before(button);
    }

    // The editor asks from its own script (richtext/editor.js).
    document.addEventListener("newsroom:pick-picture", ({ detail }) => open(detail));

    // After Django has made its lists.
    django.jQuery(() => {
        for (const select of document.querySelectorAll("select[data-picture-pick]:not([name*=__prefix__])")) {
            new PictureField(select);
        }
        document.querySelectorAll("textarea[data-picture-plain]").forEach(addPlainButton);
    });
}
