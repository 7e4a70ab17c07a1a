"""Moments as the desk prints them in narrow places."""

from datetime import date, datetime

from django import template

from newsroom.lib.dates import format_clock, format_digits
from newsroom.lib.hijri import MONTHS, to_hijri
from pages import days
from pages.current import current_site

register = template.Library()


@register.filter
def print_near(moment: datetime) -> str:
    """«٩:٤٠» today, «٢٠/١١، ٩:٤٠» on another day of this year, «٢٠/١١/٢٠٢٤، ٩:٤٠» before or after it."""
    style, day, today = current_site().settings.style, days.day_of(moment), days.today()
    clock = format_clock(moment, style)
    if day == today:
        return clock
    year = "" if day.year == today.year else f"/{day.year}"
    return f"{format_digits(f'{day.day}/{day.month}{year}', style)}، {clock}"


@register.simple_tag
def hijri_day(day: date) -> str:
    """«٢٤ شوال», or "" where the site shows no such dates or the calendar ends."""
    settings = current_site().settings
    found = to_hijri(day) if settings.shows_hijri else None
    return format_digits(f"{found[2]} {MONTHS[found[1] - 1]}", settings.style) if found else ""
