"""Columns of the admin's lists that print a moment as the site does."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin

from newsroom.lib.dates import format_datetime
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
