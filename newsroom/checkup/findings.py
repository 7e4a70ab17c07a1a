import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise

from newsroom.lib.numbers import format_decimal
from newsroom.lib.site_style import site_style

Text = str | Promise
# What is counted or measured; the number of a version has two points.
_MEASURE = re.compile(r"[0-9]+(?:\.[0-9]+)?(?: [KMG]B)?", re.ASCII)


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True)
class Finding:
    """`about` is a stable name for machines, such as database.migrations.

    `message` says what was found and `advice` what to do; both are translated when they are read, and `values` fill in
    their placeholders. No secret stands in any of them.
    """

    about: str
    level: Level
    message: Text
    advice: Text = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return str(self.message) % self.values if self.values else str(self.message)

    @property
    def advised(self) -> str:
        return str(self.advice) % self.values if self.values else str(self.advice)

    def isolated(self) -> "Finding":
        """For a line in Arabic, where the first slash of a path would fall to its end; in the digits of the site."""
        return replace(self, values={name: _isolated(value) for name, value in self.values.items()})


class _Number(int):
    """Prints itself in the digits of the site, and is still a number where a message wants one (%d)."""

    def __str__(self) -> str:
        return format_decimal(int.__repr__(self), site_style())


def _isolated(value: Any) -> Any:
    if isinstance(value, int):
        return _Number(value)
    if not isinstance(value, str):
        return value
    return f"\u2068{format_decimal(value, site_style()) if _MEASURE.fullmatch(value) else value}\u2069"


def ok(about: str, message: Text, **values: Any) -> Finding:
    return Finding(about, Level.OK, message, values=values)


def warning(about: str, message: Text, advice: Text, **values: Any) -> Finding:
    return Finding(about, Level.WARNING, message, advice, values)


def fault(about: str, message: Text, advice: Text, **values: Any) -> Finding:
    return Finding(about, Level.FAULT, message, advice, values)
