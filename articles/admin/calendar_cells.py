"""The days of the calendar as its page shows them: words and addresses, made once for each text."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.http import urlencode
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from articles.admin.calendar_asked import Asked, Span
from articles.calendar import Day, Item, Kind
from newsroom.lib.bidi import isolate
from newsroom.lib.dates import PrintStyle, format_clock, local_time
from newsroom.lib.site_style import site_style

LONGEST_HEADLINE = 18  # words


@dataclass(frozen=True)
class Shown:
    """One text. `plan` or `publish` is where its day or hour is chosen, "" for nowhere; `value` its hour in a box."""

    kind: Kind
    is_overdue: bool
    address: str
    clock: str
    moment: str
    value: str
    headline: str
    words: str
    about: str
    plan: str
    publish: str


@dataclass(frozen=True)
class Cell:
    """A day with its address; `add` is that of a new article for it, "" for none."""

    day: Day
    items: list[Shown]
    address: str
    add: str
    is_aside: bool  # of a neighbouring month


def cells(asked: Asked, days: Iterable[Day], *, adds: bool, today: date) -> list[Cell]:
    new, section, show = reverse("admin:articles_article_add"), asked.wanted.section, _Showing()
    found = []
    for day in days:
        fields = {"planned_for": day.date.isoformat()} | ({"section": str(section.pk)} if section else {})
        found.append(
            Cell(
                day,
                [show.item(item) for item in day.items],
                asked.address(chosen=Span.DAY, day=day.date),
                f"{new}?{urlencode(fields)}" if adds and day.date >= today else "",
                is_aside=asked.span == Span.MONTH and day.date.month != asked.day.month,
            )
        )
    return found


def agenda(asked: Asked, month: list[Cell], *, today: date) -> list[Cell]:
    """The days one under the other: of a month only its own, of this month from today on; empty ones only as gaps."""
    own = [cell for cell in month if not cell.is_aside]
    if asked.span == Span.MONTH and own[0].day.date <= today <= own[-1].day.date:
        own = [cell for cell in own if cell.day.date >= today]
    return [cell for cell in own if cell.items or cell.day.gap or asked.span == Span.DAY]


class _Showing:
    """A full month has two hundred texts: their addresses differ in a number, which is all that is put in for each."""

    def __init__(self) -> None:
        self.style: PrintStyle = site_style()
        names = ("admin:articles_article_change", "desk:plan", "admin:articles_article_publish")
        self.change, self.plan, self.publish = (reverse(name, args=[0]).replace("/0/", "/{}/") for name in names)
        self.kinds = {kind: str(kind.label) for kind in Kind}

    def item(self, item: Item) -> Shown:
        article, at = item.article, item.at
        about = [(isolate(str(one)),) for one in (article.section, article.assigned_to) if one]
        return Shown(
            item.kind,
            item.is_overdue,
            self.change.format(article.pk),
            format_clock(at, self.style) if at else "",
            local_time(at, self.style).isoformat(timespec="seconds") if at else "",
            f"{local_time(at, self.style):%H:%M}" if at else "",
            isolate(Truncator(str(article)).words(LONGEST_HEADLINE)),
            self._words(item),
            format_html_join("", " · {}", about),
            self.plan.format(article.pk) if item.can_plan else "",
            self.publish.format(article.pk) if item.can_schedule else "",
        )

    def _words(self, item: Item) -> str:
        kind = self.kinds[item.kind]
        words = _("changes: %(status)s") % {"status": kind} if item.article.is_working_copy else kind
        return f"{words} · {_overdue(item.kind)}" if item.is_overdue else words


def _overdue(kind: Kind) -> str:
    match kind:
        case Kind.DEADLINE:
            return _("late")
        case Kind.SCHEDULED:
            return _("did not appear")
    return _("overdue")
