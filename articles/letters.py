"""Which letters of published texts our fonts cannot show; the reader's device then shows them in a font of its own.

Headlines, names and all other chrome stand in the font "ui", the body in "text" where it is Arabic script
(`unicode-range` in static/css/tokens.css) and in "ui" where it is not, or is bold.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from html import unescape
from re import compile as pattern

from django.db.models import QuerySet

from articles.models import Article, Author, Correction, LiveUpdate, Section, Source, Tag
from newsroom.lib.tables import rows
from pages.models import NavigationItem, Page

_MARKUP = pattern(r"<[^<>]*>")
_CHUNK = 1000
# The block that the font "text" is for.
_ARABIC = range(0x60C, 0x700)
# Marks of direction and the like, ends of lines, spaces: they have no shape.
_SHAPELESS = {"Cf", "Cc", "Zl", "Zp", "Zs"}

HEADS = ("headline", "promo_headline", "kicker", "standfirst", "key_points", "dateline", "lead_caption")


@dataclass
class Missing:
    """One letter: how many rows have it, and the label and key of the first."""

    rows: int
    example: str


@cache
def letters_of(font: str) -> frozenset[str]:
    """What the font "ui" or "text" has, by the table that `make fonts` writes. Raises KeyError for another."""
    tables = {row[0]: row[1] for row in rows("letters")}
    ranges = tables[font].split()
    bounds = ((int(first, 16), int(last or first, 16)) for first, _, last in (part.partition("-") for part in ranges))
    return frozenset(chr(point) for first, last in bounds for point in range(first, last + 1))


def missing_in_chrome(text: str) -> set[str]:
    """The letters of a headline, a name or a label that nobody has drawn for us."""
    return {letter for letter in set(text) - letters_of("ui") if _has_shape(letter)}


def missing_in_body(html: str) -> set[str]:
    """The same for the text of a body; its bold words and headings stand in the font of the chrome."""
    letters = set(unescape(_MARKUP.sub(" ", html)))
    arabic = {letter for letter in letters if ord(letter) in _ARABIC} - letters_of("text")
    return {letter for letter in arabic | (letters - letters_of("ui")) if _has_shape(letter)}


def _has_shape(letter: str) -> bool:
    return unicodedata.category(letter) not in _SHAPELESS


def count_missing() -> dict[str, Missing]:
    """Read everything that readers can see, a thousand rows at a time, and count what the fonts lack."""
    found: dict[str, Missing] = {}
    for label, letters in _missing_by_row():
        for letter in letters:
            found.setdefault(letter, Missing(0, label)).rows += 1
    return found


def _missing_by_row() -> Iterator[tuple[str, set[str]]]:
    published = Article.objects.published().order_by("pk")
    updates = LiveUpdate.objects.filter(article__in=published.values("pk"), withdrawn_at=None)
    corrections = Correction.objects.filter(article__in=published.values("pk"))
    yield from _read(published, HEADS, ("body",))
    yield from _read(updates, ("headline",), ("body",))
    yield from _read(corrections, ("note",), ())
    yield from _read(Page.objects.all(), ("title",), ("body",))
    for rows_of, names in (
        (Section.objects.all(), ("name", "description")),
        (Tag.objects.all(), ("name", "description")),
        (Author.objects.all(), ("name", "job_title", "biography")),
        (Source.objects.all(), ("name", "note", "republishing_note")),
        (NavigationItem.objects.all(), ("label",)),
    ):
        yield from _read(rows_of, names, ())


def _read(rows_of: QuerySet, chrome: tuple[str, ...], bodies: tuple[str, ...]) -> Iterator[tuple[str, set[str]]]:
    """The label of each row and what is missing in it."""
    label = rows_of.model._meta.model_name
    for key, *texts in rows_of.values_list("pk", *chrome, *bodies).iterator(chunk_size=_CHUNK):
        heads, body = texts[: len(chrome)], texts[len(chrome) :]
        yield f"{label} {key}", missing_in_chrome("".join(heads)) | missing_in_body(" ".join(body))


def described(letters: Iterable[str]) -> list[str]:
    """For people: «U+011F ğ LATIN SMALL LETTER G WITH BREVE»."""
    return [f"U+{ord(letter):04X} {letter} {unicodedata.name(letter, '')}".strip() for letter in sorted(letters)]
