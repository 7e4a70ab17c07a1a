// Copies the address of a preview link. Without this the address stands in a box, to be marked and copied.
"use strict";

const said = document.querySelector(".preview-copied");
const copied = document.querySelector(".preview-link-list")?.dataset.copied;

for (const button of document.querySelectorAll(".preview-copy")) {
    const box = button.previousElementSibling;
    button.hidden = !navigator.clipboard; // there is none without https
    button.addEventListener("click", async () => {
        box.select();
        try {
            await navigator.clipboard.writeText(box.value);
            said.textContent = copied;
        } catch {
            box.focus(); // marked, for the keyboard to copy
        }
    });
}
