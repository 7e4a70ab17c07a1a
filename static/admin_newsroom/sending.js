// The moving part of an operator's page, fetched anew every few seconds. When the issue enters another state, the page
// is loaded whole: its buttons are others then. Without this script the page loads itself every twenty seconds.
"use strict";

const MOST_FAILURES = 5;
let failures = 0;

function part() {
    return document.getElementById("sending-progress");
}

async function look() {
    // Nobody looks at a hidden tab, and a hundred of them would keep the database busy.
    if (document.visibilityState === "hidden") {
        return wait();
    }
    try {
        const answer = await fetch("?part=progress", { headers: { Accept: "text/html" }, redirect: "error" });
        if (!answer.ok) {
            throw new Error(answer.status);
        }
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("sending-progress");
        if (!fresh || fresh.dataset.state !== part().dataset.state) {
            return location.reload();
        }
        part().replaceWith(fresh);
        failures = 0;
    } catch {
        failures += 1;
    }
    return failures < MOST_FAILURES ? wait() : undefined;
}

function wait() {
    setTimeout(look, Number(part().dataset.seconds) * 1000 * (failures + 1));
}

if (part()?.dataset.moving) {
    wait();
}
