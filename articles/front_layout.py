"""An arrangement of the home page as a value: which story an editor has pinned where, in which order, until when.

The order of a place is that of the positions. Beside the lead a position is also a seat: the second seat can be pinned
while the first fills itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.utils.dateparse import parse_datetime

from articles.enums import SlotPlace
from articles.validators import FIRST_YEAR, LAST_YEAR

# Of one place, what stands there and what waits for it. No home page needs more.
MOST_IN_A_PLACE = 12
_LONGEST_TEXT = 4000
_LARGEST_KEY = 2**63 - 1


class Unreadable(ValueError):
    """Not what a page of ours sends."""


@dataclass(frozen=True)
class Pin:
    """A story in a place of the home page; `ends_at` is aware, None lasts until somebody changes it."""

    place: SlotPlace
    position: int
    article_id: int
    ends_at: datetime | None = None

    def lasts_at(self, moment: datetime) -> bool:
        return self.ends_at is None or self.ends_at > moment


Layout = tuple[Pin, ...]


def in_order(pins: Iterable[Pin]) -> Layout:
    """Each story once, each seat once: who comes later in a place moves down until a seat is free.

    Of a story that is named twice the first counts. Free seats stay free beside the lead alone: elsewhere nothing
    fills them.
    """
    once: dict[int, Pin] = {}
    for pin in pins:
        once.setdefault(pin.article_id, pin)
    placed: list[Pin] = []
    for place in SlotPlace:
        following = 0
        for pin in sorted((pin for pin in once.values() if pin.place == place), key=lambda pin: pin.position):
            position = max(pin.position, following) if place == SlotPlace.SECOND else following
            placed.append(replace(pin, position=position, ends_at=whole_seconds(pin.ends_at)))
            following = position + 1
    return tuple(placed)


def whole_seconds(moment: datetime | None) -> datetime | None:
    """Forms and addresses carry no smaller part."""
    return moment.replace(microsecond=0) if moment else None


def stored_end(moment: datetime | None) -> datetime | None:
    """As it is read out of a row. Older ones may hold a year that no page can show: such a pin lasts without an end."""
    return None if moment is None or moment.year > LAST_YEAR else whole_seconds(moment)


def lasting(pins: Iterable[Pin], moment: datetime) -> Layout:
    """Without what has ended; the others keep their seats."""
    return tuple(pin for pin in pins if pin.lasts_at(moment))


def pin_of(layout: Layout, article_id: int) -> Pin | None:
    return next((pin for pin in layout if pin.article_id == article_id), None)


def put(layout: Layout, pin: Pin) -> Layout:
    """With `pin`, wherever its story stood before; what sits on its seat moves down."""
    return in_order([pin, *(other for other in layout if other.article_id != pin.article_id)])


def taken_off(layout: Layout, article_id: int) -> Layout:
    return in_order(pin for pin in layout if pin.article_id != article_id)


def kept_until(layout: Layout, article_id: int, ends_at: datetime | None) -> Layout:
    return tuple(replace(pin, ends_at=ends_at) if pin.article_id == article_id else pin for pin in layout)


def stepped(layout: Layout, article_id: int, step: int) -> Layout:
    """One seat up (-1) or down (1) in its place; the neighbour changes seats with it."""
    pin = pin_of(layout, article_id)
    if pin is None:
        return layout
    here = [other for other in layout if other.place == pin.place]
    seat = pin.position + step
    is_last = seat > max(other.position for other in here)
    if seat < 0 or (is_last and (pin.place != SlotPlace.SECOND or seat > 1)):
        return layout

    def moved(other: Pin) -> Pin:
        if other == pin:
            return replace(pin, position=seat)
        is_neighbour = other.place == pin.place and other.position == seat
        return replace(other, position=pin.position) if is_neighbour else other

    return in_order(moved(other) for other in layout)


# As JSON, in FrontChange


def as_rows(layout: Iterable[Pin]) -> list[dict[str, Any]]:
    return [
        {
            "place": str(pin.place),
            "position": pin.position,
            "article_id": pin.article_id,
            "ends_at": pin.ends_at.isoformat() if pin.ends_at else None,
        }
        for pin in layout
    ]


def from_rows(rows: Sequence[dict[str, Any]]) -> Layout:
    return tuple(
        Pin(
            SlotPlace(row["place"]),
            row["position"],
            row["article_id"],
            stored_end(parse_datetime(row["ends_at"])) if row["ends_at"] else None,
        )
        for row in rows
    )


# As text, in forms and addresses: "lead.0.17.1795161600~pick.0.9."; the end in whole seconds since 1970.


def as_text(layout: Iterable[Pin]) -> str:
    return "~".join(
        f"{pin.place}.{pin.position}.{pin.article_id}.{_seconds(pin.ends_at) if pin.ends_at else ''}" for pin in layout
    )


def from_text(text: str) -> Layout:
    """Raises Unreadable."""
    if len(text) > _LONGEST_TEXT:
        raise Unreadable(text[:80])
    try:
        pins = [_read(part) for part in text.split("~") if part]
    except (ValueError, OverflowError) as error:
        raise Unreadable(text[:80]) from error
    return in_order(pins)


def fingerprint(layout: Layout) -> str:
    """What a page says of the arrangement that it was made from, to find out whether somebody changed it."""
    return sha256(as_text(layout).encode()).hexdigest()[:16]


def _read(part: str) -> Pin:
    place, position, article_id, end = part.split(".")
    for number in (position, article_id, end or "0"):
        if not (number.isascii() and number.isdecimal()):
            raise ValueError(part)
    if int(position) >= MOST_IN_A_PLACE * 2 or not 0 < int(article_id) <= _LARGEST_KEY:
        raise ValueError(part)
    ends_at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(end)) if end else None
    if ends_at and not FIRST_YEAR <= ends_at.year <= LAST_YEAR:
        raise ValueError(part)
    return Pin(SlotPlace(place), int(position), int(article_id), ends_at)


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
