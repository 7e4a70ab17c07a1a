"""Places of a line that should be written differently, and what of a line nobody may touch."""

import re
from collections.abc import Iterable
from typing import NamedTuple

# In the place of what is no prose (an address, code, a picture): a letter of no script.
OBJECT = "\ufffc"
AROUND = 18  # letters beside a fault, for whoever looks for it

ARABIC_LETTER = "\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u0750-\u077f\u08a0-\u08c9"
LATIN_LETTER = "A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u0589\u1e00-\u1fff"
_ARABIC = re.compile(f"[{ARABIC_LETTER}]")
_LATIN = re.compile(f"[{LATIN_LETTER}]")

_SCHEME = r"(?:(?:https?|ftp)://|www\.|mailto:|tel:)[^\s<>«»“”\"،؛؟]++"
# From its beginning alone, and not far ahead: a row of letters without an end would be read again from each of them.
_MAIL = r"(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)++"
_NAME = r"(?<![\w@#&/])[@#][\w\u200c]++"
_DOMAIN = r"(?<![\w@.])(?=[0-9.-]{0,64}[A-Za-z])[A-Za-z0-9-]++(?:\.[A-Za-z0-9-]++)++(?:[/?#:][^\s<>«»“”\"،؛؟]*+)?"
_ENTITY = r"&#?\w{1,8};"
_NO_PROSE = re.compile(f"{_SCHEME}|{_MAIL}|{_NAME}|{_DOMAIN}|{_ENTITY}", re.IGNORECASE)
_MAY_BE = re.compile(r"[@#&.]|://|mailto:|tel:", re.IGNORECASE)
_STOPS_BEHIND = ".,:;!?'’)]}…"


class Edit(NamedTuple):
    """What stands in [start, end) of a line, and what should."""

    start: int
    end: int
    new: str


def masked(line: str) -> str:
    """The line, as long as it is, with addresses, tags and names of accounts as signs of no script."""
    if not _MAY_BE.search(line):
        return line
    return _NO_PROSE.sub(_objects, line)


def _objects(match: re.Match[str]) -> str:
    found = match[0]
    if found.startswith("&"):
        return OBJECT * len(found)
    kept = len(found.rstrip(_STOPS_BEHIND))
    return OBJECT * kept + found[kept:]


def is_arabic(line: str) -> bool:
    """Whether a (masked) line is an Arabic one, with or without words of others in it."""
    return len(_ARABIC.findall(line)) > len(_LATIN.findall(line))


def applied(line: str, edits: Iterable[Edit]) -> str:
    """The line as it should be; the edits stand in order and do not overlap."""
    parts, done = [], 0
    for edit in edits:
        parts += [line[done : edit.start], edit.new]
        done = edit.end
    return "".join([*parts, line[done:]])


def quoted(line: str, start: int, end: int) -> str:
    """The place with some words around it."""
    first, last = max(0, start - AROUND), min(len(line), end + AROUND)
    while 0 < first < start and not line[first - 1].isspace():
        first += 1
    while end < last < len(line) and not line[last].isspace():
        last -= 1
    text = " ".join(line[first:last].split())
    return f"{'… ' if first else ''}{text}{' …' if last < len(line) else ''}"
