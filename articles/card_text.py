"""Words on a drawn card: letters that the font has, broken into lines of like length.

Joining and order within a line are the work of raqm (HarfBuzz and FriBidi), which Pillow uses where a direction is
given; without raqm it then refuses to draw (articles.checks).
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import ImageFont

from newsroom.lib.bidi import plain_title, runs

# The whole font, for names in Kurdish, Urdu and Turkish: the subset of the site has not got their letters. Readers
# never load it.
FONT = Path(__file__).parent / "fonts" / "IBMPlexSansArabic-Bold.woff2"
ELLIPSIS = "…"
MAX_LINES = 4
LINE_HEIGHT = 1.42
# Latin letters that Unicode does not take apart.
_NEAR = str.maketrans("đĐħĦ", "dDhH")
# It joins nothing and takes no room, but parts two letters that would join.
_ZWNJ = "\u200c"
_NBSP = "\u00a0"
_LONGEST_GLUED = 20
_UNASSIGNED = "\U000effff"
_STOPS = " ،,.:؛;-–—«"


@dataclass(frozen=True)
class Lines:
    """A text as it is drawn: the lines from the top, and the size of the font in px."""

    lines: list[str]
    size: int


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, size, layout_engine=ImageFont.Layout.RAQM)


def width(text: str, size: int) -> float:
    """px"""
    return font(size).getlength(plain_title(text), direction="rtl", language="ar")


def drawable(text: str) -> str:
    """Return the text in letters that the font has.

    A letter with an accent that it has not got stands without; what has no letter, such as a picture sign, is left
    out, so that no empty box is ever drawn.
    """
    text = unicodedata.normalize("NFC", text).translate(_NEAR)
    return " ".join("".join(_nearest(char) for char in text).split())


@cache
def _nearest(char: str) -> str:
    if char.isspace() or char == _ZWNJ or _has_glyph(char):
        return char
    plain = unicodedata.normalize("NFKD", char)
    return "".join(each for each in plain if each != char and not unicodedata.combining(each) and _has_glyph(each))


def _has_glyph(char: str) -> bool:
    if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn"}:
        return False
    return _shape(char) != _shape(_UNASSIGNED)


@cache
def _shape(char: str) -> tuple[tuple[int, int], bytes]:
    """What is drawn for one letter; for one that the font has not got always the same box."""
    mask = ImageFont.truetype(FONT, 32, layout_engine=ImageFont.Layout.BASIC).getmask(char, mode="1")
    return mask.size, bytes(mask)


def set_text(text: str, *, sizes: Sequence[int], room: tuple[int, int]) -> Lines:
    """Return the text in the largest of the sizes (px, largest first) in which it fits.

    `room` is the width of a line and the height of all lines in px. What is too long for the smallest size ends in
    an ellipsis.
    """
    wide, high = room
    words = [piece for word in _glued(text).split(" ") if word for piece in _pieces(word, wide, sizes[-1])]
    for size in sizes:
        if max((width(word, size) for word in words), default=0) <= wide:
            lines = _greedy(words, wide, size)
            if len(lines) <= MAX_LINES and len(lines) * size * LINE_HEIGHT <= high:
                return Lines(_balanced(words, wide, size, len(lines)), size)
    return Lines(_cut(words, wide, sizes[-1]), sizes[-1])


def _glued(text: str) -> str:
    """What reads from left to right stays on one line if it is short: of «iPhone 17 Pro» a line that began with the
    number would show it on the wrong side."""
    return "".join(
        piece.replace(" ", _NBSP) if tag and len(piece) <= _LONGEST_GLUED else piece for tag, piece in runs(text)
    )


def _pieces(word: str, room: int, size: int) -> list[str]:
    """A word that is wider than a line in the smallest size, in pieces; mostly an address."""
    pieces = [""]
    for char in word:
        if pieces[-1] and width(pieces[-1] + char, size) > room:
            pieces.append("")
        pieces[-1] += char
    return pieces


def _greedy(words: Sequence[str], room: float, size: int) -> list[str]:
    lines: list[str] = []
    for word in words:
        if lines and width(f"{lines[-1]} {word}", size) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _balanced(words: Sequence[str], room: int, size: int, count: int) -> list[str]:
    """As many lines as needed, none much longer than another: the narrowest room that still holds them."""
    narrow, wide = max((width(word, size) for word in words), default=0), float(room)
    while wide - narrow > 1:
        middle = (narrow + wide) / 2
        if len(_greedy(words, middle, size)) > count:
            narrow = middle
        else:
            wide = middle
    return _greedy(words, wide, size)


def _cut(words: list[str], room: int, size: int) -> list[str]:
    """The first words, as many as fit in MAX_LINES with an ellipsis after them."""
    for count in range(len(words) - 1, 0, -1):
        lines = _greedy([*words[: count - 1], words[count - 1].rstrip(_STOPS) + ELLIPSIS], room, size)
        if len(lines) <= MAX_LINES:
            return lines
    return [ELLIPSIS]
