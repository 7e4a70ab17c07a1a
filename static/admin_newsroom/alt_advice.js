// Counts the letters of an alternative text while it is typed and says what images/alt_advice.py says when it is saved.
"use strict";

// A block, because this is a plain script among others on the page of an article.
{
    const MARKS = /[\u064B-\u065F\u0670\u0640]/g;
    const DIGITS = new Intl.NumberFormat(`ar-u-nu-${document.querySelector("meta[name=newsroom-digits]")?.content ?? "latn"}`);

    // As newsroom.lib.arabic folds the few words that are looked for.
    const folded = (word) =>
        word.replace(MARKS, "").replace(/[أإآ]/g, "ا").replace(/ة/g, "ه").replace(/[.:،؛]/g, "").toLowerCase();

    // Vowel marks stand on letters and are none themselves.
    const letters = (text) => [...text.trim()].filter((sign) => !/\p{Mn}/u.test(sign)).length;

    function sentences(input) {
        const text = input.value.trim();
        const { shortest, longest, tooShort, tooLong, needless, altAdvice } = input.dataset;
        const count = letters(text);
        const first = folded(text.split(/\s+/)[0] ?? "");
        return [
            text && count < Number(shortest) && tooShort,
            count > Number(longest) && tooLong,
            first && altAdvice.split(",").includes(first) && needless,
        ].filter(Boolean);
    }

    function advise(input) {
        let note = input.parentElement.querySelector(".alt-advice");
        if (!note) {
            note = document.createElement("span");
            note.className = "alt-advice";
            note.id = `${input.id}_advice`;
            note.setAttribute("aria-live", "polite");
            input.after(note);
            const described = input.getAttribute("aria-describedby");
            input.setAttribute("aria-describedby", described ? `${described} ${note.id}` : note.id);
        }
        const count = `${DIGITS.format(letters(input.value))} / ${DIGITS.format(Number(input.dataset.longest))}`;
        const found = sentences(input);
        note.textContent = [count, ...found].join(" · ");
        note.classList.toggle("is-due", found.length > 0);
    }

    const all = (part) => part.querySelectorAll?.("[data-alt-advice]").forEach(advise);

    document.addEventListener("input", ({ target }) => {
        if (target.matches?.("[data-alt-advice]")) {
            advise(target);
        }
    });
    // Pieces of pages that are put in later say so (picture_picker.js).
    document.addEventListener("newsroom:shown", ({ target }) => all(target));
    document.addEventListener("DOMContentLoaded", () => all(document));
    if (document.readyState !== "loading") {
        all(document);
    }
}
