// Two buttons beside the recovery codes. Without a script they stay hidden, and the codes are copied by hand.

const tools = document.querySelector(".code-tools");
const codes = [...document.querySelectorAll(".recovery-codes li")].map((line) => line.textContent.trim());
const status = tools.querySelector("[data-copied]");

tools.querySelector("[data-print]").addEventListener("click", () => window.print());

const copy = tools.querySelector("[data-copy]");
if (navigator.clipboard) {
    copy.addEventListener("click", async () => {
        await navigator.clipboard.writeText(codes.join("\n"));
        status.textContent = status.dataset.copied;
    });
} else {
    // Browsers give no clipboard to a page that came without https.
    copy.hidden = true;
}

tools.hidden = false;
