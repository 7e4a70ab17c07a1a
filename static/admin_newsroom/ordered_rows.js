// Names, sources and links of an article: dragged into their order or moved by buttons. Below names and sources stands
// what readers will find printed, while it is typed. Without this script the numbers in the rows give the order, and
// the printed line is that of the last save.
"use strict";

const LINES_AFTER = 600; // ms without a change

class OrderedRows {
    constructor(box) {
        this.box = box;
        this.texts = box.dataset;
        this.prefix = box.dataset.rows;
        this.body = box.querySelector("tbody");
        this.digits = new Intl.NumberFormat(`ar-u-nu-${document.querySelector("meta[name=newsroom-digits]")?.content ?? "latn"}`);
        this.status = document.createElement("p");
        this.status.className = "ordered-status";
        this.status.setAttribute("role", "status");
        box.append(this.status);
        box.classList.add("is-ordered");
        this.nameColumns();
        this.rows().forEach((row) => this.equip(row));
        // After a form that was refused rows stand in the order in which they were made.
        this.sort((row) => Number(this.place(row).value) || 0);
        document.addEventListener("formset:added", (event) => this.added(event));
        document.addEventListener("formset:removed", (event) => this.removed(event));
    }

    // In the cells too, also of the row that new ones are made from: where a row is stacked no column has a head.
    nameColumns() {
        const heads = [...this.box.querySelectorAll("thead th")].map((head) => head.textContent.trim());
        for (const row of this.body.querySelectorAll(":scope > tr.form-row")) {
            [...row.cells].forEach((cell, index) => (cell.dataset.column = heads[index] ?? ""));
        }
    }

    // Those that can be moved; a member of staff who only reads has none.
    rows() {
        return [...this.body.querySelectorAll(":scope > tr.form-row:not(.empty-form)")].filter((row) => this.place(row));
    }

    place(row) {
        return row.querySelector(`input[name^="${this.prefix}-"][name$="-position"]`);
    }

    equip(row) {
        if (row.querySelector(".row-order")) {
            return;
        }
        const order = document.createElement("span");
        order.className = "row-order";
        const grip = document.createElement("span");
        grip.className = "row-grip";
        grip.title = this.texts.grip;
        grip.setAttribute("aria-hidden", "true"); // the buttons beside it do the same
        order.append(grip, this.button("up", row), this.button("down", row));
        // With the name, which a narrow window shows first; the number, which now says no more, is hidden.
        row.querySelector("td[class^='field-']").append(order);
        grip.addEventListener("pointerdown", (event) => this.drag(event, row));
    }

    button(way, row) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = `button row-${way}`;
        button.textContent = this.texts[way];
        button.addEventListener("click", () => {
            const rows = this.rows();
            const other = rows[rows.indexOf(row) + (way === "up" ? -1 : 1)];
            if (other) {
                this.put(row, way === "up" ? other : this.after(other));
                this.settle(row);
                button.focus(); // an element that is put elsewhere loses it
            }
        });
        return button;
    }

    // Errors of a whole row stand in a row of their own above it, and go where it goes.
    parts(row) {
        const above = row.previousElementSibling;
        return above?.classList.contains("row-form-errors") ? [above, row] : [row];
    }

    after(row) {
        return row.nextElementSibling;
    }

    put(row, next) {
        const before = next && this.place(next) ? this.parts(next)[0] : next;
        for (const part of this.parts(row)) {
            this.body.insertBefore(part, before);
        }
    }

    sort(key) {
        const rows = this.rows().map((row) => [key(row), row]);
        const sorted = [...rows].sort(([one], [other]) => one - other);
        if (sorted.some(([, row], index) => row !== rows[index][1])) {
            const end = this.after(rows[rows.length - 1][1]);
            sorted.forEach(([, row]) => this.put(row, end));
        }
    }

    drag(event, row) {
        event.preventDefault();
        this.body.classList.add("is-dragging");
        row.classList.add("is-dragged");
        const move = ({ clientY }) => this.follow(row, clientY);
        const stop = new AbortController();
        const end = () => {
            stop.abort();
            this.body.classList.remove("is-dragging");
            row.classList.remove("is-dragged");
            this.settle(row);
        };
        // Of the document: an element that is put elsewhere loses the pointer that it has captured.
        document.addEventListener("pointermove", move, { signal: stop.signal });
        document.addEventListener("pointerup", end, { signal: stop.signal });
        document.addEventListener("pointercancel", end, { signal: stop.signal });
    }

    follow(row, y) {
        const others = this.rows().filter((each) => each !== row);
        const next = others.find((each) => {
            const box = each.getBoundingClientRect();
            return y < box.top + box.height / 2;
        });
        const end = this.after(this.rows().pop());
        const target = next ?? (end === row ? this.after(row) : end);
        if (target !== this.after(row) && target !== row) {
            this.put(row, target);
        }
    }

    // Places are counted from 1, and whoever watches the form learns of those that changed.
    settle(row) {
        this.rows().forEach((each, index) => this.write(each, index + 1));
        const name = [...row.querySelectorAll("select option:checked")][0]?.textContent.trim() ?? "";
        const place = this.digits.format(Number(this.place(row).value));
        this.status.textContent = `${name} · ${this.texts.moved} ${place}`;
    }

    write(row, place) {
        const input = this.place(row);
        if (Number(input.value) !== place || input.value === "") {
            input.value = place;
            input.dispatchEvent(new Event("input", { bubbles: true }));
        }
    }

    added({ target, detail }) {
        if (detail.formsetName !== this.prefix || !this.place(target)) {
            return;
        }
        this.equip(target);
        const places = this.rows().filter((row) => row !== target).map((row) => Number(this.place(row).value) || 0);
        this.write(target, Math.max(0, ...places) + 1);
    }

    // Django numbers the rows anew by their order on the page, where those that are stored must come first.
    removed({ detail }) {
        if (detail.formsetName === this.prefix && this.rows().length) {
            this.sort((row) => Number(row.id.split("-").pop()));
            setTimeout(() => this.sort((row) => Number(this.place(row).value) || 0));
        }
    }
}

// The printed lines, asked of the server when a name, a source or a role stands still for a moment.
class PrintedLines {
    constructor(boxes, typed) {
        this.boxes = boxes;
        this.typed = typed;
        this.seen = this.signature();
        typed.onPause(LINES_AFTER, () => this.look());
    }

    signature() {
        return JSON.stringify(this.typed.fields().filter(([name]) => /^(bylines|attributions)-/.test(name)));
    }

    async look() {
        const signature = this.signature();
        if (signature === this.seen) {
            return;
        }
        this.seen = signature;
        this.asked?.abort();
        this.asked = new AbortController();
        try {
            const answer = await this.typed.send(this.boxes[0].dataset.url, {}, this.asked.signal);
            if (!answer.ok) {
                throw new Error(answer.status);
            }
            const lines = await answer.json();
            for (const box of this.boxes) {
                box.innerHTML = lines[box.dataset.line];
            }
        } catch (error) {
            if (error.name !== "AbortError") {
                this.seen = ""; // asked again at the next pause
            }
        }
    }
}

// When the rows of the form are there: Django's own script makes its buttons first.
window.addEventListener("load", () => {
    for (const box of document.querySelectorAll(".ordered-rows")) {
        new OrderedRows(box);
    }
    const boxes = [...document.querySelectorAll(".printed-line")];
    const typed = typeof TypedForm === "undefined" ? null : TypedForm.here();
    if (boxes.length && typed) {
        new PrintedLines(boxes, typed);
    }
});
