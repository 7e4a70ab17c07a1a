"""Counts with their noun: Arabic has six plural forms, so the number and the word are one message."""

from django import template
from django.utils.translation import gettext, ngettext

from articles.pagination import MOST_COUNTED
from newsroom.lib.numbers import format_number
from newsroom.lib.site_style import site_style
from pages.templatetags.printing import print_digits

register = template.Library()


@register.filter
def article_count(number: int) -> str:
    """«مادة واحدة», «مادتان», «٣ مواد»."""
    return ngettext("%(number)s article", "%(number)s articles", number) % {"number": print_digits(number)}


@register.filter
def article_count_up_to(number: int) -> str:
    """The same of a list that is counted no further than MOST_COUNTED: «أكثر من ١٠٠ مادة»."""
    if number <= MOST_COUNTED:
        return article_count(number)
    return gettext("More than %(number)s articles") % {"number": print_digits(MOST_COUNTED)}


@register.filter
def print_number(number: int) -> str:
    """«١٬٢٣٤»."""
    return format_number(number, site_style())


@register.filter
def minute_count(number: int) -> str:
    """«دقيقة واحدة», «دقيقتان», «٣ دقائق»."""
    return ngettext("%(number)s minute", "%(number)s minutes", number) % {"number": print_digits(number)}


@register.filter
def result_count(number: int) -> str:
    """«نتيجة واحدة», «نتيجتان», «٣ نتائج»."""
    return ngettext("%(number)s result", "%(number)s results", number) % {"number": print_digits(number)}
