"""What a recognition hands over."""

import datetime
from dataclasses import dataclass

from articles.recognition.codes import BlockType, Reason, Warn


@dataclass(frozen=True)
class Block:
    """A piece of the body; the items of a list are separated by newlines."""

    type: BlockType
    text: str


@dataclass(frozen=True)
class Dropped:
    """A line set aside, with its place: how many body blocks stand before it (links are not in the body)."""

    text: str
    reason: Reason
    position: int
    after_block: int


@dataclass(frozen=True)
class Credit:
    """One name with the word of its label («كتب», «ترجمة»), '' when the line had none."""

    name: str
    label: str = ""


@dataclass(frozen=True)
class Fate:
    """Where one line of the text went: the name of a field, of a block type, or "dropped"."""

    text: str
    place: str


@dataclass(frozen=True)
class Recognised:
    """A story taken from raw text. Nothing is lost: `fates` names every line that is not blank, once."""

    headline: str | None = None
    subtitle: str | None = None
    date: datetime.date | None = None
    credits: tuple[Credit, ...] = ()
    dateline: str | None = None
    lead_caption: str | None = None
    sources: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    warnings: tuple[Warn, ...] = ()
    fates: tuple[Fate, ...] = ()

    @property
    def byline(self) -> str | None:
        return "، ".join(credit.name for credit in self.credits) or None

    @property
    def has_story(self) -> bool:
        """A headline or a date alone is a page without a story."""
        return any(block.type != BlockType.RELATED for block in self.blocks)
