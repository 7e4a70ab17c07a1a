// While an import is at work its page is fetched again every two seconds. Without this script there is a link for it.
"use strict";

const PAUSE = 2000; // ms

async function look() {
    const shown = document.querySelector(".list-import[data-at-work]");
    if (!shown) {
        return;
    }
    try {
        const response = await fetch(location.href, { headers: { Accept: "text/html" } });
        const page = new DOMParser().parseFromString(await response.text(), "text/html");
        const fresh = page.querySelector(".list-import");
        // Whoever is signed out gets the page of the door: what is shown stays.
        if (response.ok && fresh) {
            shown.replaceWith(document.adoptNode(fresh));
        }
    } catch {
        // no connection: the next look may have one
    }
    setTimeout(look, PAUSE);
}

setTimeout(look, PAUSE);
