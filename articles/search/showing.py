"""Why an article was found: headline and a piece of its text with the words marked, in the letters as they stand."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.html import escape, format_html, format_html_join

from articles.search.query import Choice, Query
from newsroom.lib.analyser import Analyser, Token, tokens
from newsroom.lib.bidi import isolate, runs

SNIPPET_WORDS = 32
_LEAD_IN = 6  # words that lead up to the first one that is marked
_ELLIPSIS = "…"


class Hit(NamedTuple):
    """Tokens `first` to `last` of a line answer the item of that number."""

    first: int
    last: int
    item: int


@dataclass(frozen=True)
class Marker:
    """Finds the words of a query in a text."""

    query: Query
    analyser: Analyser

    def highlight(self, text: str) -> str:
        """Safe HTML: the escaped text with `<mark>` round each word that answers the query."""
        found = tokens(text)
        hits = self._hits(found)
        return _marked(text, found, hits, 0, len(found)) if hits else isolate(text)

    def snippet(self, lines: Iterable[str]) -> str:
        """Safe HTML: some 32 words of one line, round the place where most of what was looked for stands.

        Of equally good places the first is taken; '' where nothing of it stands.
        """
        most, best = 0, ""
        for line in lines:
            found = tokens(line)
            hits = self._hits(found)
            if not hits:
                continue
            start, worth = _richest(hits)
            if worth > most:
                first = 0 if len(found) <= SNIPPET_WORDS else max(0, min(start - _LEAD_IN, len(found) - SNIPPET_WORDS))
                most, best = worth, _marked(line, found, hits, first, min(first + SNIPPET_WORDS, len(found)))
            if most == len(self.query.wanted):
                break
        return best

    def _hits(self, found: Sequence[Token]) -> list[Hit]:
        """In the order of the text."""
        forms = [self.analyser.forms(token.text) for token in found]
        return sorted(
            Hit(first, first + len(choice.words) - 1, number)
            for number, item in enumerate(self.query.wanted)
            for choice in item.choices
            for first in _places(choice, forms)
        )


def _places(choice: Choice, forms: Sequence[frozenset[str]]) -> Iterator[int]:
    """Where in a line the words of a choice follow each other."""
    first, *others = choice.words
    if choice.is_prefix:
        heads = tuple(first)
        yield from (at for at, words in enumerate(forms) if any(word.startswith(heads) for word in words))
        return
    for at in range(len(forms) - len(others)):
        if forms[at].isdisjoint(first):
            continue
        if all(not forms[at + step].isdisjoint(stems) for step, stems in enumerate(others, start=1)):
            yield at


def _richest(hits: Sequence[Hit]) -> tuple[int, int]:
    """The token from which SNIPPET_WORDS hold most items, and how many they are."""
    best, inside, after = (0, 0), Counter[int](), 0
    for hit in hits:
        while after < len(hits) and hits[after].last < hit.first + SNIPPET_WORDS - _LEAD_IN:
            inside[hits[after].item] += 1
            after += 1
        worth = sum(1 for count in inside.values() if count > 0)
        if worth > best[1]:
            best = hit.first, worth
        inside[hit.item] -= 1
    return best


def _marked(text: str, found: Sequence[Token], hits: Sequence[Hit], first: int, last: int) -> str:
    """Tokens `first` up to `last` of the text with their hits marked, and dots where something was left out.

    The marks stand inside what reads from left to right: «Bank of» set apart from «America» would come out behind it.
    """
    at = found[first].start if first else 0
    shown = text[at:] if last == len(found) else text[at : found[last].start].rstrip()
    marks = list(_marks(found, hits, first, last))
    pieces = [_ELLIPSIS] if first else []
    for tag, run in runs(shown):
        inside = _with_marks(text, at, at + len(run), marks)
        pieces.append(format_html('<{} dir="ltr">{}</{}>', tag, inside, tag) if tag else inside)
        at += len(run)
    pieces += [_ELLIPSIS] if last < len(found) else []
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def _marks(found: Sequence[Token], hits: Sequence[Hit], first: int, last: int) -> Iterator[tuple[int, int]]:
    """Where marks begin and end in the text; none reaches into another."""
    done = 0
    for hit in hits:
        end = found[hit.last].end
        if first <= hit.first and hit.last < last and end > done:
            yield max(done, found[hit.first].start), end
            done = end


def _with_marks(text: str, start: int, end: int, marks: Iterable[tuple[int, int]]) -> str:
    pieces: list[str] = []
    for mark, stop in marks:
        begin, stop = max(mark, start), min(stop, end)
        if begin < stop:
            pieces += [escape(text[start:begin]), format_html("<mark>{}</mark>", text[begin:stop])]
            start = stop
    pieces.append(escape(text[start:end]))
    return format_html_join("", "{}", ((piece,) for piece in pieces))
