"""Columns of the admin's lists, and what its forms only show, printed as the site does."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin

from newsroom.lib.dates import PrintStyle, format_date, format_datetime, format_digits
from newsroom.lib.site_style import site_style

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def moment_column(field: str, label: "str | _StrPromise") -> Callable[[Any], str]:
    """«٢٠ نوفمبر/تشرين الثاني ٢٠٢٦، ٩:٤٠ صباحًا» of a field, in `list_display`; the list can be sorted by it."""
    return _column(field, label, format_datetime)


def day_column(field: str, label: "str | _StrPromise") -> Callable[[Any], str]:
    """«٢٠ نوفمبر/تشرين الثاني ٢٠٢٦»."""
    return _column(field, label, format_date)


def number_column(field: str, label: "str | _StrPromise") -> Callable[[Any], str]:
    return _column(field, label, format_digits)


def _column(field: str, label: "str | _StrPromise", printed: Callable[[Any, PrintStyle], str]) -> Callable[[Any], str]:
    @admin.display(description=label, ordering=field)
    def column(row: Any) -> str:
        value = getattr(row, field)
        return "—" if value is None else printed(value, site_style())

    column.__name__ = field
    return column
