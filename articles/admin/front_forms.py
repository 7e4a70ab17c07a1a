"""What the page of the front desk sends: an arrangement that nobody has saved yet, and what is to be done with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from articles import front_layout
from articles.enums import SlotPlace
from articles.front_board import find, placeable
from articles.front_layout import Layout, Pin, Unreadable, fingerprint, pin_of
from articles.front_page import ROOM
from articles.models import Article
from articles.publishing import WrongState
from articles.validators import FIRST_YEAR, LAST_YEAR
from newsroom.lib.forms import SplitDateTimeField
from newsroom.lib.keys import read_key
from pages import days
from pages.public_time import public_now

_PINNED_FOR = {"1h": timedelta(hours=1), "3h": timedelta(hours=3)}
_BREAKING_FOR = {"30m": timedelta(minutes=30), "1h": timedelta(hours=1), "2h": timedelta(hours=2)}


class Unclear(WrongState):
    """No page of ours sends this, or what was typed cannot be read; the text is a sentence for people."""


@dataclass
class Draft:
    """An arrangement on its way: what it was made from, what it is now, and what somebody is about to put into it."""

    layout: Layout
    seen: str  # fingerprint of the stored arrangement that it was made from
    typed: str = ""
    found: list[Article] = field(default_factory=list)
    chosen: Article | None = None
    said: str = ""

    @classmethod
    def of(cls, stored: Layout) -> "Draft":
        now = public_now()
        return cls(front_layout.in_order(front_layout.lasting(stored, now)), fingerprint(stored))

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Draft":
        """Raises Unclear."""
        try:
            layout = front_layout.from_text(data.get("pins", ""))
        except Unreadable as error:
            raise _unclear() from error
        typed = data.get("q", "")[:200]
        draft = cls(layout, data.get("seen", "")[:32], typed)
        if data.get("chosen"):
            draft.chosen = placeable().for_links().filter(pk=key_in(data["chosen"])).first()
        return draft

    def is_changed_from(self, stored: Layout) -> bool:
        now = public_now()
        return self.layout != front_layout.in_order(front_layout.lasting(stored, now))


def act(draft: Draft, order: str, data: Mapping[str, Any]) -> None:
    """Do to the draft what a button asks for. Nothing is stored. Raises Unclear."""
    name, _sep, rest = order.partition(":")
    deed = _DEEDS.get(name)
    if deed is None:
        raise _unclear()
    deed(draft, rest, data)


def key_in(text: str) -> int:
    """The key of a row. Raises Unclear."""
    key = read_key(text)
    if key is None:
        raise _unclear()
    return key


def breaking_until(data: Mapping[str, Any], key: int) -> datetime:
    """Until when a story is to stand in the bar. Raises Unclear."""
    choice = data.get(f"break-{key}-until", "1h")
    if choice in _BREAKING_FOR:
        return public_now() + _BREAKING_FOR[choice]
    return moment_typed(data, f"break-{key}-at")


def moment_typed(data: Mapping[str, Any], name: str) -> datetime:
    """A moment to come, from a day and a time in two boxes, in the time zone of the site. Raises Unclear."""
    boxes = [data.get(f"{name}_{part}", "") for part in (0, 1)]
    try:
        moment = SplitDateTimeField().clean(boxes)
    except forms.ValidationError as error:
        raise Unclear(_("Write the day and the time.")) from error
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise Unclear(_("Write the day and the time."))
    if moment <= public_now():
        raise Unclear(_("This moment has passed."))
    return front_layout.whole_seconds(moment) or moment


def _unclear() -> Unclear:
    return Unclear(_("Something was wrong with the request. Open the page again and try once more."))


def _find(draft: Draft, rest: str, data: Mapping[str, Any]) -> None:
    draft.found, draft.chosen = find(draft.typed), None
    if not draft.found:
        draft.said = _("No published or scheduled article has these words in its headline.")


def _choose(draft: Draft, rest: str, data: Mapping[str, Any]) -> None:
    draft.chosen = placeable().for_links().filter(pk=key_in(rest)).first()
    if draft.chosen is None:
        raise Unclear(_("Only what is published or scheduled has a place on the front page."))


def _put(draft: Draft, rest: str, data: Mapping[str, Any]) -> None:
    """put:<article>:<place>:<seat>"""
    key, _sep, where = rest.partition(":")
    _place(draft, key_in(key), where)


def _to(draft: Draft, rest: str, data: Mapping[str, Any]) -> None:
    """to:<article>, with the place in the select beside it."""
    _place(draft, key_in(rest), data.get(f"to-{rest}", ""))


def _place(draft: Draft, key: int, where: str) -> None:
    name, _sep, seat = where.partition(":")
    if name not in SlotPlace.values or not (seat.isascii() and seat.isdecimal() and len(seat) < 3):
        raise _unclear()
    article = placeable().defer("body").filter(pk=key).first()
    old = pin_of(draft.layout, key)
    if article is None and old is None:
        raise Unclear(_("Only what is published or scheduled has a place on the front page."))
    if int(seat) >= front_layout.MOST_IN_A_PLACE:
        raise Unclear(_("There is no room for more in this place."))
    place = SlotPlace(name)
    draft.layout = front_layout.put(draft.layout, Pin(place, int(seat), key, old.ends_at if old else None))
    draft.chosen = None
    draft.found = []
    if old and old.place != place:
        draft.said = _("Moved from %(from)s to %(to)s.") % {"from": old.place.label, "to": place.label}
    else:
        draft.said = _("Pinned in %(place)s.") % {"place": place.label}
    if sum(pin.place == place for pin in draft.layout) > ROOM[place]:
        draft.said += " " + _("There are more pinned than fit; the last ones wait.")


def _up(draft: Draft, rest: str, data: Mapping[str, Any]) -> None:
    draft.layout = front_layout.stepped(draft.layout, key_in(rest), -1)
    draft.said = _("Moved up.")


def _down(draft: Draft, rest: str, data: Mapping[str, Any]) -> None:
    draft.layout = front_layout.stepped(draft.layout, key_in(rest), 1)
    draft.said = _("Moved down.")


def _off(draft: Draft, rest: str, data: Mapping[str, Any]) -> None:
    draft.layout = front_layout.taken_off(draft.layout, key_in(rest))
    draft.said = _("The pin is off; the place fills itself.")


def _until(draft: Draft, rest: str, data: Mapping[str, Any]) -> None:
    """until:<article>:<choice>; with "at" the moment stands in two boxes."""
    key, _sep, choice = rest.partition(":")
    if choice == "none":
        ends_at = None
    elif choice == "midnight":
        ends_at = days.midnight(days.today() + timedelta(days=1))
    elif choice in _PINNED_FOR:
        ends_at = front_layout.whole_seconds(public_now() + _PINNED_FOR[choice])
    else:
        ends_at = moment_typed(data, f"at-{key_in(key)}")
    draft.layout = front_layout.kept_until(draft.layout, key_in(key), ends_at)
    draft.said = _("The end of the pin is changed.")


_DEEDS: dict[str, Callable[[Draft, str, Mapping[str, Any]], None]] = {
    "find": _find,
    "choose": _choose,
    "put": _put,
    "to": _to,
    "up": _up,
    "down": _down,
    "off": _off,
    "until": _until,
}
