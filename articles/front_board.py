"""The home page as the desk sees it: what stands where, why it stands there, and what waits for a place."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _

from articles.enums import SlotPlace, Status
from articles.front_layout import Layout, Pin, pin_of
from articles.front_page import BREAKING, ROOM, FrontPage, front_page
from articles.models import Article, FrontSlot
from articles.querysets import ArticleQuerySet
from articles.search.at_the_desk import search_stories

MOST_FOUND = 8
# Of what is breaking; beyond them nobody looks.
MOST_BREAKING = 12


class Why(StrEnum):
    """Why a pinned story does not stand in its place."""

    SCHEDULED = "scheduled"
    IN_BAR = "in_bar"
    NO_ROOM = "no_room"
    LIFTED = "lifted"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    NOT_PUBLIC = "not_public"


@dataclass(frozen=True)
class Cell:
    """A story in its place. `seat` is where a pin would keep it; `slot` says who pinned it, once that is saved."""

    article: Article
    seat: int
    pin: Pin | None = None
    slot: FrontSlot | None = None


@dataclass(frozen=True)
class Waiting:
    """A pinned story that does not stand in its place at this moment."""

    article: Article
    pin: Pin
    why: Why

    @property
    def is_struck(self) -> bool:
        """It will not come by itself."""
        return self.why in {Why.WITHDRAWN, Why.NOT_PUBLIC, Why.ENDED}


@dataclass(frozen=True)
class Zone:
    """One place that is filled by hand."""

    place: SlotPlace
    cells: list[Cell]
    waiting: list[Waiting]

    @property
    def next_seat(self) -> int:
        """Behind everything that is pinned here."""
        seats = [cell.pin.position for cell in self.cells if cell.pin] + [row.pin.position for row in self.waiting]
        return max(seats, default=-1) + 1

    @property
    def room(self) -> int:
        return ROOM[self.place]


@dataclass(frozen=True)
class Filled:
    """A part of the page that fills itself."""

    title: str
    reason: str
    articles: list[Article]
    is_section: bool = False


@dataclass(frozen=True)
class Board:
    """The whole page. `bar` is what readers see above everything, `other_breaking` what is breaking beside it."""

    layout: Layout
    page: FrontPage
    zones: list[Zone]
    bar: list[Article]
    other_breaking: list[Article]
    filled: list[Filled] = field(default_factory=list)
    most_breaking = BREAKING


def board(layout: Layout, slots: Iterable[FrontSlot], at: datetime) -> Board:
    """The page as it is at `at` with this arrangement. Six queries, whatever stands there."""
    page = front_page(at, layout)
    by_article = {slot.article_id: slot for slot in slots}
    shown = {
        SlotPlace.LEAD: [page.lead] if page.lead else [],
        SlotPlace.SECOND: page.seconds,
        SlotPlace.PICK: page.picks,
    }
    cells = {
        place: [_cell(article, seat, place, layout, by_article) for seat, article in enumerate(articles)]
        for place, articles in shown.items()
    }
    standing = {cell.pin.article_id for row in cells.values() for cell in row if cell.pin}
    elsewhere = {article.pk: Why.IN_BAR for article in page.breaking}
    elsewhere |= {cell.article.pk: Why.LIFTED for row in cells.values() for cell in row if not cell.pin}
    absent = Article.objects.for_links().in_bulk([pin.article_id for pin in layout if pin.article_id not in standing])
    waiting = [
        Waiting(absent[pin.article_id], pin, _why(absent[pin.article_id], pin, at, elsewhere))
        for pin in layout
        if pin.article_id in absent
    ]
    zones = [Zone(place, cells[place], [row for row in waiting if row.pin.place == place]) for place in SlotPlace]
    return Board(layout, page, zones, page.breaking, _other_breaking(page, at), _filled(page))


def placeable() -> ArticleQuerySet:
    """What may be put on the home page: what readers see or will see (articles.front_desk.may_be_placed)."""
    return Article.objects.stories().filter(status=Status.APPROVED, publish_at__isnull=False)


def find(typed: str) -> list[Article]:
    """The newest placeable stories whose headline holds these words, in any spelling; [] for nothing typed."""
    if not typed.strip():
        return []
    found = search_stories(placeable(), typed, changes=Article.objects.none(), column="title")
    return list(found.order_by("-publish_at", "-id").for_links()[:MOST_FOUND])


def _cell(article: Article, seat: int, place: SlotPlace, layout: Layout, slots: dict[int, FrontSlot]) -> Cell:
    pin = pin_of(layout, article.pk)
    if pin is None or pin.place != place:
        return Cell(article, seat)
    slot = slots.get(article.pk)
    return Cell(article, pin.position, pin, slot if slot and slot.place == place else None)


def _why(article: Article, pin: Pin, at: datetime, elsewhere: dict[int, Why]) -> Why:
    if article.status == Status.WITHDRAWN:
        return Why.WITHDRAWN
    if not pin.lasts_at(at):
        return Why.ENDED
    if article.is_published_at(at):
        return elsewhere.get(article.pk, Why.NO_ROOM)
    return Why.SCHEDULED if article.is_scheduled else Why.NOT_PUBLIC


def _other_breaking(page: FrontPage, at: datetime) -> list[Article]:
    """Breaking too, but not in the bar: it leads, is scheduled, or the bar is full."""
    in_bar = {article.pk for article in page.breaking}
    # In the order of its index: by the time of publication SQLite would look for them among all stories.
    stories = Article.objects.stories().filter(status=Status.APPROVED).breaking(at)
    rows = [row for row in stories.order_by("-breaking_until", "-id").for_links()[:MOST_BREAKING] if row.publish_at]
    return [row for row in rows if row.pk not in in_bar]


def _filled(page: FrontPage) -> list[Filled]:
    links = [link.target for link in page.lead_links if link.target]
    parts = [
        Filled(_("Under the lead"), _("related articles of the lead"), links),
        Filled(_("Latest news"), _("the newest news"), page.latest),
        Filled(_("Opinion"), _("the newest opinions"), page.opinions),
        *(
            Filled(row.section.name, _("the newest of the section"), row.articles, is_section=True)
            for row in (*page.rows, *page.pairs)
        ),
    ]
    return [part for part in parts if part.articles]
