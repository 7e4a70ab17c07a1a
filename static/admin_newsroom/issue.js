// The form of an issue: letters are counted, items are dragged, the preview follows what is typed.
// Without this script the numbers and buttons of the form do all of it.

const form = document.getElementById("issue-form");
const status = form.querySelector(".issue-status");
const segmenter = new Intl.Segmenter("ar", { granularity: "grapheme" });
const digits = new Intl.NumberFormat(`${document.documentElement.lang}-u-nu-${form.dataset.digits}`);
const PREVIEW_AFTER = 1200; // ms without a key

let isChanged = false;
let timer = 0;

// Letters as readers see them: marks and joined emoji are no letters of their own.
function countLetters(input) {
    const count = [...segmenter.segment(input.value.replace(/[\u064B-\u065F\u0670]/g, ""))].length;
    const good = Number(input.dataset.count);
    let note = input.parentElement.querySelector(".issue-letters");
    if (!note) {
        note = document.createElement("div");
        note.className = "issue-letters";
        input.after(note);
    }
    note.textContent = `${form.dataset.letters} ${digits.format(count)} / ${digits.format(good)}`;
    note.classList.toggle("is-long", count > good);
}

for (const input of form.querySelectorAll("[data-count]")) {
    countLetters(input);
    input.addEventListener("input", () => countLetters(input));
}

function changed() {
    isChanged = true;
    status.textContent = form.dataset.changed;
    clearTimeout(timer);
    timer = setTimeout(preview, PREVIEW_AFTER);
}

// A frame of its own for each time: in one frame every preview would be a step of the button "back".
function preview() {
    const button = form.querySelector("[data-preview]");
    const old = form.querySelector(`iframe[name="${button.formTarget}"]`);
    if (!old || old.offsetParent === null) {
        return;
    }
    const fresh = old.cloneNode(false);
    fresh.removeAttribute("src");
    old.replaceWith(fresh);
    form.requestSubmit(button);
}

form.addEventListener("input", ({ target }) => {
    if (!target.name.startsWith("find-") && target.name !== "add") {
        changed();
    }
});

form.addEventListener("submit", ({ submitter }) => {
    if (!submitter?.hasAttribute("data-preview")) {
        isChanged = false; // it is on its way to the server
    }
});

window.addEventListener("beforeunload", (event) => {
    if (isChanged) {
        event.preventDefault();
    }
});

// The key Enter in the boxes of the search means the search.
form.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (key === "Enter" && target.name === "find-q") {
        event.preventDefault();
        form.requestSubmit(form.querySelector("[name=_search]"));
    }
});

// Dragging, with a mouse, a pen or a finger.
const list = form.querySelector(".issue-items");

function renumber() {
    list.querySelectorAll(":scope > li").forEach((item, index) => {
        item.querySelector(`[name="row-${item.dataset.row}-position"]`).value = index + 1;
    });
}

function follow(dragged, y) {
    const others = [...list.querySelectorAll(":scope > li")].filter((item) => item !== dragged);
    const next = others.find((item) => {
        const box = item.getBoundingClientRect();
        return y < box.top + box.height / 2;
    });
    if (next !== dragged.nextElementSibling) {
        list.insertBefore(dragged, next ?? null);
    }
}

for (const grip of list?.querySelectorAll(".issue-grip") ?? []) {
    const item = grip.closest("li");
    grip.hidden = false;
    grip.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        list.classList.add("is-dragging");
        item.classList.add("is-dragged");
        const move = ({ clientY }) => follow(item, clientY);
        const end = () => {
            document.removeEventListener("pointermove", move);
            list.classList.remove("is-dragging");
            item.classList.remove("is-dragged");
            renumber();
            changed();
            const place = item.querySelector(`[name="row-${item.dataset.row}-position"]`).value;
            status.textContent = `${list.dataset.moved} ${digits.format(place)}`;
        };
        // Of the document: an element that is put elsewhere loses the pointer that it has captured.
        document.addEventListener("pointermove", move);
        document.addEventListener("pointerup", end, { once: true });
        document.addEventListener("pointercancel", end, { once: true });
    });
}
