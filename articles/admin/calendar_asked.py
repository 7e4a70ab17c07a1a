"""What is asked of the calendar: which days, and which of their texts. The address says all of it."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db import models
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from articles.calendar import FIRST_DAY, LAST_DAY, Kind, Wanted, month_days, week_days
from articles.models import Section
from articles.staffing import assignable
from articles.validators import FIRST_YEAR, LAST_YEAR
from newsroom.lib.dates import format_date, format_month
from newsroom.lib.forms import typed_number
from newsroom.lib.keys import read_number
from newsroom.lib.site_style import site_style

AGENDA_DAYS = 14


class Span(models.TextChoices):
    """How many days are shown, and how."""

    MONTH = "month", pgettext_lazy("calendar", "Month")
    WEEK = "week", pgettext_lazy("calendar", "Week")
    AGENDA = "agenda", pgettext_lazy("calendar", "Agenda")
    DAY = "day", pgettext_lazy("calendar", "Day")


# Texts of a day; the link behind them leads to the page of that day, which has pages of its own.
MOST_ITEMS = {Span.MONTH: 4, Span.WEEK: 12, Span.AGENDA: 12, Span.DAY: 100}


@dataclass(frozen=True)
class Asked:
    """`chosen` is None where nobody asked for a span: a month, on a telephone its agenda."""

    user: User
    day: date
    chosen: Span | None = None
    wanted: Wanted = Wanted()
    page: int = 1
    error: str = ""

    @property
    def span(self) -> Span:
        return self.chosen or Span.MONTH

    @cached_property
    def days(self) -> list[date]:
        match self.span:
            case Span.MONTH:
                return month_days(self.day.year, self.day.month)
            case Span.WEEK:
                return within(week_days(self.day))
            case Span.AGENDA:
                return within(self.day + timedelta(days=number) for number in range(AGENDA_DAYS))
        return [self.day]

    @property
    def title(self) -> str:
        style = site_style()
        if self.span == Span.MONTH:
            return format_month(self.day.year, self.day.month, style)
        if self.span == Span.DAY:
            return format_date(self.day, style, weekday=True)
        first, last = (format_date(day, style) for day in (self.days[0], self.days[-1]))
        return _("%(first)s to %(last)s") % {"first": first, "last": last}

    def neighbour(self, steps: int) -> date | None:
        """A day of the span after (1) or before (-1) this one; None beyond the ends of time."""
        if self.span == Span.MONTH:
            months = self.day.year * 12 + self.day.month - 1 + steps
            year, month = divmod(months, 12)
            day = date(year, month + 1, 1) if FIRST_YEAR <= year <= LAST_YEAR else None
        else:
            length = {Span.WEEK: 7, Span.AGENDA: AGENDA_DAYS}.get(self.span, 1)
            day = self.day + timedelta(days=steps * length)
        return day if day and FIRST_DAY <= day <= LAST_DAY else None

    def query(self, **changes: Any) -> str:
        """What stands behind the address of the calendar for this, or for another day or span."""
        other = replace(self, **{"page": 1} | changes)
        names = {
            "view": other.chosen.value if other.chosen else "",
            "date": other.day.isoformat(),
            "section": other.wanted.section.pk if other.wanted.section else "",
            "person": other.wanted.person.pk if other.wanted.person else "",
            "kind": other.wanted.kind.value if other.wanted.kind else "",
            "page": other.page if other.page > 1 else "",
        }
        return urlencode({name: value for name, value in names.items() if value})

    def address(self, **changes: Any) -> str:
        return f"{reverse('desk:calendar')}?{self.query(**changes)}"


@dataclass(frozen=True)
class Choices:
    """What one may choose from; colleagues only for those who see their texts."""

    sections: list[Section]
    people: list[User]

    @classmethod
    def of(cls, user: User) -> "Choices":
        sees_all = user.has_perm("articles.change_any_article")
        return cls(list(Section.objects.all()), list(assignable()) if sees_all else [])

    def read(self, data: QueryDict, user: User, *, today: date) -> Asked:
        """What nobody could have chosen counts as not chosen."""
        section = next((one for one in self.sections if str(one.pk) == data.get("section")), None)
        person = next((one for one in self.people if str(one.pk) == data.get("person")), None)
        kind = next((one for one in Kind if one.value == data.get("kind")), None)
        span = next((one for one in Span if one.value == data.get("view")), None)
        day, error = _day_in(data, today)
        page = read_number(typed_number(data.get("page", "")), digits=5) or 1
        return Asked(user, day, span, Wanted(section, person, kind), page, error)


def within(days: Any) -> list[date]:
    return [day for day in days if FIRST_DAY <= day <= LAST_DAY]


def read_day(text: str) -> date | None:
    """A day as an address or a form has it, in digits of any script; None for none of ours."""
    try:
        day = date.fromisoformat(typed_number(text))
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def _day_in(data: QueryDict, today: date) -> tuple[date, str]:
    """The day of the address; a month and a year that were chosen beside it go before. With what is wrong with them."""
    day = read_day(data.get("date", "")) or today
    if "year" not in data and "month" not in data:
        return day, ""
    month, year = (typed_number(data.get(name, "")) for name in ("month", "year"))
    if not (month.isascii() and month.isdecimal() and year.isascii() and year.isdecimal() and len(year) == 4):
        return day, _("Write the year in four digits.")
    if not (1 <= int(month) <= 12 and FIRST_YEAR <= int(year) <= LAST_YEAR):
        return day, _("No page of the archive shows this year.")
    first = date(int(year), int(month), 1)
    return (day if (day.year, day.month) == (first.year, first.month) else first), ""
