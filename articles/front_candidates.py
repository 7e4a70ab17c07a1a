"""Which stories could find a place on the home page, and what little of each decides about it.

There are some two hundred of them, a fifth of which is shown: only those are then fetched whole (articles.front_page).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import models

from articles.enums import Origin, SlotPlace
from articles.front_layout import Layout, Pin
from articles.page_rows import published_now
from articles.querysets import ArticleQuerySet
from newsroom.lib.prepared import Blank, Prepared


class Room(NamedTuple):
    """How many stories may be needed: in the bar, above the sections, of opinions, in a row, in the ranking."""

    breaking: int
    top: int
    opinions: int
    row: int
    most_read: int


class Candidate(NamedTuple):
    """A public story. `place`, `position` and `ends_at` are those of its slot, None where it has none."""

    pk: int
    section_id: int
    origin: str
    lead_image_id: int | None
    breaking_until: datetime | None
    rank: int | None
    place: str | None
    position: int | None
    ends_at: datetime | None

    @property
    def is_news(self) -> bool:
        return self.origin != Origin.OPINION

    def is_breaking_at(self, moment: datetime) -> bool:
        return self.breaking_until is not None and self.breaking_until > moment

    @property
    def pin(self) -> Pin | None:
        """What editors have set for it, whether it lasts or not."""
        if self.place is None or self.position is None:
            return None
        return Pin(SlotPlace(self.place), self.position, self.pk, self.ends_at)


_FIELDS = (
    *("pk", "section_id", "origin", "lead_image_id", "breaking_until"),
    *("most_read__rank", "front_slot__place", "front_slot__position", "front_slot__ends_at"),
)


def candidates(sections: Iterable[int], moment: datetime, room: Room, layout: Layout | None = None) -> list[Candidate]:
    """Whatever could find a place, newest first. One query; with `layout` as if that were what editors have set."""
    if layout is None:
        asked = _as_editors_have_set(tuple(sections), room)
    else:
        asked = _prepared(sections, room, published_now().filter(pk__in=[0, *(pin.article_id for pin in layout)]))
    return [Candidate(*row) for row in asked(now=moment)]


@lru_cache(maxsize=8)
def _as_editors_have_set(sections: tuple[int, ...], room: Room) -> Prepared[Any]:
    lasts: Any = Blank("now", models.DateTimeField())
    return _prepared(sections, room, published_now().in_slots(lasts))


def _prepared(sections: Iterable[int], room: Room, pinned: ArticleQuerySet) -> Prepared[Any]:
    now: Any = Blank("now", models.DateTimeField())
    public = published_now().newest_first()
    news = public.exclude(origin=Origin.OPINION)
    parts = [
        pinned,
        public.most_read()[: room.most_read],
        # One of them may lead instead.
        public.breaking(now)[: room.breaking + 1],
        news[: room.top],
        news.filter(lead_image__isnull=False)[: room.top],
        public.filter(origin=Origin.OPINION)[: room.top + room.opinions],
        *(news.filter(section=section)[: room.top + room.row] for section in sections),
    ]
    chosen = published_now().filter(pk__in=_Heads(parts)).newest_first()
    return Prepared(lambda: chosen.values_list(*_FIELDS), by_values=True)


class _Heads(models.Func):
    """The keys of the first stories of several lists, each read from an index of its own; for pk__in.

    Each part is wrapped, because SQLite allows no LIMIT inside a UNION.
    """

    arity = 0
    output_field = models.BigAutoField()

    def __init__(self, parts: Sequence[ArticleQuerySet]) -> None:
        super().__init__()
        self.parts = parts

    def as_sql(  # type: ignore[override] # all parts are its own
        self, compiler: Any, connection: Any, **_context: Any
    ) -> tuple[str, list[Any]]:
        made = [part.values("pk").query.get_compiler(connection=connection).as_sql() for part in self.parts]
        texts = [f"SELECT * FROM ({sql}) AS part_{number}" for number, (sql, _params) in enumerate(made)]  # noqa: S608
        return f"({' UNION '.join(texts)})", [param for _sql, params in made for param in params]
