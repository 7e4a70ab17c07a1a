"""Rows of tables that are shown as text."""

import re

from django import template
from django.utils.html import format_html_join

register = template.Library()

_BETWEEN_CELLS = re.compile(r"([,;\t])")


@register.filter
def cells(row: str) -> str:
    """Each cell keeps the direction of its own writing, and the cells stand in the order of the file."""
    return format_html_join("", "<bdi>{}</bdi>{}", _pairs(row))


def _pairs(row: str) -> list[tuple[str, str]]:
    """Each cell with what comes behind it."""
    parts = [*_BETWEEN_CELLS.split(row), ""]
    return list(zip(parts[::2], parts[1::2], strict=True))
