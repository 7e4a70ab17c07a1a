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

// Writing into the box of a conflict picks it.
document.addEventListener("input", ({ target }) => {
    if (target.name?.startsWith("merged-")) {
        const pick = document.querySelector(`input[name="${target.name.replace("merged-", "pick-")}"][value="merged"]`);
        if (pick) {
            pick.checked = true;
        }
    }
});
