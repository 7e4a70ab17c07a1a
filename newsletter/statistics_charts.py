"""The charts on the pages of statistics: each a drawing in SVG, a sentence that says it, and a table of its numbers."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from newsletter.providers import OTHER
from newsletter.statistics import IssueFigures, ListRow, Returns
from newsroom.lib.charts import Column, TabledChart, TableRow, bar_chart
from newsroom.lib.dates import format_clock, format_date, format_digits
from newsroom.lib.hours import hour_of
from newsroom.lib.numbers import format_number, format_share
from newsroom.lib.site_style import site_style
from pages.days import day_of, site_zone

HOURS, DAYS = 48, 30
MOST_LINKS = 12
MOST_PROVIDERS = 6
# Words below the columns: a telephone has room for no more.
_HOURS_APART = 12
_DAYS_APART = 5
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_OF = 1000  # shares are drawn as so many of that


def by_the_hour(figures: IssueFigures) -> TabledChart:
    """The first two days; not what is still to come."""
    style, zone = site_style(), site_zone()
    first = hour_of(figures.issue.started_at or timezone.now())
    columns = []
    for hour in (first + number * _HOUR for number in range(HOURS)):
        clock = format_clock(hour, style)
        tick = clock if hour.astimezone(zone).hour % _HOURS_APART == 0 else ""
        columns.append(_column(figures, f"{format_date(hour, style, year=False)}، {clock}", [hour], tick))
    return _in_time("hours", _("The first 48 hours"), columns, _("Hour"))


def by_the_day(figures: IssueFigures) -> TabledChart:
    style = site_style()
    first = day_of(figures.issue.started_at or timezone.now())
    hours: dict[date, list[datetime]] = {}
    for hour in figures.hours:
        hours.setdefault(day_of(hour), []).append(hour)
    columns = []
    for number in range(DAYS):
        day = first + number * _DAY
        tick = format_digits(f"{day.day}/{day.month}", style) if number % _DAYS_APART == 0 else ""
        columns.append(_column(figures, format_date(day, style, weekday=True, year=False), hours.get(day, []), tick))
    return _in_time("days", _("The first 30 days"), columns, _("The day"))


def of_links(figures: IssueFigures) -> TabledChart:
    """The most followed ones are drawn, all stand in the table."""
    number = _number()
    has_two = len(figures.sides) > 1
    columns = [
        Column(link.name or link.url, link.clicks, number(place))
        for place, link in enumerate(figures.links[:MOST_LINKS], start=1)
    ]
    rows = [
        TableRow(
            link.name or link.url,
            [number(link.clicks), *([number(link.by_variant[name]) for name in ("a", "b")] if has_two else [])],
            url=link.url,
            is_foreign=not link.name,
        )
        for link in figures.links
    ]
    variants = [_("First subject"), _("Second subject")] if has_two else []
    return TabledChart(
        "links",
        _("Links that were followed"),
        _("Links that were followed, the most followed first. In all: %(total)s.") % {"total": number(figures.clicks)},
        bar_chart(columns, print_number=number),
        pgettext("statistics", "Clicks"),
        [pgettext("statistics", "Link"), pgettext("statistics", "Clicks"), *variants],
        rows,
    )


def of_subjects(figures: IssueFigures) -> TabledChart:
    number = _number()
    subjects = {"a": figures.issue.subject, "b": figures.issue.subject_b}
    names = {"a": _("First subject"), "b": _("Second subject")}
    columns, rows = [], []
    for variant, side in figures.sides.items():
        columns.append(Column(subjects[variant], round(side.share * _OF), names[variant]))
        numbers = [number(side.sent), number(side.opened), format_share(side.opened, side.sent, site_style(), places=1)]
        rows.append(TableRow(f"{names[variant]}: {subjects[variant]}", numbers))
    return TabledChart(
        "subjects",
        _("The two subjects"),
        _("Opens of a thousand messages by subject: %(first)s and %(second)s.")
        % {"first": number(columns[0].value or 0), "second": number(columns[-1].value or 0)},
        bar_chart(columns, print_number=number),
        _("Opens of a thousand messages"),
        [
            pgettext("statistics", "Subject"),
            pgettext("statistics", "Sent"),
            pgettext("statistics", "Opens"),
            pgettext("statistics", "Share"),
        ],
        rows,
    )


def of_providers(figures: IssueFigures) -> TabledChart:
    number = _number()
    columns = [
        Column(_provider(name), round(row.returned * _OF / row.sent) if row.sent else None, _provider(name))
        for name, row in list(figures.providers.items())[:MOST_PROVIDERS]
    ]
    rows = [TableRow(_provider(name), _returns(row)) for name, row in figures.providers.items()]
    rows.append(TableRow(pgettext("statistics", "All"), _returns(figures.total)))
    return TabledChart(
        "providers",
        _("Delivery by provider"),
        _("Messages that came back, of a thousand, by mail provider. In all: %(total)s of %(sent)s.")
        % {"total": number(figures.total.returned), "sent": number(figures.sent)},
        bar_chart(columns, print_number=number),
        _("Came back, of a thousand messages"),
        [
            pgettext("statistics", "Provider"),
            pgettext("statistics", "Sent"),
            _("No such address"),
            _("Came back for now"),
        ]
        + [pgettext("statistics", "Refused"), pgettext("statistics", "Complaints"), pgettext("statistics", "Delayed")],
        rows,
    )


def of_issues(rows: Sequence[ListRow]) -> TabledChart:
    """Of a list: the oldest at the right, as time runs."""
    style, number = site_style(), _number()
    columns = []
    for place, row in enumerate(reversed(rows)):
        day = row.issue.started_at or timezone.now()
        local = day_of(day)
        tick = format_digits(f"{local.day}/{local.month}", style) if place % 4 == 0 else ""
        columns.append(Column(row.issue.subject, row.opens if row.is_counted else None, tick, row.issue.sent_count))
    return TabledChart(
        "issues",
        _("Opens of the last issues"),
        _("Opens of the last issues beside what was sent. Issues: %(count)s.") % {"count": number(len(rows))},
        bar_chart(columns, print_number=number),
        pgettext("statistics", "Opens"),
        [
            pgettext("statistics", "Issue"),
            pgettext("statistics", "Sent"),
            pgettext("statistics", "Opens"),
            pgettext("statistics", "Clicks"),
        ]
        + [
            pgettext("statistics", "Came back"),
            pgettext("statistics", "Complaints"),
            _("Unsubscribed at the provider"),
        ],
        [_issue_row(row) for row in rows],
        behind=pgettext("statistics", "Sent"),
    )


def _issue_row(row: ListRow) -> TableRow:
    number = _number()
    counted = [number(row.opens), number(row.clicks)] if row.is_counted else ["—", "—"]
    back = [number(count) for count in (row.returned, row.complained, row.unsubscribed)]
    url = reverse("admin:newsletter_issue_statistics", args=[row.issue.pk])
    return TableRow(row.issue.subject, [number(row.issue.sent_count), *counted, *back], url=url)


def _column(figures: IssueFigures, label: str, hours: Sequence[datetime], tick: str) -> Column:
    """Clicks in front of opens."""
    found = [figures.hours.get(hour, (0, 0)) for hour in hours]
    return Column(label, sum(clicks for _opens, clicks in found), tick, sum(opens for opens, _clicks in found))


def _in_time(name: str, title: str, columns: list[Column], head: str) -> TabledChart:
    number = _number()
    totals = Counter[str]()
    for column in columns:
        totals.update({"opens": column.earlier or 0, "clicks": column.value or 0})
    rows = [
        TableRow(column.label, [number(column.earlier or 0), number(column.value or 0)])
        for column in columns
        if column.earlier or column.value
    ]
    says = _("%(title)s. Opens: %(opens)s. Clicks: %(clicks)s.")
    return TabledChart(
        name,
        title,
        says % {"title": title, "opens": number(totals["opens"]), "clicks": number(totals["clicks"])},
        bar_chart(columns, print_number=number),
        pgettext("statistics", "Clicks"),
        [head, pgettext("statistics", "Opens"), pgettext("statistics", "Clicks")],
        rows,
        behind=pgettext("statistics", "Opens"),
    )


def _returns(row: Returns) -> list[str]:
    number = _number()
    sent = number(row.sent) if row.sent else "—"
    return [sent, *(number(count) for count in (row.hard, row.soft, row.refused, row.complained, row.deferred))]


def _provider(name: str) -> str:
    return pgettext("statistics", "others") if name == OTHER else name


def _number() -> partial[str]:
    return partial(format_number, style=site_style())
