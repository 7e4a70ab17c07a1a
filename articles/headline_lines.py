"""A headline as wide as readers see it: by the letters of the site's own font, not by how many there are."""

import unicodedata
from functools import cache
from pathlib import Path

from django.conf import settings
from PIL import ImageFont

from newsroom.lib.bidi import plain_title

PHONE = 360  # px
MOST_LINES = 4
SNIPPET = 580  # px; what a search engine shows of a title
# static/css: --size-title of a window of 360 px, and what --gutter leaves of it.
_TITLE_SIZE, _ROOM = 28.72, PHONE - 2 * 16
_SNIPPET_SIZE = 20  # px, of a title in a list of results
_FONTS = Path(settings.BASE_DIR) / "static" / "fonts"
_BOLD, _REGULAR = "ui-700.woff2", "ui-400.woff2"


@cache
def _font(name: str, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONTS / name, size, layout_engine=ImageFont.Layout.RAQM)


def lines_on_phone(headline: str) -> list[str]:
    """The lines of the headline above its story in a window of 360 px."""
    words = headline.split()
    space = _width(" ", _BOLD, _TITLE_SIZE)
    lines: list[list[str]] = []
    left = 0.0
    for word in words:
        wide = _width(word, _BOLD, _TITLE_SIZE)
        if lines and wide + space <= left:
            lines[-1].append(word)
            left -= wide + space
        else:
            lines.append([word])
            left = _ROOM - wide
    return [" ".join(line) for line in lines]


def width_in_results(headline: str) -> float:
    """px, in a list of search results."""
    return sum(_width(word, _REGULAR, _SNIPPET_SIZE) for word in headline.split()) + headline.strip().count(
        " "
    ) * _width(" ", _REGULAR, _SNIPPET_SIZE)


def _width(word: str, font: str, size: float) -> float:
    """Letters join within a word alone, so words are measured one by one. Marks above and below take no room."""
    plain = "".join(char for char in word if not unicodedata.combining(char)) if not word.isspace() else word
    return _measured(plain, font, size)


@cache
def _space(font: str, size: float) -> float:
    return _font(font, size).getlength(" ", direction="rtl", language="ar")


def _measured(word: str, font: str, size: float) -> float:
    if word == " ":
        return _space(font, size)
    return _font(font, size).getlength(plain_title(word), direction="rtl", language="ar")
