// Dragging in the calendar, with a mouse or a pen. What is planned moves to the day where it is dropped, by the same form
// that its link «another day» leads to, and can be moved back; of what is scheduled the page that publishes opens with
// the new day, because only its sentence says what will happen. Without this script the links do all of it.

const plan = document.querySelector(".plan");
const said = plan.querySelector(".plan-said");
const token = plan.querySelector("[name=csrfmiddlewaretoken]").value;
let dragged = null;

function prepare() {
    for (const item of plan.querySelectorAll("[data-plan], [data-publish]")) {
        item.draggable = true;
        for (const link of item.querySelectorAll("a")) {
            link.draggable = false; // else the link would be dragged, not the text
        }
    }
}

function say(sentence, isBad, undo) {
    said.hidden = false;
    said.classList.toggle("is-bad", isBad);
    said.textContent = sentence;
    if (undo) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "button";
        button.textContent = plan.dataset.undo;
        button.addEventListener("click", undo);
        said.append(button);
    }
}

async function send(address, day) {
    const body = new URLSearchParams({ day, csrfmiddlewaretoken: token });
    const response = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
    const isOurs = response.headers.get("Content-Type")?.startsWith("application/json");
    const answer = isOurs ? await response.json() : {};
    if (!response.ok || !isOurs) {
        throw new Error(answer.error || plan.dataset.failed);
    }
    return answer;
}

// What every day holds, its numbers and its gaps, is said by the server.
async function readAgain() {
    const response = await fetch(location.href);
    if (!response.ok) {
        throw new Error(plan.dataset.moved);
    }
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("#plan-days");
    plan.querySelector("#plan-days").replaceChildren(...fresh.childNodes);
    prepare();
}

async function move(address, day, isUndone) {
    try {
        const { said: sentence, before } = await send(address, day);
        await readAgain();
        say(sentence, false, isUndone ? null : () => move(address, before, true));
    } catch (error) {
        say(error instanceof TypeError ? plan.dataset.failed : error.message, true);
    }
}

plan.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("[draggable=true]");
    if (dragged) {
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", dragged.querySelector("bdi").textContent);
        dragged.classList.add("is-moving");
    }
});

function dayUnder(event) {
    const day = dragged && event.target.closest?.("[data-day]");
    return day && day !== dragged.closest("[data-day]") ? day : null;
}

plan.addEventListener("dragover", (event) => {
    const day = dayUnder(event);
    for (const other of plan.querySelectorAll(".is-over")) {
        other.classList.toggle("is-over", other === day);
    }
    if (day) {
        event.preventDefault();
        day.classList.add("is-over");
    }
});

plan.addEventListener("dragend", () => {
    dragged?.classList.remove("is-moving");
    for (const day of plan.querySelectorAll(".is-over")) {
        day.classList.remove("is-over");
    }
    dragged = null;
});

plan.addEventListener("drop", (event) => {
    const day = dayUnder(event)?.dataset.day;
    if (!day) {
        return;
    }
    event.preventDefault();
    const { plan: address, publish, clock } = dragged.dataset;
    if (address) {
        move(address, day, false);
    } else {
        location.assign(`${publish}?${new URLSearchParams({ at_0: day, at_1: clock })}`);
    }
});

prepare();
