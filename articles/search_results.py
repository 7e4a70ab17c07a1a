"""The results on one page of the search, ready to be printed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.text import Truncator

from articles.models import Article
from articles.search import Marker
from richtext.render import to_lines

# Words of a text in which nothing is marked, because a name or the headline was what answered.
_OPENING_WORDS = 32


@dataclass(frozen=True)
class Result:
    """One story that was found. `headline`, `snippet` and `writers` may hold `<mark>`; the rest of them is escaped."""

    article: Article
    headline: str
    snippet: str
    writers: list[str]


def results(ids: Sequence[int], marker: Marker) -> list[Result]:
    """The public articles among `ids`, in that order. Two queries, and the work of marking: only for the page shown."""
    if not ids:
        return []
    found = Article.objects.published().for_cards().defer(None).in_bulk(ids)
    return [_result(found[pk], marker) for pk in ids if pk in found]


def _result(article: Article, marker: Marker) -> Result:
    return Result(
        article=article,
        headline=marker.highlight(article.headline),
        snippet=marker.snippet(_lines(article)) or _opening(article),
        writers=[marker.highlight(byline.author.name) for byline in article.card_bylines],  # type: ignore[attr-defined]
    )


def _lines(article: Article) -> Iterator[str]:
    yield article.standfirst
    yield from to_lines(article.body)


def _opening(article: Article) -> str:
    line = next(filter(None, _lines(article)), "")
    return Truncator(line).words(_OPENING_WORDS, truncate="…")
