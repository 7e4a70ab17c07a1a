from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise

Text = str | Promise


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
        """For a line in Arabic, where the first slash of a path would fall to its end."""
        values = {
            name: f"\u2068{value}\u2069" if isinstance(value, str) else value for name, value in self.values.items()
        }
        return replace(self, values=values)


def ok(about: str, message: Text, **values: Any) -> Finding:
    return Finding(about, Level.OK, message, values=values)


def warning(about: str, message: Text, advice: Text, **values: Any) -> Finding:
    return Finding(about, Level.WARNING, message, advice, values)


def fault(about: str, message: Text, advice: Text, **values: Any) -> Finding:
    return Finding(about, Level.FAULT, message, advice, values)
