// Gives the boxes that select2 draws the name of the field they stand for (WCAG 4.1.2).
"use strict";

function nameBoxes() {
    for (const select of document.querySelectorAll("select.admin-autocomplete")) {
        const label = select.getAttribute("aria-label") || select.labels[0]?.textContent.trim();
        const container = select.nextElementSibling;
        if (label && container?.classList.contains("select2-container")) {
            for (const box of container.querySelectorAll(".select2-selection, .select2-selection__rendered")) {
                box.removeAttribute("aria-labelledby");
                box.setAttribute("aria-label", label);
            }
        }
    }
}

// After everybody else who waits for the page: select2 draws its boxes then, and again when a row is added.
django.jQuery(() => setTimeout(nameBoxes));
document.addEventListener("formset:added", () => setTimeout(nameBoxes));
