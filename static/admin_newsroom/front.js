// The front desk without a new page for each step: buttons are sent in the background, and the picture that comes back
// takes the place of the old one. Stories are dragged with a pointer, or lifted and moved with the keys.
// Without this script the buttons and selects do all of it.

const desk = document.getElementById("front-desk");
const status = document.querySelector(".front-status");
const FIND_AFTER = 350; // ms without a key
// What changes the page of the readers, or leads elsewhere, is sent as a browser sends it.
const BY_THE_BROWSER = /^(save$|break:|unbreak:)/;

let form;
let asked = 0;
let timer = 0;

function ask(op, { focus = null, scroll = false } = {}) {
    const data = new FormData(form);
    data.set("op", op);
    return send(data, focus, scroll);
}

async function send(data, focus, scroll) {
    const turn = ++asked;
    desk.classList.add("is-waiting");
    const response = await fetch(form.action, { method: "POST", body: data }).catch(() => null);
    if (turn !== asked) {
        return;
    }
    desk.classList.remove("is-waiting");
    // Refused (409) comes with a page too: it says why.
    const fresh = response && (response.ok || response.status === 409) && parsed(await response.text());
    if (turn !== asked) {
        return;
    }
    if (!fresh) {
        status.textContent = status.dataset.lost;
        return;
    }
    take(fresh, focus, scroll);
}

function parsed(text) {
    return new DOMParser().parseFromString(text, "text/html").getElementById("front-desk");
}

function take(fresh, focus, scroll) {
    const open = [...desk.querySelectorAll("details[open]")].map((details) => details.dataset.open);
    desk.replaceChildren(...fresh.childNodes);
    desk.toggleAttribute("data-changed", fresh.hasAttribute("data-changed"));
    for (const name of open) {
        desk.querySelector(`details[data-open="${name}"]`)?.setAttribute("open", "");
    }
    begin();
    const said = desk.querySelector(".errornote, .front-said");
    status.textContent = said?.textContent.trim() ?? "";
    const place = focus && desk.querySelector(focus);
    place?.focus({ preventScroll: !scroll });
    if (scroll) {
        place?.scrollIntoView({ block: "nearest" });
    }
}

function focusOf(op) {
    const [name, article] = op.split(":");
    if (name === "find") {
        return "#front-q";
    }
    if (name === "choose") {
        return ".front-places button";
    }
    const steps = name === "up" || name === "down" || name === "until" ? `[name=op][value="${op}"]` : "";
    return steps || `[data-article="${article}"] :is(.front-grip, button)`;
}

// Words that are still being typed are looked for by themselves.
function onInput({ target }) {
    if (target.name === "q") {
        clearTimeout(timer);
        timer = setTimeout(async () => {
            const { selectionStart } = target;
            await ask("find", { focus: "#front-q" });
            document.getElementById("front-q")?.setSelectionRange(selectionStart, selectionStart);
        }, FIND_AFTER);
    }
}

function onSubmit(event) {
    const { submitter } = event;
    const op = submitter?.name === "op" ? submitter.value : "";
    if (!op || BY_THE_BROWSER.test(op)) {
        leaving = true;
        return;
    }
    event.preventDefault();
    clearTimeout(timer);
    ask(op, { focus: focusOf(op), scroll: op.startsWith("choose:") });
}

// The Enter key in a box means the button beside it.
function onEnter(event) {
    const { target, key } = event;
    const isBox = target.matches("input:not([type=radio]), select");
    const beside = isBox && target.closest("p, span, div")?.querySelector("button[data-enter], button[data-find]");
    if (key === "Enter" && beside) {
        event.preventDefault();
        form.requestSubmit(beside);
    }
}

let leaving = false;

window.addEventListener("beforeunload", (event) => {
    if (desk.hasAttribute("data-changed") && !leaving) {
        event.preventDefault();
    }
});

// Moving: with the pointer a place is the one under it, with the keys one of the list.

function drops() {
    return [...desk.querySelectorAll("[data-drop]")];
}

function mark(place) {
    for (const other of desk.querySelectorAll(".is-target")) {
        other.classList.remove("is-target");
    }
    place?.classList.add("is-target");
}

function drop(article, place) {
    const isItself = place?.dataset.article === article && place.classList.contains("is-pinned");
    if (!place || isItself) {
        status.textContent = status.dataset.dropped;
        return;
    }
    ask(`put:${article}:${place.dataset.drop}`, {
        focus: `[data-article="${article}"] .front-grip`,
        scroll: true,
    });
}

function dragWithPointer(event) {
    const grip = event.currentTarget;
    const item = grip.closest("[data-article]");
    if (event.button !== 0) {
        return;
    }
    let target = null;
    let moved = false;
    const move = ({ clientX, clientY }) => {
        moved = true;
        desk.classList.add("is-dragging");
        item.classList.add("is-dragged");
        target = document.elementFromPoint(clientX, clientY)?.closest("[data-drop]") ?? null;
        mark(target);
        const edge = 60;
        if (clientY < edge * 2 || clientY > window.innerHeight - edge) {
            window.scrollBy(0, clientY < edge * 2 ? -12 : 12);
        }
    };
    const end = ({ type }) => {
        document.removeEventListener("pointermove", move);
        document.removeEventListener("pointerup", end);
        document.removeEventListener("pointercancel", end);
        desk.classList.remove("is-dragging");
        item.classList.remove("is-dragged");
        mark(null);
        if (moved && type === "pointerup") {
            drop(item.dataset.article, target);
        }
    };
    document.addEventListener("pointermove", move);
    document.addEventListener("pointerup", end);
    document.addEventListener("pointercancel", end);
}

let lifted = null;

function carry(grip) {
    const item = grip.closest("[data-article]");
    const all = drops();
    lifted = { grip, item, all, at: all.indexOf(item.closest("[data-drop]")) };
    item.classList.add("is-dragged");
    status.textContent = status.dataset.lifted;
}

function putDown(place) {
    const { item } = lifted;
    item.classList.remove("is-dragged");
    mark(null);
    lifted = null;
    drop(item.dataset.article, place);
}

function moveWithKeys(event) {
    const { currentTarget: grip, key } = event;
    if (!lifted || lifted.grip !== grip) {
        if (key === "Enter" || key === " ") {
            event.preventDefault();
            carry(grip);
        }
        return;
    }
    const steps = { ArrowDown: 1, ArrowLeft: 1, ArrowUp: -1, ArrowRight: -1 };
    if (key in steps) {
        lifted.at = (lifted.at + steps[key] + lifted.all.length) % lifted.all.length;
        const place = lifted.all[lifted.at];
        mark(place);
        place.scrollIntoView({ block: "nearest" });
        status.textContent = place.dataset.label;
    } else if (key === "Enter" || key === " ") {
        putDown(lifted.all[lifted.at] ?? null);
    } else if (key === "Escape" || key === "Tab") {
        putDown(null);
        if (key === "Tab") {
            return;
        }
    } else {
        return;
    }
    event.preventDefault();
}

function begin() {
    form = document.getElementById("front-form");
    form.addEventListener("submit", onSubmit);
    form.addEventListener("input", onInput);
    form.addEventListener("keydown", onEnter);
    for (const grip of desk.querySelectorAll(".front-grip")) {
        grip.hidden = false;
        grip.addEventListener("pointerdown", dragWithPointer);
        grip.addEventListener("keydown", moveWithKeys);
    }
}

// The undo buttons have forms of their own.
desk.addEventListener("submit", (event) => {
    if (event.target !== form) {
        leaving = true;
    }
});

begin();
