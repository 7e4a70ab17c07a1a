"""What a feed says, before it is written in one of the formats."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

from django.conf import settings

from pages.days import midnight, today


@dataclass(frozen=True)
class Named:
    """A person, newsroom or source, and the address of its page; "" for none."""

    name: str
    url: str


@dataclass(frozen=True)
class Picture:
    """A JPEG at an absolute address; width and height in px."""

    url: str
    width: int
    height: int
    alt_text: str
    caption: str
    credit: str


@dataclass(frozen=True)
class Entry:
    """A story in a feed. Addresses are absolute, times have the offset of the site, `html` is "" in a short feed."""

    guid: str
    url: str
    title: str
    summary: str
    html: str
    published: datetime
    updated: datetime
    authors: list[Named]
    contributors: list[Named]
    categories: list[str]
    picture: Picture | None
    canonical_url: str
    sources: list[Named]
    credit: str  # who made it and where it came from, as the page prints it


@dataclass(frozen=True)
class Written:
    """An entry in the words of a format."""

    text: str
    updated: datetime


@dataclass(frozen=True)
class Subject:
    """What a feed is about: the page at the path `home`. The whole site has the name ""."""

    name: str
    description: str
    home: str
    url: str


@dataclass(frozen=True)
class Manner:
    """How a feed tells of stories.

    `is_shown`: programs show it to people, so that titles get the marks that hold their direction; who makes pages of
    it gets them as they are. `is_ours_alone`: pictures of other owners are left out.
    """

    is_full_text: bool
    is_shown: bool = True
    is_ours_alone: bool = False


@dataclass(frozen=True)
class Feed:
    """A feed at `url` about the page at `home`; its entries are written already, in the format that it is in."""

    title: str
    description: str
    home: str
    url: str
    site: Named
    logo: str
    icon: str
    entries: list[Written]

    @property
    def updated(self) -> datetime:
        """Of an empty feed this morning: formats want a time, and a moving one would make each answer another."""
        return max((entry.updated for entry in self.entries), default=midnight(today()))


def absolute(address: str) -> str:
    """An address of ours as other machines need it; pictures may have an absolute one already."""
    return urljoin(f"{settings.SITE_URL}/", address)
