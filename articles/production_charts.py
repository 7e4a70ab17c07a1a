"""The charts of the page on production: a drawing, a sentence that says it, and a table of its numbers."""

from datetime import timedelta
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from articles.production import BOUNDS, Duration, Production
from newsroom.lib.charts import Column, TabledChart, TableRow, bar_chart
from newsroom.lib.dates import format_date, format_digits
from newsroom.lib.numbers import format_number, format_share
from newsroom.lib.site_style import site_style

MOST_TICKS = 6
MOST_SECTIONS = 12  # drawn; all of them stand in the table
_DAY = timedelta(days=1)


def charts_of(made: Production) -> list[TabledChart]:
    return [_by_day(made), _by_section(made), _by_week(made), _by_duration(made)]


def _by_day(made: Production) -> TabledChart:
    style, number = site_style(), _number()
    apart = -(-len(made.per_day) // MOST_TICKS)
    columns = []
    for place, count in enumerate(made.per_day):
        day = made.first + place * _DAY
        tick = format_digits(f"{day.day}/{day.month}", style) if place % apart == 0 else ""
        label = f"{format_date(day, style, weekday=True, year=False)}: {number(count)}"
        columns.append(Column(label, count, tick, made.before[place]))
    rows = [
        TableRow(
            format_date(made.first + place * _DAY, style, weekday=True), [number(count), number(made.before[place])]
        )
        for place, count in enumerate(made.per_day)
    ]
    return TabledChart(
        "per-day",
        _("Published per day"),
        _("Published per day. In all: %(total)s; in as many days before: %(before)s.")
        % {"total": number(made.total), "before": number(made.total_before)},
        bar_chart(columns, print_number=number),
        _("These days"),
        [pgettext("production", "Day"), _("Published"), _("So many days before")],
        rows[::-1],
        behind=_("So many days before"),
    )


def _by_section(made: Production) -> TabledChart:
    number = _number()
    drawn = made.per_section[:MOST_SECTIONS]
    columns = [
        Column(f"{name}: {number(now)}", now, number(place), before)
        for place, (name, now, before) in enumerate(drawn, start=1)
    ]
    rows = [
        TableRow(f"{number(place)}. {name}", [number(now), number(before)])
        for place, (name, now, before) in enumerate(made.per_section, start=1)
    ]
    most = made.per_section[0][0] if made.per_section else ""
    return TabledChart(
        "per-section",
        _("Published per section"),
        _("Published per section, the most first: %(name)s. The numbers below the columns are those of the table.")
        % {"name": most},
        bar_chart(columns, print_number=number),
        _("These days"),
        [pgettext("production", "Section"), _("Published"), _("So many days before")],
        rows,
        behind=_("So many days before"),
        names=[row.label for row in rows[: len(columns)]],
    )


def _by_week(made: Production) -> TabledChart:
    style, number = site_style(), _number()
    columns = []
    for week in made.weeks:
        tick = format_digits(f"{week.start.day}/{week.start.month}", style)
        label = f"{format_date(week.start, style, year=False)}: {print_duration(week.median)}"
        columns.append(Column(label, _minutes(week.median), tick, _minutes(week.ninth)))
    apart = -(-len(columns) // MOST_TICKS)
    columns = [
        column if place % apart == 0 else Column(column.label, column.value, "", column.earlier)
        for place, column in enumerate(columns)
    ]
    return TabledChart(
        "per-week",
        _("From the first draft to the readers"),
        _("Minutes from the first draft to the readers, by week. Half of all stories took no longer than %(half)s.")
        % {"half": print_duration(made.all_time.median)},
        bar_chart(columns, print_number=number),
        _("Half took no longer (minutes)"),
        [_("Week of"), _("Stories"), _("Half took no longer"), _("Nine of ten took no longer")],
        [TableRow(format_date(week.start, style), _durations(week)) for week in made.weeks[::-1]],
        behind=_("Nine of ten took no longer (minutes)"),
    )


def _by_duration(made: Production) -> TabledChart:
    number = _number()
    names = duration_groups()
    columns = [
        Column(f"{name}: {number(count)}", count, tick) for (name, tick), count in zip(names, made.groups, strict=True)
    ]
    total = sum(made.groups)
    return TabledChart(
        "per-duration",
        _("How long stories took"),
        _("Stories by the time from the first draft to the readers. In all: %(total)s.") % {"total": number(total)},
        bar_chart(columns, print_number=number),
        _("Stories"),
        [_("From the first draft to the readers"), _("Stories"), pgettext("statistics", "Share")],
        [
            TableRow(name, [number(count), format_share(count, total, site_style())])
            for (name, _tick), count in zip(names, made.groups, strict=True)
        ],
    )


def duration_groups() -> list[tuple[str, str]]:
    """Of each group of durations its name and the short word below its column: the upper end."""
    printed = [print_duration(bound) for bound in BOUNDS]
    names = [_("up to %(time)s") % {"time": time} for time in printed]
    return [*zip(names, printed, strict=True), (_("longer than %(time)s") % {"time": printed[-1]}, _("longer"))]


def print_duration(time: timedelta | None) -> str:
    """«٤٥ د», «٣ س», «٣ س ١٥ د», «يومان»; «—» for none."""
    if time is None:
        return "—"
    number = _number()
    minutes = round(time.total_seconds() / 60)
    if minutes < 60:
        return _("%(count)s min") % {"count": number(minutes)}
    hours, rest = divmod(minutes, 60)
    if hours < 24:
        whole = _("%(count)s h") % {"count": number(hours)}
        return f"{whole} {_('%(count)s min') % {'count': number(rest)}}" if rest else whole
    days, hours = divmod(round(minutes / 60), 24)
    whole = _("%(count)s d") % {"count": number(days)}
    return f"{whole} {_('%(count)s h') % {'count': number(hours)}}" if hours else whole


def _durations(week: Duration) -> list[str]:
    return [_number()(week.count), print_duration(week.median), print_duration(week.ninth)]


def _minutes(time: timedelta | None) -> int | None:
    return None if time is None else round(time.total_seconds() / 60)


def _number() -> partial[str]:
    return partial(format_number, style=site_style())
