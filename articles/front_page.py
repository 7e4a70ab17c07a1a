"""What stands where on the home page: what editors have set, then what is newest, from the top down, no story twice.

A pin moves its own story and no other: a breaking story stays in the bar unless it leads, a story that found no room
is one like any other, and where nothing else is left for the lead or beside it, a pin of a lower place moves up.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from itertools import islice

from articles.card_rows import cards_by_key
from articles.enums import SlotPlace
from articles.front_candidates import Candidate, Room, candidates
from articles.front_layout import Layout, in_order, lasting
from articles.models import Article, RelatedLink, Section
from articles.section_topics import all_sections
from newsroom.lib.keeping import depends_on, kept
from newsroom.lib.scopes import FRONT, STORIES
from pages.public_time import public_now

BREAKING, SECONDS, LATEST, PICKS, OPINIONS, ROW, MOST_READ = 3, 2, 6, 4, 4, 4, 5
# Sections that have a row, the first in their order: each is a part of one query, and SQLite takes 500 at most.
ROWS = 40
# Stories that the lead is related to, named below it.
BULLETS = 2
# The most that the places above the sections can take.
TOP = BREAKING + 1 + BULLETS + SECONDS + LATEST + PICKS
_ROOM_FOR = Room(BREAKING, TOP, OPINIONS, ROW, MOST_READ)
ROOM = {SlotPlace.LEAD: 1, SlotPlace.SECOND: SECONDS, SlotPlace.PICK: PICKS}
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


def front_page(at: datetime | None = None, layout: Layout | None = None) -> FrontPage:
    """Choose the stories of the home page as it is at `at` (default: now).

    With `layout`, as it would be if that were what editors have set. Five queries, however many sections and stories
    there are: sections, what could find a place, links of the lead, what found one, and its writers. What readers see
    now is kept while no story and no place changes, for as long as the list of the most read.
    """
    depends_on(STORIES, FRONT)
    sections = all_sections()[:ROWS]
    if at is None and layout is None:
        return _fetched(kept(_key(sections), lambda: _choice_of(sections, public_now(), None)), sections, None)
    moment = at or public_now()
    return _fetched(_choice_of(sections, moment, layout), sections, moment)


def _key(sections: Iterable[Section]) -> tuple[object, ...]:
    """What is kept has a row for each section, in their order."""
    return (front_page, *(section.pk for section in sections))


@dataclass(frozen=True)
class _Choice:
    """What stands where."""

    breaking: list[Candidate]
    leads: list[Candidate]
    lead_links: list[RelatedLink]
    seconds: list[Candidate]
    latest: list[Candidate]
    picks: list[Candidate]
    opinions: list[Candidate]
    rows: list[list[Candidate]]
    most_read: list[Candidate] = field(default_factory=list)

    def keys(self) -> set[int]:
        parts = (self.breaking, self.leads, self.seconds, self.latest, self.picks, self.opinions, self.most_read)
        return {each.pk for part in (*parts, *self.rows) for each in part}


def _choice_of(sections: Sequence[Section], moment: datetime, layout: Layout | None) -> _Choice:
    depends_on(STORIES, FRONT)
    found = candidates([section.pk for section in sections], moment, _ROOM_FOR, layout)
    pins = in_order(layout) if layout is not None else [pin for pin in (each.pin for each in found) if pin]
    chosen = _choose(_Pool(found, lasting(pins, moment)), sections, moment)
    ranked = sorted((each for each in found if each.rank is not None), key=lambda each: each.rank or 0)
    return replace(chosen, most_read=ranked[:MOST_READ])


def _choose(pool: "_Pool", sections: Iterable[Section], moment: datetime) -> _Choice:
    """From the top down: the order of the lines is the order in which the places choose."""
    breaking = pool.take_breaking(moment)
    pool.hold()
    leads = _leads(pool)
    return _Choice(
        breaking,
        leads,
        lead_links=_links_of(leads[0].pk, pool, moment) if leads else [],
        seconds=_seconds(pool),
        latest=pool.take(LATEST, _is_news),
        picks=[story for _position, story in pool.release(SlotPlace.PICK)],
        opinions=pool.take(OPINIONS, lambda story: not story.is_news),
        rows=[pool.take(ROW, partial(_is_in, section)) for section in sections],
    )


def _fetched(choice: _Choice, sections: Sequence[Section], moment: datetime | None) -> FrontPage:
    """With the stories themselves; what was withdrawn a moment ago is not among them. Two queries."""
    stories = cards_by_key(choice.keys(), now=moment, portraits=True)

    def shown(chosen: Iterable[Candidate]) -> list[Article]:
        return [stories[each.pk] for each in chosen if each.pk in stories]

    rows = [Row(section, shown(row)) for section, row in zip(sections, choice.rows, strict=True)]
    rows = [row for row in rows if row.articles]
    wide = [row for row in rows if len(row.articles) >= WIDE_FROM][:WIDE_ROWS]
    return FrontPage(
        breaking=shown(choice.breaking),
        lead=next(iter(shown(choice.leads)), None),
        lead_links=choice.lead_links,
        seconds=shown(choice.seconds),
        latest=shown(choice.latest),
        picks=shown(choice.picks),
        rows=wide,
        opinions=shown(choice.opinions),
        pairs=[row for row in rows if row not in wide],
        most_read=shown(choice.most_read),
    )


def _leads(pool: "_Pool") -> list[Candidate]:
    """The one that leads, or none."""
    pinned = [story for _position, story in pool.release(SlotPlace.LEAD)]
    leads = pinned or pool.take(1, _is_pictured_news) or pool.take(1, _is_news) or pool.lift(_is_news)
    return leads[:1]


def _seconds(pool: "_Pool") -> list[Candidate]:
    """The pinned on their seats, between them the newest with a picture."""
    pinned = pool.release(SlotPlace.SECOND)
    newest = pool.take(SECONDS - len(pinned), _is_pictured_news)
    if not (pinned or newest) and pool.holds(_is_pictured_news):
        # A pick that was not pinned would stand here.
        newest = pool.take(SECONDS, _is_news) or pool.lift(_is_pictured_news)
    seconds: list[Candidate] = []
    while pinned or newest:
        is_free = not pinned or pinned[0][0] > len(seconds)
        seconds.append(newest.pop(0) if newest and is_free else pinned.pop(0)[1])
    return seconds


def _links_of(lead: int, pool: "_Pool", moment: datetime) -> list[RelatedLink]:
    """The first public stories that the lead is related to; none that stands on the page already. One query."""
    links = RelatedLink.objects.filter(article=lead, target__isnull=False).select_related("target")
    links = links.defer("target__body").order_by("position", "id")
    public = ((link, link.target) for link in links if link.target and link.target.is_published_at(moment))
    return list(islice((link for link, target in public if pool.claim(target.pk)), BULLETS))


def _is_news(story: Candidate) -> bool:
    return story.is_news


def _is_pictured_news(story: Candidate) -> bool:
    return story.is_news and story.lead_image_id is not None


def _is_in(section: Section, story: Candidate) -> bool:
    return story.section_id == section.pk


class _Pool:
    """Stories that no place has taken yet, newest first. Those with a place of their own wait for it."""

    def __init__(self, stories: Sequence[Candidate], pins: Layout) -> None:
        by_key = {story.pk: story for story in stories}
        self._stories = stories
        self._pinned: dict[SlotPlace, list[tuple[int, Candidate]]] = {
            place: [
                (pin.position, by_key[pin.article_id])
                for pin in sorted(pins, key=lambda pin: pin.position)
                if pin.place == place and pin.article_id in by_key
            ]
            for place in SlotPlace
        }
        self._taken: set[int] = set()

    def take_breaking(self, moment: datetime) -> list[Candidate]:
        """The bar. Of all pins only that of the lead stands as high."""
        leads = {story.pk for _position, story in self._pinned[SlotPlace.LEAD][:1]}
        fitting = (story for story in self._stories if story.is_breaking_at(moment) and story.pk not in leads)
        return self._took(list(islice(fitting, BREAKING)))

    def hold(self) -> None:
        """Keep for each place as many of its pinned stories as there is room for; the others are like any other."""
        for place, most in ROOM.items():
            free = [(position, story) for position, story in self._pinned[place] if story.pk not in self._taken]
            self._pinned[place] = free[:most]

    def release(self, place: SlotPlace) -> list[tuple[int, Candidate]]:
        """The pinned stories of a place with their seats, in their order; nobody gets them again."""
        here, self._pinned[place] = self._pinned[place], []
        self._took([story for _position, story in here])
        return here

    def lift(self, fits: Callable[[Candidate], bool]) -> list[Candidate]:
        """The first pinned story of a place below that fits, as a list of one; its own place closes up behind it."""
        for place, here in self._pinned.items():
            for seat in here:
                if fits(seat[1]):
                    self._pinned[place] = [other for other in here if other != seat]
                    return self._took([seat[1]])
        return []

    def holds(self, fits: Callable[[Candidate], bool]) -> bool:
        return any(fits(story) for here in self._pinned.values() for _position, story in here)

    def take(self, count: int, fits: Callable[[Candidate], bool]) -> list[Candidate]:
        """Up to `count` of the newest that fit; nobody gets them again."""
        held = self._held() | self._taken
        return self._took([story for story in self._stories if story.pk not in held and fits(story)][:count])

    def claim(self, article_id: int) -> bool:
        """Take one story, whether it is in here or not; False where it has its place already."""
        if article_id in self._taken or article_id in self._held():
            return False
        self._taken.add(article_id)
        return True

    def _held(self) -> set[int]:
        return {story.pk for here in self._pinned.values() for _position, story in here}

    def _took(self, stories: list[Candidate]) -> list[Candidate]:
        self._taken.update(story.pk for story in stories)
        return stories
