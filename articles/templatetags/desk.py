"""Moments and numbers as the desk prints them in narrow places."""

from datetime import date, datetime

from django import template
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.utils.html import format_html

from newsroom.lib.dates import format_clock, format_digits
from newsroom.lib.hijri import MONTHS, to_hijri
from pages import days
from pages.current import current_site
from pages.templatetags.printing import print_digits

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


@register.simple_tag
def page_number(changes: ChangeList, number: int | str) -> str:
    """A page of a list of the admin, or the dots between two, as Django's paginator_number draws it."""
    if number == changes.paginator.ELLIPSIS:
        return str(number)
    if number == changes.page_num:
        return format_html('<span class="this-page">{}</span>', print_digits(number))
    end = "end" if number == changes.paginator.num_pages else ""
    address = changes.get_query_string({PAGE_VAR: number})
    return format_html('<a href="{}" class="{}">{}</a>', address, end, print_digits(number))
