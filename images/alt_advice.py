"""Advice about an alternative text. Nothing of it is an error: a picture may need fewer words or more."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from newsroom.lib.arabic import fold, letters

# Letters: less says nothing, more is a caption (W3C, "Alternative text: Tips and Tricks").
SHORTEST, LONGEST = 10, 140
# A reader hears that it is a picture before the text begins. As newsroom.lib.arabic folds them.
NEEDLESS_BEGINNINGS = ("صوره", "صور", "الصوره", "لقطه", "image", "photo", "picture")
_SIGNS = ".:،؛,;"

TOO_SHORT = _("Say what the picture shows: at least 10 letters.")
TOO_LONG = _("Longer than 140 letters: leave the rest to the caption.")
NEEDLESS = _("It need not say that it is a picture: begin with what it shows.")
# For static/admin_newsroom/alt_advice.js, which says the same while one is typing.
ADVICE_ATTRS: dict[str, Any] = {
    "data-alt-advice": ",".join(NEEDLESS_BEGINNINGS),
    "data-shortest": SHORTEST,
    "data-longest": LONGEST,
    "data-too-short": TOO_SHORT,
    "data-too-long": TOO_LONG,
    "data-needless": NEEDLESS,
}


def alt_advice(text: str) -> list[str]:
    """Sentences for an editor; none for a good text, and none for one that is missing altogether."""
    count = letters(text)
    advice = [
        (0 < count < SHORTEST, TOO_SHORT),
        (count > LONGEST, TOO_LONG),
        (begins_needlessly(text), NEEDLESS),
    ]
    return [str(sentence) for is_due, sentence in advice if is_due]


def begins_needlessly(text: str) -> bool:
    """Whoever hears the text knows that it is of a picture."""
    first = next(iter(fold(text).split()), "")
    return first.rstrip(_SIGNS) in NEEDLESS_BEGINNINGS
