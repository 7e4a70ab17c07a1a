// The page of a conflict, and that of a text that could not be saved.
"use strict";

// The server keeps what was sent from that window; its copy in this browser (autosave.js) would only be offered again.
document.addEventListener("DOMContentLoaded", () => {
    const kept = document.querySelector("[data-kept]")?.dataset.kept;
    if (kept) {
        try {
            localStorage.removeItem(`newsroom-unsaved:${kept}`);
        } catch {
            // nothing is kept there
        }
    }
});

// Whoever signed in again in another window has a new token; this page has the old one.
document.addEventListener("submit", ({ target }) => {
    const name = document.querySelector("[data-cookie]")?.dataset.cookie;
    const found = document.cookie.split("; ").find((pair) => name && pair.startsWith(`${name}=`));
    if (found && target.elements.csrfmiddlewaretoken) {
        target.elements.csrfmiddlewaretoken.value = decodeURIComponent(found.slice(name.length + 1));
    }
});

// Writing into the box of a conflict picks it.
document.addEventListener("input", ({ target }) => {
    if (target.name?.startsWith("merged-")) {
        const pick = document.querySelector(`input[name="${target.name.replace("merged-", "pick-")}"][value="merged"]`);
        if (pick) {
            pick.checked = true;
        }
    }
});
