// Players of other platforms, loaded when the reader asks for one and not before. The box keeps its size.
function show(button) {
  const box = button.closest(".embed");
  const frame = document.createElement("iframe");
  frame.title = button.dataset.title;
  frame.allow = "fullscreen";
  frame.sandbox = "allow-scripts allow-same-origin allow-presentation allow-popups allow-popups-to-escape-sandbox";
  // The platform learns on which site it plays, which it demands, and not on which page.
  frame.referrerPolicy = "strict-origin";
  frame.src = button.dataset.embed;
  box.classList.add("is-shown");
  box.append(frame);
  // The button is gone; whoever came by keyboard goes on from here.
  frame.focus();
}

export function initEmbeds() {
  for (const button of document.querySelectorAll("[data-embed]")) {
    button.addEventListener("click", () => show(button), { once: true });
  }
}
