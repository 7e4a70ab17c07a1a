"""Moments as the desk prints them in narrow places."""

from datetime import datetime

from django import template

from newsroom.lib.dates import format_clock, format_digits
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
