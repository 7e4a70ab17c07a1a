"""Which value an attribute of the body may have. Sanitiser and renderer ask the same function."""

import re

from newsroom.lib.hygiene import clean_line
from richtext.addresses import clean_link, clean_source
from richtext.schema import CLASSES, attributes_of

_WHOLE = re.compile(r"[0-9]{1,4}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_SCOPES = frozenset({"col", "colgroup", "row", "rowgroup"})
_DIRECTIONS = frozenset({"auto", "ltr", "rtl"})


def clean_attribute(tag: str, name: str, value: str) -> str | None:
    """Return the value as it may be stored, or None when the attribute must go."""
    if name not in attributes_of(tag):
        return None
    match name:
        case "class":
            return " ".join(sorted(set(value.split()) & CLASSES[tag])) or None
        case "href":
            return clean_link(value)
        case "src":
            return clean_source(value)
        case "dir":
            return value.lower() if value.lower() in _DIRECTIONS else None
        case "lang":
            return _clean_language(value)
        case "scope":
            return value.lower() if value.lower() in _SCOPES else None
        case "width" | "height" | "colspan" | "rowspan" | "start":
            return value if _WHOLE.fullmatch(value) else None
        case _:
            return clean_line(value) or ("" if name == "alt" else None)


def _clean_language(value: str) -> str | None:
    """A passage in another language keeps its mark; word processors mark Arabic on every second word."""
    if not _LANGUAGE.fullmatch(value) or value.lower().split("-")[0] == "ar":
        return None
    return value
