// A search field says from the start that it will propose something (ARIA 1.2, combobox); what proposes is loaded when
// the field gets the focus.
function prepare(field) {
  const input = field.querySelector("input");
  // The browser's own proposals would lie over ours.
  input.autocomplete = "off";
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");

  const load = async () => {
    try {
      const { initSuggestions } = await import("./search_suggestions.js");
      initSuggestions(field);
    } catch {
      // No network: the field is the plain form that it is.
    }
  };
  if (document.activeElement === input) load();
  else input.addEventListener("focus", load, { once: true });
}

export function initSearchFields() {
  for (const field of document.querySelectorAll("[data-suggestions]")) prepare(field);
}
