"""Shares of the whole and how good they are, on the operator's pages."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from newsroom.lib.numbers import format_share
from newsroom.lib.site_style import site_style

register = template.Library()

_WORDS: dict[str, str | Promise] = {
    "good": _("good"),
    "warn": _("too high"),
    "bad": _("far too high"),
    "few": _("too few messages to say"),
}


@register.filter
def per_cent(share: float) -> str:
    """«٠٫١٢٪» of 0.0012, or «0.12%»."""
    return format_share(share, 1, site_style(), places=2)


@register.filter
def level_word(level: str) -> str:
    return str(_WORDS[level])
