// The table of new pictures: a value is copied into the rows below without a round trip.
// Without this script the same button sends the form, and the server copies.

const form = document.querySelector(".picture-rows");

// select2 keeps a list of its own: the chosen option is put into the other one.
function put(target, source) {
    if (target.tagName === "SELECT") {
        const chosen = source.selectedOptions[0];
        if (chosen && ![...target.options].some((option) => option.value === chosen.value)) {
            target.append(new Option(chosen.text, chosen.value));
        }
        target.value = source.value;
        django.jQuery(target).trigger("change");
    } else {
        target.value = source.value;
    }
}

form?.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) {
        return;
    }
    event.preventDefault();
    const same = [...form.querySelectorAll(`.field-${button.dataset.copy} :is(input:not([type=hidden]), textarea, select)[name]`)];
    const source = form.elements[button.value];
    for (const target of same.slice(same.indexOf(source) + 1)) {
        put(target, source);
    }
});
