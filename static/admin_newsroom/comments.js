// Sends the small forms of the comments without leaving the page: the article above may hold text that is not saved.
// Without this they are sent like any form, and the page comes again.
"use strict";

// The new comment that stands in the panel, by the names of its boxes.
function typed(panel) {
    return Object.fromEntries([...panel.querySelectorAll(".comment-new [name^=comment-]")].map((box) => [box.name, box.value]));
}

function put(panel, words) {
    for (const box of panel.querySelectorAll(".comment-new [name^=comment-]")) {
        box.value = words[box.name] ?? box.value;
    }
}

async function send(panel, form, button) {
    const data = new FormData(form, button);
    const response = await fetch(form.action, {
        method: "POST",
        body: data,
        headers: { "X-Requested-With": "fetch" },
    });
    const answer = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("comments");
    if (!response.ok || !answer) {
        throw new Error(`status ${response.status}`); // signed out, or no longer allowed
    }
    const panelNow = document.importNode(answer, true);
    if (!form.matches(".comment-new")) {
        put(panelNow, typed(panel)); // another comment was resolved while somebody was writing this one
    }
    panel.replaceWith(panelNow);
    watch(panelNow);
    panelNow.querySelector(".errorlist + textarea, textarea")?.focus({ preventScroll: true });
}

function say(panel, form) {
    panel.querySelector(".comments-unsent")?.remove();
    const sentence = document.createElement("p");
    sentence.className = "errornote comments-unsent";
    sentence.setAttribute("role", "alert");
    sentence.textContent = panel.dataset.unsent;
    form.before(sentence);
}

function watch(panel) {
    panel.addEventListener("submit", (event) => {
        event.preventDefault();
        const buttons = panel.querySelectorAll("button");
        const release = (isHeld) => buttons.forEach((button) => (button.disabled = isHeld));
        const sent = send(panel, event.target, event.submitter);
        release(true); // after FormData has read the button that was pressed
        sent.catch(() => {
            release(false);
            say(panel, event.target);
        });
    });
}

// A comment that was not sent when the page is left, by a save of the article for example, comes back in this tab.
function leftBehind() {
    return `newsroom-comment:${document.querySelector("#user-tools strong")?.textContent}:${location.pathname}`;
}

function keep() {
    const panel = document.getElementById("comments");
    const words = panel ? typed(panel) : {};
    try {
        if (words["comment-text"]) {
            sessionStorage.setItem(leftBehind(), JSON.stringify(words));
        }
    } catch {
        // this browser keeps nothing
    }
}

function bringBack(panel) {
    try {
        const words = JSON.parse(sessionStorage.getItem(leftBehind()));
        sessionStorage.removeItem(leftBehind());
        if (words && !typed(panel)["comment-text"]) {
            put(panel, words);
        }
    } catch {
        // this browser keeps nothing
    }
}

document.addEventListener("DOMContentLoaded", () => {
    const comments = document.getElementById("comments");
    if (comments) {
        watch(comments);
        bringBack(comments);
        window.addEventListener("pagehide", keep);
    }
});
