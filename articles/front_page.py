"""What stands where on the home page: what editors have set, then what is newest, from the top down, no story twice."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice

from django.utils import timezone

from articles.enums import Origin, SlotPlace
from articles.models import Article, FrontSlot, RelatedLink, Section
from articles.most_read import by_rank

BREAKING, SECONDS, LATEST, PICKS, OPINIONS, ROW, MOST_READ = 3, 2, 6, 4, 4, 4, 5
# Stories that the lead is related to, named below it.
BULLETS = 2
# The most that the places above the sections can take.
TOP = BREAKING + 1 + BULLETS + SECONDS + LATEST + PICKS
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
    lead_links: list[RelatedLink]
    seconds: list[Article]
    latest: list[Article]
    picks: list[Article] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    opinions: list[Article] = field(default_factory=list)
    pairs: list[Row] = field(default_factory=list)
    # A ranking, not a place: a story may stand above as well, or the list would tell a lie.
    most_read: list[Article] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.breaking or self.lead or self.picks or self.opinions)


def front_page(at: datetime | None = None) -> FrontPage:
    """Choose the stories of the home page as it is at `at` (default: now).

    Four queries, however many sections and stories there are: sections, stories, their writers, the links of the lead.
    """
    moment = at or timezone.now()
    sections = list(Section.objects.all())
    found = _candidates(sections, moment)
    pool = _Pool(found, moment)
    breaking = pool.take(BREAKING, lambda article: article.is_breaking_at(moment))
    lead = _lead(pool)
    links = _links_of(lead, pool, moment) if lead else []
    seconds = pool.set_by_hand(SlotPlace.SECOND, SECONDS)
    seconds += pool.take(SECONDS - len(seconds), _is_pictured_news)
    latest = pool.take(LATEST, _is_news)
    picks = pool.set_by_hand(SlotPlace.PICK, PICKS)
    opinions = pool.take(OPINIONS, lambda article: article.is_opinion)
    rows = [Row(section, pool.take(ROW, partial(_is_in, section))) for section in sections]
    rows = [row for row in rows if row.articles]
    wide = [row for row in rows if len(row.articles) >= WIDE_FROM][:WIDE_ROWS]
    pairs = [row for row in rows if row not in wide]
    return FrontPage(breaking, lead, links, seconds, latest, picks, wide, opinions, pairs, by_rank(found)[:MOST_READ])


def _candidates(sections: Iterable[Section], moment: datetime) -> list[Article]:
    """Whatever could find a place, newest first."""
    public = Article.objects.published(moment).newest_first()
    news = public.exclude(origin=Origin.OPINION)
    parts = [
        public.in_slots(moment),
        public.most_read()[:MOST_READ],
        public.breaking(moment)[:BREAKING],
        news[:TOP],
        news.filter(lead_image__isnull=False)[:TOP],
        public.filter(origin=Origin.OPINION)[: TOP + OPINIONS],
        *(news.in_section(section)[: TOP + ROW] for section in sections),
    ]
    chosen = Article.objects.published(moment).any_of(parts).newest_first().for_cards()
    return list(chosen.select_related("front_slot", "most_read"))


def _lead(pool: "_Pool") -> Article | None:
    leads = pool.set_by_hand(SlotPlace.LEAD, 1) or pool.take(1, _is_pictured_news) or pool.take(1, _is_news)
    return leads[0] if leads else None


def _links_of(lead: Article, pool: "_Pool", moment: datetime) -> list[RelatedLink]:
    """The first public stories that the lead is related to; none that stands on the page already. One query."""
    links = RelatedLink.objects.filter(article=lead, target__isnull=False).select_related("target")
    links = links.defer("target__body").order_by("position", "id")
    public = ((link, link.target) for link in links if link.target and link.target.is_published_at(moment))
    return list(islice((link for link, target in public if pool.claim(target.pk)), BULLETS))


def _is_news(article: Article) -> bool:
    return not article.is_opinion


def _is_pictured_news(article: Article) -> bool:
    return _is_news(article) and article.lead_image_id is not None


def _is_in(section: Section, article: Article) -> bool:
    return article.section_id == section.pk


def _slot(article: Article, moment: datetime) -> FrontSlot | None:
    """The place that an editor has given it, while that lasts."""
    slot: FrontSlot | None = getattr(article, "front_slot", None)
    return slot if slot and (slot.ends_at is None or slot.ends_at > moment) else None


class _Pool:
    """Stories that no place has taken yet, newest first. Those with a place of their own wait for it."""

    def __init__(self, articles: Sequence[Article], moment: datetime) -> None:
        self._articles = articles
        slots = [(slot, article) for article in articles if (slot := _slot(article, moment))]
        self._waiting = [(slot.place, article) for slot, article in sorted(slots, key=lambda each: each[0].position)]
        self._taken: set[int] = set()

    def set_by_hand(self, place: SlotPlace, most: int) -> list[Article]:
        """What an editor has put there, in that order. More than there is room for are stories like any other."""
        here = [article for where, article in self._waiting if where == place]
        self._waiting = [(where, article) for where, article in self._waiting if where != place]
        return [article for article in here[:most] if self.claim(article.pk)]

    def take(self, count: int, fits: Callable[[Article], bool]) -> list[Article]:
        """Up to `count` of the newest that fit; nobody gets them again."""
        held = {article.pk for _place, article in self._waiting} | self._taken
        taken = [article for article in self._articles if article.pk not in held and fits(article)][:count]
        self._taken.update(article.pk for article in taken)
        return taken

    def claim(self, article_id: int) -> bool:
        """Take one story, whether it is in here or not; False where it has its place already."""
        if article_id in self._taken or any(article.pk == article_id for _place, article in self._waiting):
            return False
        self._taken.add(article_id)
        return True
