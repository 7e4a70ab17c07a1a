"""What was cleaned in a text that was just saved, said on the next page."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from articles.mending import mended_in_form, told
from newsroom.lib.lookalikes import find_odd

# A name in a headline is looked at, never refused: what it quotes may be spelled that way.
_LOOKED_AT = ("headline", "promo_headline", "tags")


def tell(request: HttpRequest, form: forms.BaseForm, formsets: Iterable[Any]) -> list[dict[str, Any]]:
    """One message a field; returns the rows that the saved version keeps. Also warns of look-alike letters."""
    rows = mended_in_form(form, formsets)
    for one in told(rows):
        messages.info(request, one.sentence)
    warn(request, form, _LOOKED_AT)
    return rows


def warn(request: HttpRequest, form: forms.BaseForm, names: Iterable[str]) -> None:
    """Say which word of these fields mixes alphabets."""
    for name in names:
        value = form.cleaned_data.get(name) or ""
        if odd := find_odd(value if isinstance(value, str) else " ".join(map(str, value))):
            messages.warning(request, " ".join(odd.sentence.messages))
