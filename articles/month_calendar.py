"""The calendar of a month as HTML. Made in Python instead of by a template: thirty addresses and sixty numbers."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from django.utils.translation import gettext as _

from articles.archive import Period
from articles.templatetags.counting import article_count
from newsroom.lib.dates import WEEKDAYS, PrintStyle, format_digits, format_month
from newsroom.lib.escaping import fill, fill_each
from newsroom.lib.routes import route
from pages.current import current_site

_CALENDAR = """<table class="calendar">
<caption class="visually-hidden">{}</caption>
<thead><tr>{}</tr></thead>
<tbody>
{}</tbody>
</table>
"""
_DAY = (
    '<a href="{}">{}<small><span class="calendar-number" aria-hidden="true">{}</span>'
    '<span class="calendar-words">{}</span></small></a>'
)
_ADDRESS = route("articles:archive_day", 1234, 10, 11)


def month_calendar(month: date, weekdays: Iterable[int], weeks: Iterable[Sequence[Period | None]]) -> str:
    """How many stories each day has (articles.archive.weeks), with links to those that have some."""
    style = current_site().settings.style
    caption = _("Days of %(month)s and how many articles each has") % {
        "month": format_month(month.year, month.month, style)
    }
    names = fill_each('<th scope="col">{}</th>', ((WEEKDAYS[number],) for number in weekdays))
    rows = ((fill_each("<td>{}</td>", ((_day(day, style),) for day in week)),) for week in weeks)
    return fill(_CALENDAR, caption, names, fill_each("<tr>{}</tr>\n", rows))


def _day(period: Period | None, style: PrintStyle) -> str:
    if period is None:
        return ""
    day = period.start
    number = format_digits(day.day, style)
    if not period.count:
        return fill("<span>{}</span>", number)
    address = _ADDRESS(day.year, f"{day.month:02}", f"{day.day:02}")
    return fill(_DAY, address, number, *_count(period.count, style))


@lru_cache(maxsize=1024)
def _count(number: int, style: PrintStyle) -> tuple[str, str]:
    """In digits, and in words for who does not see how the page is laid out. Choosing the plural takes longest."""
    return format_digits(number, style), article_count(number)
