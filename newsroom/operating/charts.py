"""The charts of the operator's page, each with a sentence that says it and a table of its numbers: a day by hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from newsroom.lib.charts import Column, TabledChart, TableRow, bar_chart
from newsroom.lib.dates import format_clock, format_date
from newsroom.lib.meters import Readings, sum_of
from newsroom.lib.site_style import site_style
from newsroom.operating.printing import number
from newsroom.operating.reading import all_of, quantile
from pages.days import site_zone

HOURS = 24
_TICKS_APART = 6  # hours
_HIT = ("hit", "stale")


@dataclass(frozen=True)
class _Series:
    """What one chart shows: for each hour a number, and one behind it or none."""

    name: str
    title: str
    bars: str
    values: Sequence[int]
    behind: str = ""
    totals: Sequence[int] = ()


def charts_of(by_hour: dict[datetime, Readings]) -> list[TabledChart]:
    hours = list(by_hour)
    return [_chart(series, hours) for series in _series(list(by_hour.values()))]


def _series(hours: list[Readings]) -> list[_Series]:
    made = [sum_of(each, "newsroom_requests_total") for each in hours]
    kept = [sum(sum_of(each, "newsroom_page_cache_total", outcome=what) for what in _HIT) for each in hours]
    slow = [round((quantile(all_of(each), 0.95) or 0) * 1000) for each in hours]
    half = [round((quantile(all_of(each), 0.5) or 0) * 1000) for each in hours]
    errors = [sum_of(each, "newsroom_requests_total", status="5xx") for each in hours]
    sent = [_mails(each, "sent") for each in hours]
    return [
        _Series(
            "requests", _("Requests by the hour"), _("Made by Django"), made,
            _("All, with those from the cache"), [a + b for a, b in zip(made, kept, strict=True)],
        ),
        _Series(
            "times", _("Time of an answer, in milliseconds"), _("Half took no longer"), half,
            _("Nineteen of twenty took no longer"), slow,
        ),
        _Series("errors", _("Error pages by the hour"), _("Error pages (5xx)"), errors),
        _Series(
            "mails", _("Mails by the hour"), _("Mails that failed"), [_mails(each, "failed") for each in hours],
            _("Mails sent"), sent,
        ),
    ]  # fmt: skip


def _mails(readings: Readings, outcome: str) -> int:
    names = ("newsroom_mails_total", "newsroom_newsletter_messages_total")
    return sum(sum_of(readings, name, outcome=outcome) for name in names)


def _chart(series: _Series, hours: list[datetime]) -> TabledChart:
    totals: Sequence[int | None] = series.totals or [None] * len(hours)
    columns = [
        Column(_label(hour), value, _tick(hour), total)
        for hour, value, total in zip(hours, series.values, totals, strict=True)
    ]
    heads = [pgettext("operation", "Hour"), series.bars, *([series.behind] if series.behind else [])]
    rows = [
        TableRow(_label(hour), [number(value), *([] if total is None else [number(total)])])
        for hour, value, total in zip(hours, series.values, totals, strict=True)
    ]
    says = _("%(title)s, of the last 24 hours. The highest: %(highest)s.") % {
        "title": series.title,
        "highest": number(max([*series.values, *(series.totals or [0])])),
    }
    drawing = bar_chart(columns, print_number=number)
    return TabledChart(series.name, series.title, says, drawing, series.bars, heads, rows[::-1], series.behind)


def _label(hour: datetime) -> str:
    style = site_style()
    return f"{format_date(hour, style, weekday=True, year=False)}، {format_clock(hour, style)}"


def _tick(hour: datetime) -> str:
    return format_clock(hour, site_style()) if hour.astimezone(site_zone()).hour % _TICKS_APART == 0 else ""
