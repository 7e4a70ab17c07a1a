"""The results on one page of the search, as HTML. Made in Python, and kept for who turns back or asks the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import format_html_join
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from articles.card_rows import cards_by_key, shown_with
from articles.models import Article
from articles.search import Marker
from images.markup import picture
from newsroom.lib.dates import format_date, local_time
from newsroom.lib.escaping import fill
from newsroom.lib.keeping import kept_each, stories
from newsroom.lib.scopes import SEARCH_WORDS
from pages.current import current_site
from richtext.render import to_lines

# Words of a text in which nothing is marked, because a name or the headline was what answered.
_OPENING_WORDS = 32
_RESULT = """<li class="search-result section-{}">
{}
<p class="kicker"><bdi>{}</bdi></p>
<h3><a href="{}"><bdi dir="rtl">{}</bdi></a></h3>
{}
<p class="meta">{}{}<time datetime="{}">{}</time></p>
</li>
"""


@dataclass(frozen=True)
class Result:
    """One story that was found. `headline`, `snippet` and `writers` may hold `<mark>`; the rest of them is escaped."""

    article: Article
    headline: str
    snippet: str
    writers: list[str]


@dataclass(frozen=True)
class _Line:
    """`scopes` are of what it shows."""

    html: str
    scopes: tuple[str, ...]


def results(ids: Sequence[int], marker: Marker) -> list[str]:
    """The public articles among `ids`, in that order. Two queries, and the work of marking: only for the page shown."""

    def make(missing: list[int]) -> dict[int, _Line]:
        found = cards_by_key(missing, body=True)
        return {pk: _line(article, marker) for pk, article in found.items()}

    lines = kept_each((results, marker.query), ids, make, lambda line: line.scopes, shelf=stories)
    return [lines[pk].html for pk in ids if pk in lines]


def _line(article: Article, marker: Marker) -> _Line:
    result = Result(
        article=article,
        headline=marker.highlight(article.headline),
        snippet=marker.snippet(_lines(article)) or _opening(article),
        writers=[marker.highlight(byline.author.name) for byline in article.card_bylines],  # type: ignore[attr-defined]
    )
    return _Line(result_line(result), (SEARCH_WORDS, *shown_with(article)))


def result_line(result: Result) -> str:
    article, style = result.article, current_site().settings.style
    moment = local_time(article.published_at, style)  # type: ignore[arg-type] # what is public was published
    writers = format_html_join(_(" and "), "<bdi>{}</bdi>", ((writer,) for writer in result.writers))
    return fill(
        _RESULT,
        article.section.color if article.section else "",
        picture(article.lead_image, "thumbnail", alt="") if article.lead_image else "",
        article.section.name if article.section else "",
        article.get_absolute_url(),
        result.headline,
        fill('<p class="search-snippet"><bdi dir="rtl">{}</bdi></p>', result.snippet) if result.snippet else "",
        writers,
        " · " if result.writers else "",
        moment.isoformat(timespec="seconds"),
        format_date(moment, style),
    )


def _lines(article: Article) -> Iterator[str]:
    yield article.standfirst
    yield from to_lines(article.body)


def _opening(article: Article) -> str:
    line = next(filter(None, _lines(article)), "")
    return Truncator(line).words(_OPENING_WORDS, truncate="…")
