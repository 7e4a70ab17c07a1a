"""What newsroom.lib.hygiene did to a text, told so that an editor can look at each place."""

import html
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

MOST_PLACES = 3
_WORDS_AROUND = 2
_ROOM = 40  # characters on each side


class Kind(StrEnum):
    """What was wrong. Kept in Revision.mended: never rename a value."""

    DIRECTION = "direction"
    DIRECTION_MARK = "direction_mark"
    INVISIBLE = "invisible"
    JOINER = "joiner"
    FORMS = "forms"
    PERSIAN = "persian"
    TATWEEL = "tatweel"
    MARKS = "marks"
    COMPOSED = "composed"
    SPACE = "space"
    LINE_END = "line_end"


@dataclass(frozen=True, slots=True)
class Mending:
    """How often something was taken out or replaced, and the first places with the words around them."""

    kind: Kind
    count: int
    places: tuple[str, ...]


class Notes:
    """Collects what the steps do."""

    def __init__(self) -> None:
        self.counts: dict[Kind, int] = {}
        self.places: dict[Kind, list[str]] = {}

    def add(self, kind: Kind, match: re.Match[str]) -> None:
        self.counts[kind] = self.counts.get(kind, 0) + 1
        places = self.places.setdefault(kind, [])
        if len(places) < MOST_PLACES and (place := place_of(match)) not in places:
            places.append(place)

    def mendings(self) -> list[Mending]:
        return [Mending(kind, self.counts[kind], tuple(self.places[kind])) for kind in Kind if kind in self.counts]


def place_of(match: re.Match[str]) -> str:
    """The match with the words around it, characters that cannot be seen by their names: «كلمة[U+202E] أخرى»."""
    text, (start, end) = match.string, match.span()
    before = text[max(0, start - _ROOM) : start]
    after = text[end : end + _ROOM]
    left = re.split(r"(\s+)", before)[-2 * _WORDS_AROUND - 1 :]
    right = re.split(r"(\s+)", after)[: 2 * _WORDS_AROUND + 1]
    return visible(html.unescape(f"{''.join(left)}{text[start:end][:_ROOM]}{''.join(right)}")).strip()


def visible(text: str) -> str:
    """With the name in brackets in the place of each character that shows nothing by itself."""
    return "".join(_NAMES.get(char) or (f"[U+{ord(char):04X}]" if _shows_nothing(char) else char) for char in text)


_NAMES = {
    "\n": " ", "\t": "[TAB]", "\u00a0": "[NBSP]", "\u00ad": "[SHY]", "\u061c": "[ALM]", "\u200b": "[ZWSP]",
    "\u200c": "[ZWNJ]", "\u200d": "[ZWJ]", "\u200e": "[LRM]", "\u200f": "[RLM]", "\u202a": "[LRE]", "\u202b": "[RLE]",
    "\u202c": "[PDF]", "\u202d": "[LRO]", "\u202e": "[RLO]", "\u202f": "[NNBSP]", "\u2060": "[WJ]",
    "\u2066": "[LRI]", "\u2067": "[RLI]", "\u2068": "[FSI]", "\u2069": "[PDI]", "\ufeff": "[BOM]",
}  # fmt: skip


def _shows_nothing(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"} or char in "\u034f\u2003\u3000"
