// The page's one status line, which screen readers read out.
export function say(text) {
  const status = document.querySelector("[role=status]");
  if (status) status.textContent = text;
}
