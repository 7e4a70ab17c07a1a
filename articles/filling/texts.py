"""The sentences of fixtures/archive, each analysed once: a text put together from them needs no analysis of its own."""

import re
from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from itertools import product
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from articles.models.search import GAP, Terms
from newsroom.lib.analyser import Analyser, tokens
from newsroom.lib.arabic import fold
from newsroom.lib.slugs import slugify

FOLDER: Path = settings.BASE_DIR / "fixtures" / "archive"
_SLOT = re.compile(r"\{(\w+)\}")


class Piece:
    """Words that stand together wherever they stand, with what the search makes of them."""

    def __init__(self, text: str, analyser: Analyser) -> None:
        words = [token.text for token in tokens(text)]
        self.text = text
        self.stems = [analyser.stem(word) or GAP for word in words]
        self.variants = frozenset[str]().union(*map(analyser.variants, words))
        self._loose = " ".join(f"'{word}'" for word in sorted(self.variants))
        self._at: dict[int, str] = {}

    @cached_property
    def key(self) -> str:
        return fold(self.text)

    @cached_property
    def slug(self) -> str:
        return slugify(self.text)

    def placed(self, place: int) -> str:
        """Its part of the literal of a tsvector when its first word stands at `place`."""
        if place not in self._at:
            words = (f"'{word}':{at}" for at, word in enumerate(self.stems, start=place) if word != GAP)
            self._at[place] = " ".join([*words, self._loose])
        return self._at[place]


Line = Sequence[Piece]  # of a headline, a paragraph, a name


def text_of(line: Line) -> str:
    return "".join([piece.text for piece in line]).rstrip()


def tsvector(lines: Sequence[Line], labels: Iterable[str]) -> str:
    """What Terms.as_tsvector says, in other words: PostgreSQL puts what is there twice together by itself."""
    parts = [f"'{label}'" for label in labels]
    place = 1
    for line in lines:
        place += place > 1  # the gap
        for piece in line:
            parts.append(piece.placed(place))
            place += len(piece.stems)
    return " ".join(parts)


def fts_text(lines: Sequence[Line], labels: Iterable[str]) -> str:
    return terms(lines, labels).as_text()


def terms(lines: Sequence[Line], labels: Iterable[str]) -> Terms:
    words: list[str] = []
    loose = set(labels)
    for line in lines:
        words += [GAP] if words else []
        for piece in line:
            words += piece.stems
            loose |= piece.variants
    return Terms(words, frozenset(loose))


@cache
def entries(name: str) -> list[str]:
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@cache
def combined(name: str) -> list[str]:
    """Every entry of the first row with every one of the second."""
    first, second = (line.split() for line in entries(name))
    return [f"{one} {other}" for one, other in product(first, second)]


class Sentence(NamedTuple):
    """What stands before, between and behind its slots, and the names of these."""

    parts: list[Piece]
    slots: list[str]


class Texts:
    """Paragraphs of our own sentences."""

    def __init__(self, analyser: Analyser) -> None:
        self.analyser = analyser
        self.sentences = [self.piece(f"{text} ") for text in entries("sentences")]
        self.within = self.piece(" في ")
        self.tails = [self.piece(f": {text}") for text in entries("headlines")]
        self.places = [self.piece(text) for text in combined("places")]
        self.people = [self.piece(text) for text in combined("people")]
        self.openings = [self._with_slots(text) for text in entries("openings")]
        self.quotes = [self._with_slots(text) for text in entries("quotes")]

    def piece(self, text: str) -> Piece:
        return Piece(text, self.analyser)

    def _with_slots(self, text: str) -> Sentence:
        parts = _SLOT.split(text)
        return Sentence([*map(self.piece, parts[:-1:2]), self.piece(f"{parts[-1]} ")], parts[1::2])
