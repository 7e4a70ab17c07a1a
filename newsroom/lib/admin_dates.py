"""Columns of the admin's lists, and what its forms only show, printed as the site does."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib import admin

from newsroom.lib.dates import format_date, format_datetime, format_digits
from newsroom.lib.site_style import site_style

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def moment_column(field: str, label: "str | _StrPromise") -> Callable[[Any], str]:
    """«٢٠ نوفمبر/تشرين الثاني ٢٠٢٦، ٩:٤٠ صباحًا» of a field, in `list_display`; the list can be sorted by it."""

    @admin.display(description=label, ordering=field)
    def column(row: Any) -> str:
        moment = getattr(row, field)
        return format_datetime(moment, site_style()) if moment else "—"

    column.__name__ = field
    return column


def day_column(field: str, label: "str | _StrPromise") -> Callable[[Any], str]:
    """«٢٠ نوفمبر/تشرين الثاني ٢٠٢٦»."""

    @admin.display(description=label, ordering=field)
    def column(row: Any) -> str:
        day: date | None = getattr(row, field)
        return format_date(day, site_style()) if day else "—"

    column.__name__ = field
    return column


def number_column(field: str, label: "str | _StrPromise") -> Callable[[Any], str]:
    @admin.display(description=label, ordering=field)
    def column(row: Any) -> str:
        number = getattr(row, field)
        return "—" if number is None else format_digits(number, site_style())

    column.__name__ = field
    return column
