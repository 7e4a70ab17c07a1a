"""Passages of HTML that say which language they are in."""

import re
from collections.abc import Sequence

# Written with Arabic letters of their own, ک and ی among them.
_PERSIAN_LETTERS = re.compile(r"""\slang=["']?(?:fa|ur|ps|ku|ckb|ug|sd|bal|az|pnb|ks|glk|mzn)\b""", re.IGNORECASE)
_LANGUAGE = re.compile(r"\slang=", re.IGNORECASE)
_NAME = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_VOID = frozenset({"br", "hr", "img"})


def foreign_parts(parts: Sequence[str]) -> list[bool]:
    """For text and tags in turn, text first: whether each stands in an element of a language like Persian."""
    found = [False] * len(parts)
    open_tags: list[tuple[str, bool]] = []
    for at, part in enumerate(parts):
        is_foreign = bool(open_tags) and open_tags[-1][1]
        tag = _NAME.match(part) if at % 2 else None
        if tag is None:
            found[at] = is_foreign
        elif tag[1]:
            if open_tags and open_tags[-1][0] == tag[2]:
                open_tags.pop()
        elif tag[2] not in _VOID:
            inner = bool(_PERSIAN_LETTERS.search(part)) if _LANGUAGE.search(part) else is_foreign
            open_tags.append((tag[2], inner))
    return found
