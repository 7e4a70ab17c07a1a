"""What a reader asks the search page for: words, section, period, order. Nothing that is asked is an error."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from articles.models import Section
from articles.search import LONGEST
from newsroom.lib.hygiene import clean_line

PERIODS = {
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
    "year": timedelta(days=365),
}
NEWEST = "newest"


@dataclass(frozen=True)
class Asked:
    """`period` is a key of PERIODS, or '' for any time."""

    text: str = ""
    is_cut: bool = False
    section: Section | None = None
    period: str = ""
    newest_first: bool = False

    @property
    def since(self) -> datetime | None:
        return timezone.now() - PERIODS[self.period] if self.period else None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.section or self.period)

    @property
    def address(self) -> str:
        """Of the first page of the answers, without what was not asked for."""
        narrowed = {"section": self.section.slug if self.section else "", "period": self.period}
        narrowed["sort"] = NEWEST if self.newest_first else ""
        return _address({"q": self.text} | {name: value for name, value in narrowed.items() if value})

    @property
    def wider_address(self) -> str:
        """Of the same words in all sections and at any time."""
        return _address({"q": self.text})


def read(asked: QueryDict, sections: Sequence[Section]) -> Asked:
    """Read the parameters; a section, period or order that there is not is none."""
    # More letters than count are looked at, because some of them may be invisible.
    text = clean_line(asked.get("q", "")[: 4 * LONGEST])
    period = asked.get("period", "")
    return Asked(
        text=text[:LONGEST].rstrip(),
        is_cut=len(text) > LONGEST,
        section=next((section for section in sections if section.slug == asked.get("section")), None),
        period=period if period in PERIODS else "",
        newest_first=asked.get("sort") == NEWEST,
    )


def _address(parameters: dict[str, str]) -> str:
    return f"{reverse('articles:search')}?{urlencode(parameters)}"
