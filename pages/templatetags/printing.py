"""Dates, times, digits and titles as the settings of the site want them printed."""

from datetime import date, datetime, timedelta
from html import unescape

from django import template
from django.utils.html import format_html

from newsroom.lib import bidi, dates, relative_time
from newsroom.lib.zones import city_of
from pages import days
from pages.current import current_site
from pages.public_time import public_now

register = template.Library()


def _style() -> dates.PrintStyle:
    return current_site().settings.style


@register.simple_tag
def today() -> date:
    """The day it is where the newsroom is."""
    return days.today()


@register.filter
def print_date(value: date | datetime) -> str:
    """«٢٠ نوفمبر/تشرين الثاني ٢٠٢٦»."""
    return dates.format_date(value, _style())


@register.filter
def print_weekday_date(value: date | datetime) -> str:
    """«الجمعة ٢٠ نوفمبر/تشرين الثاني ٢٠٢٦»."""
    return dates.format_date(value, _style(), weekday=True)


@register.filter
def print_weekday(number: int) -> str:
    """Monday is 0."""
    return dates.WEEKDAYS[number]


@register.filter
def print_datetime(value: datetime) -> str:
    """«٢٠ نوفمبر/تشرين الثاني ٢٠٢٦، ٩:٤٠ صباحًا»."""
    return dates.format_datetime(value, _style())


@register.filter
def print_time(value: datetime) -> str:
    """«٩:٤٠ صباحًا»."""
    return dates.format_time(value, _style())


@register.filter
def print_clock(value: datetime) -> str:
    """«١٤:٥٠»."""
    return dates.format_clock(value, _style())


@register.simple_tag
def print_span(first: datetime, last: datetime) -> str:
    """«٣ – ٢٠ نوفمبر/تشرين الثاني ٢٠٢٦»."""
    return dates.format_span(first, last, _style())


@register.filter
def print_recent(value: datetime) -> str:
    """A narrow time for a list of what is newest: «١٤:٥٠» within a day, «الجمعة» within six, else «٦/١٠»."""
    age = public_now() - value
    if age < timedelta(days=1):
        return print_clock(value)
    day = days.day_of(value)
    return print_weekday(day.weekday()) if age < timedelta(days=6) else print_digits(f"{day.day}/{day.month}")


@register.filter
def print_month(value: date) -> str:
    """«نوفمبر/تشرين الثاني ٢٠٢٦»."""
    return dates.format_month(value.year, value.month, _style())


@register.filter
def print_ago(value: datetime) -> str:
    """«قبل ٣ دقائق», of a moment to come «بعد ٣ دقائق», from seven days the date. Never on a page that is cached."""
    return relative_time.format_ago(value, public_now(), _style())


@register.simple_tag
def time_ago(value: datetime) -> str:
    """A <time> that says how long ago, and the moment itself where the pointer rests."""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', iso_time(value), print_datetime(value), print_ago(value)
    )


@register.simple_tag
def hijri_date(value: date | datetime) -> str:
    """«٢٤ شوال ١٤٤٥هـ», or "" where the site shows none or the calendar ends."""
    settings = current_site().settings
    return dates.format_hijri(value, settings.style) or "" if settings.shows_hijri else ""


@register.filter
def print_digits(value: int | str) -> str:
    return dates.format_digits(value, _style())


@register.filter
def zone_city(time_zone: str) -> str:
    """«دمشق» of Asia/Damascus."""
    return city_of(time_zone)


class _Count(int):
    """A number that a message chooses its plural by, and that prints itself in the digits of the site."""

    def __str__(self) -> str:
        return dates.format_digits(int(self), _style())


@register.filter
def counted(number: int) -> int:
    """For the counter of blocktranslate: `count count=rows|length|counted`."""
    return _Count(number)


@register.filter
def iso_time(value: datetime) -> str:
    """For the datetime attribute: the moment on the clock of the site; Django's `date` would print UTC."""
    return value.astimezone(days.site_zone()).isoformat(timespec="seconds")


@register.filter
def plain_title(text: object) -> str:
    """A title for a place without markup (newsroom.lib.bidi.plain_title)."""
    return bidi.plain_title(unescaped(text))


@register.filter
def isolated(text: object) -> str:
    """A plain text with what reads from left to right in boxes of its own (newsroom.lib.bidi.isolate)."""
    return bidi.isolate(unescaped(text))


def unescaped(text: object) -> str:
    """What blocktranslate has made is escaped already; a sign of its escapes is no letter of the text."""
    return unescape(str(text)) if hasattr(text, "__html__") else str(text)
