// Brings several pictures in: each file is a request of its own, two at a time, and says how far it is.
// Without this script the form sends all of them in one request.

const AT_ONCE = 2;

const form = document.querySelector(".picture-upload");
const words = form.dataset;
const input = form.querySelector("input[type=file]");
const drop = form.querySelector(".picture-drop");
const list = form.querySelector(".picture-queue");
const status = form.querySelector(".picture-status");
const next = form.querySelector(".picture-next");

const waiting = [];
const taken = new Set();
const there = new Set();
let running = 0;
let refused = 0;
let count = 0;

class Row {
    constructor(file) {
        this.file = file;
        this.item = document.createElement("li");
        const name = document.createElement("bdi");
        name.textContent = file.name;
        this.bar = document.createElement("progress");
        this.bar.max = 1;
        this.bar.setAttribute("aria-label", file.name);
        this.state = document.createElement("span");
        this.state.className = "picture-state";
        this.item.append(name, this.bar, this.state);
        list.append(this.item);
        this.say(words.waiting);
        this.bar.value = 0;
    }

    say(text, className = "") {
        this.state.textContent = text;
        this.item.className = className;
    }

    end(text, className) {
        this.bar.remove();
        this.say(text, className);
    }
}

function send(row) {
    running++;
    const request = new XMLHttpRequest();
    const data = new FormData();
    data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    data.append("files", row.file);
    row.say(words.sending);
    request.upload.addEventListener("progress", (event) => {
        row.bar.value = event.loaded / event.total;
    });
    request.upload.addEventListener("load", () => {
        row.bar.removeAttribute("value"); // how long the server takes is not known
        row.say(words.reading);
    });
    request.addEventListener("loadend", () => {
        running--;
        finish(row, request);
        proceed();
    });
    request.open("POST", window.location.pathname);
    request.setRequestHeader("Accept", "application/json");
    request.send(data);
}

function answerOf(request) {
    try {
        return JSON.parse(request.responseText);
    } catch {
        return {}; // a proxy's own page, or nothing at all
    }
}

function finish(row, request) {
    const answer = answerOf(request);
    if (request.status !== 200 || !answer.id) {
        refused++;
        row.end(answer.error?.message ?? words.failed, "is-refused");
        return;
    }
    (answer.wasThere ? there : taken).add(answer.id);
    const picture = document.createElement("img");
    Object.assign(picture, { src: answer.thumbnail, alt: "", width: 80 });
    row.item.prepend(picture);
    const said = answer.wasThere ? words.there : answer.isNear ? words.near : words.done;
    row.end(said, answer.wasThere || answer.isNear ? "is-there" : "is-taken");
}

function proceed() {
    while (running < AT_ONCE && waiting.length) {
        send(waiting.shift());
    }
    if (running || waiting.length || !(taken.size + there.size)) {
        return;
    }
    const address = new URL(words.complete, window.location.href);
    address.searchParams.set("pictures", [...taken].join(","));
    if (there.size) {
        address.searchParams.set("there", [...there].join(","));
    }
    const link = next.querySelector("a");
    link.href = address;
    next.hidden = false;
    // Who has to read why something was refused goes on when he likes.
    if (refused) {
        link.focus();
    } else {
        window.location.assign(address);
    }
}

function add(files) {
    const room = Number(words.most) - count;
    status.textContent = files.length > room ? words.tooMany : "";
    const rows = [...files].slice(0, Math.max(0, room)).map((file) => new Row(file));
    count += rows.length;
    list.hidden = !list.children.length;
    waiting.push(...rows);
    proceed();
}

form.addEventListener("submit", (event) => {
    event.preventDefault();
    add(input.files);
    input.value = "";
});
input.addEventListener("change", () => form.requestSubmit());

for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
        event.preventDefault();
        drop.classList.add("is-over");
    });
}
for (const name of ["dragleave", "drop"]) {
    drop.addEventListener(name, () => drop.classList.remove("is-over"));
}
drop.addEventListener("drop", (event) => {
    event.preventDefault();
    add(event.dataTransfer.files);
});
// A picture that misses the field would take the place of the page.
for (const name of ["dragover", "drop"]) {
    window.addEventListener(name, (event) => event.preventDefault());
}

form.querySelector(".picture-drop-words").hidden = false;
form.querySelector(".picture-without-script").hidden = true;
form.querySelector(".picture-send").hidden = true;
