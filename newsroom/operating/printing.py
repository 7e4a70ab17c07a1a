"""Sizes, shares and times as the page of the operator prints them, in the digits of the site."""

from datetime import datetime

from newsroom.lib.numbers import format_decimal, format_number, format_share
from newsroom.lib.relative_time import format_ago
from newsroom.lib.site_style import site_style

NONE = "—"
_UNITS = ("B", "KB", "MB", "GB", "TB")


def number(value: int) -> str:
    return format_number(value, style=site_style())


def decimal(text: str) -> str:
    """A number with a point, as Python writes it."""
    return format_decimal(text, style=site_style())


def size(count: float) -> str:
    for unit in _UNITS:
        if count < 1024 or unit == _UNITS[-1]:
            break
        count /= 1024
    return f"{decimal(f'{count:.0f}' if count >= 100 or unit == 'B' else f'{count:.1f}')} {unit}"


def per_cent(part: float, whole: float) -> str:
    return format_share(part, whole, site_style(), places=1)


def milliseconds(seconds: float | None) -> str:
    return NONE if seconds is None else decimal(f"{seconds * 1000:.0f}" if seconds >= 0.01 else f"{seconds * 1000:.1f}")


def moment(then: datetime | None, now: datetime) -> str:
    return format_ago(then, now, site_style()) if then else NONE
