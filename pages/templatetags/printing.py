"""Dates, times, digits and titles as the settings of the site want them printed."""

from datetime import date, datetime, timedelta

from django import template
from django.utils import timezone

from newsroom.lib import bidi, dates
from pages import days
from pages.current import current_site

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


@register.filter
def print_recent(value: datetime) -> str:
    """A narrow time for a list of what is newest: «١٤:٥٠» within a day, «الجمعة» within six, else «٦/١٠»."""
    age = timezone.now() - value
    if age < timedelta(days=1):
        return print_clock(value)
    day = days.day_of(value)
    return print_weekday(day.weekday()) if age < timedelta(days=6) else print_digits(f"{day.day}/{day.month}")


@register.filter
def print_month(value: date) -> str:
    """«نوفمبر/تشرين الثاني ٢٠٢٦»."""
    return dates.format_month(value.year, value.month, _style())


@register.filter
def print_digits(value: int | str) -> str:
    return dates.format_digits(value, _style())


@register.filter
def iso_time(value: datetime) -> str:
    """For the datetime attribute: the moment on the clock of the site; Django's `date` would print UTC."""
    return value.astimezone(days.site_zone()).isoformat(timespec="seconds")


register.filter("plain_title", bidi.plain_title, is_safe=True)
