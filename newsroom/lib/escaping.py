"""HTML put together from parts, for what a page makes a thousand times."""

from collections.abc import Iterable
from html import escape
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString


def escaped(text: str) -> SafeString:
    """Of a plain text, what django.utils.html.escape does."""
    return SafeString(escape(text))


def fill(template: str, *values: object) -> SafeString:
    """Return what django.utils.html.format_html does, in a third of its time.

    Every value is escaped unless it is safe HTML already. Most are plain texts and numbers, which need not be asked
    whether they are translated later.
    """
    return SafeString(template.format(*map(_escaped, values)))


def fill_each(template: str, rows: Iterable[Iterable[object]]) -> SafeString:
    """Fill the template once with each row, and join what comes out."""
    return SafeString("".join([template.format(*map(_escaped, row)) for row in rows]))


def _escaped(value: Any) -> object:
    kind = type(value)
    if kind is str:
        return escape(value)
    return value if kind is SafeString or kind is int else conditional_escape(value)
