"""Advice about an alternative text. Nothing of it is an error: a picture may need fewer words or more."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from newsroom.lib.arabic import fold

# Letters: less says nothing, more is a caption (W3C, "Alternative text: Tips and Tricks").
SHORTEST, LONGEST = 10, 140
# A reader hears that it is a picture before the text begins. As newsroom.lib.arabic folds them.
NEEDLESS_BEGINNINGS = ("صوره", "صور", "الصوره", "لقطه", "image", "photo", "picture")

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
    first = next(iter(fold(text).split()), "")
    advice = [
        (0 < len(text) < SHORTEST, TOO_SHORT),
        (len(text) > LONGEST, TOO_LONG),
        (first in NEEDLESS_BEGINNINGS, NEEDLESS),
    ]
    return [str(sentence) for is_due, sentence in advice if is_due]
