"""What changes of the home page did, in sentences: who, what, when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from articles.enums import SlotPlace
from articles.front_layout import Layout, Pin, from_rows, lasting
from articles.models import Article, FrontChange
from newsroom.lib.dates import format_clock, format_date
from newsroom.lib.site_style import site_style
from pages import days

SHOWN = 20


@dataclass(frozen=True)
class Told:
    """One change: what it did, in a sentence a deed, and whether somebody has taken it back."""

    change: FrontChange
    deeds: list[str]
    undone_by: str = ""

    @property
    def text(self) -> str:
        return "، ".join(self.deeds)

    @property
    def is_undone(self) -> bool:
        return bool(self.undone_by)


def newest(count: int = SHOWN) -> list[Told]:
    """The newest first. Two queries, however many there are."""
    changes = list(FrontChange.objects.select_related("by", "undone_by__by", "undoes__by")[:count])
    titles = titles_of(change.before for change in changes) | titles_of(change.after for change in changes)
    return [_told(change, titles) for change in changes]


def _told(change: FrontChange, titles: dict[int, str]) -> Told:
    undoing: FrontChange | None = getattr(change, "undone_by", None)
    by = str(undoing.by or pgettext("front page", "somebody")) if undoing else ""
    return Told(change, deeds(change.before, change.after, titles, at=change.at), by)


def titles_of(states: Iterable[dict[str, Any]]) -> dict[int, str]:
    """The headlines of all stories that these states name. One query; none where they name none."""
    ids = {row["article_id"] for state in states for rows in state.values() for row in rows}
    rows = Article.objects.filter(pk__in=ids).only("headline") if ids else Article.objects.none()
    return {article.pk: str(article) for article in rows}


def deeds(before: dict[str, Any], after: dict[str, Any], titles: dict[int, str], *, at: datetime) -> list[str]:
    """What leads from the one state to the other, at least one sentence. Plain text: its reader isolates it."""
    old = lasting(from_rows(before.get("slots", [])), at)
    new = from_rows(after.get("slots", []))
    told = [*_slot_deeds(old, new, titles), *_bar_deeds(before, after, titles)]
    return told or [_("Nothing that still lasts.")]


def _slot_deeds(old: Layout, new: Layout, titles: dict[int, str]) -> list[str]:
    before, after = ({pin.article_id: pin for pin in layout} for layout in (old, new))
    told = [_moved(before.get(key), pin, titles) for key, pin in after.items()]
    told += [_("took %(title)s off %(place)s") % _named(pin, titles) for key, pin in before.items() if key not in after]
    stayed = [key for key in after if key in before and before[key].place == after[key].place]
    reordered = {
        after[key].place
        for key in stayed
        if [each for each in before if each in stayed and before[each].place == after[key].place]
        != [each for each in after if each in stayed and after[each].place == after[key].place]
    }
    told += [
        _("put %(place)s into another order") % {"place": place.label} for place in SlotPlace if place in reordered
    ]
    return [sentence for sentence in told if sentence]


def _moved(old: Pin | None, new: Pin, titles: dict[int, str]) -> str:
    """ "" where a story stayed as it was."""
    named = _named(new, titles)
    if old is None:
        text = _("put %(title)s into %(place)s") % named
        return f"{text} {_until(new.ends_at)}" if new.ends_at else text
    if old.place != new.place:
        return _("moved %(title)s from %(from)s to %(place)s") % (named | {"from": old.place.label})
    if old.ends_at == new.ends_at:
        return ""
    if new.ends_at is None:
        return _("pinned %(title)s without an end") % named
    return f"{_('pinned %(title)s') % named} {_until(new.ends_at)}"


def _bar_deeds(before: dict[str, Any], after: dict[str, Any], titles: dict[int, str]) -> list[str]:
    old = {row["article_id"]: row for row in before.get("breaking", [])}
    told = []
    for row in after.get("breaking", []):
        named = {"title": _title(row["article_id"], titles)}
        earlier = old.get(row["article_id"], {"until": None, "text": row["text"]})
        until = parse_datetime(row["until"]) if row["until"] else None
        if row["until"] != earlier["until"]:
            text = _("put %(title)s into the breaking bar") if until else _("took %(title)s out of the breaking bar")
            told.append(f"{text % named} {_until(until)}" if until else text % named)
        if row["text"] != earlier["text"]:
            told.append(_("changed the short headline of %(title)s") % named)
    return told


def _named(pin: Pin, titles: dict[int, str]) -> dict[str, str]:
    return {"title": _title(pin.article_id, titles), "place": str(pin.place.label)}


def _title(article_id: int, titles: dict[int, str]) -> str:
    title = titles.get(article_id)
    return f"«{title}»" if title else _("a deleted article")


def _until(moment: datetime | None) -> str:
    """ "until 18:00", of another day with the day."""
    if moment is None:
        return ""
    style = site_style()
    clock = format_clock(moment, style)
    if days.day_of(moment) == days.day_of(timezone.now()):
        return _("until %(time)s") % {"time": clock}
    return _("until %(day)s at %(time)s") % {"day": format_date(moment, style, year=False), "time": clock}
