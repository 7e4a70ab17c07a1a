"""What stands where on the home page: chosen from what is newest, from the top down, no article twice."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

from articles.enums import Origin
from articles.models import Article, Section

BREAKING, SECONDS, LATEST, OPINIONS, ROW = 3, 2, 6, 4, 4
# The most that the places above the sections can take.
TOP = BREAKING + 1 + SECONDS + LATEST
# A row across the page needs this many cards; a section with fewer shares a row with another.
WIDE_FROM, WIDE_ROWS = 3, 2


@dataclass(frozen=True)
class Row:
    """The newest stories of one section."""

    section: Section
    articles: list[Article]


@dataclass(frozen=True)
class FrontPage:
    """The home page from the top down."""

    breaking: list[Article]
    lead: Article | None
    seconds: list[Article]
    latest: list[Article]
    rows: list[Row] = field(default_factory=list)
    opinions: list[Article] = field(default_factory=list)
    pairs: list[Row] = field(default_factory=list)


def front_page() -> FrontPage:
    """Choose the articles of the home page: three queries, however many sections there are."""
    sections = list(Section.objects.all())
    pool = _Pool(_candidates(sections))
    breaking = pool.take(BREAKING, lambda article: article.is_breaking)
    leads = pool.take(1, _is_pictured_news) or pool.take(1, _is_news)
    seconds = pool.take(SECONDS, _is_pictured_news)
    latest = pool.take(LATEST, _is_news)
    opinions = pool.take(OPINIONS, lambda article: article.is_opinion)
    rows = [Row(section, pool.take(ROW, partial(_is_in, section))) for section in sections]
    rows = [row for row in rows if row.articles]
    wide = [row for row in rows if len(row.articles) >= WIDE_FROM][:WIDE_ROWS]
    pairs = [row for row in rows if row not in wide]
    return FrontPage(breaking, leads[0] if leads else None, seconds, latest, wide, opinions, pairs)


def _candidates(sections: Iterable[Section]) -> list[Article]:
    """Whatever could find a place, newest first."""
    public = Article.objects.published().newest_first()
    news = public.exclude(origin=Origin.OPINION)
    parts = [
        public.breaking()[:BREAKING],
        news[: TOP + SECONDS],
        news.filter(lead_image__isnull=False)[: 1 + SECONDS],
        public.filter(origin=Origin.OPINION)[: BREAKING + OPINIONS],
        *(news.in_section(section)[: TOP + ROW] for section in sections),
    ]
    return list(Article.objects.published().any_of(parts).newest_first().for_cards())


def _is_news(article: Article) -> bool:
    return not article.is_opinion


def _is_pictured_news(article: Article) -> bool:
    return _is_news(article) and article.lead_image_id is not None


def _is_in(section: Section, article: Article) -> bool:
    return article.section_id == section.pk


class _Pool:
    """Articles that no place has taken yet, newest first."""

    def __init__(self, articles: list[Article]) -> None:
        self._free = articles

    def take(self, count: int, fits: Callable[[Article], bool]) -> list[Article]:
        """Up to `count` of the newest that fit; nobody gets them again."""
        taken = [article for article in self._free if fits(article)][:count]
        self._free = [article for article in self._free if article not in taken]
        return taken
