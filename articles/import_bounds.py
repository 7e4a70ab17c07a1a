"""What the columns and the body have no room for is set aside, never cut silently."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db import models

from articles import tagging
from articles.import_html import block_html
from articles.models import Article, Author, RelatedLink, Source
from articles.recognising import Block, BlockType, Dropped, Reason, Recognised, Warn
from articles.recognition.lines import cut
from richtext.bounds import MAX_AMPERSANDS, MAX_BYTES, MAX_TAGS

# The editor adds a little of its own to a body that is opened and saved.
SPARE = 1_000

_FIELDS = {  # of the story: the column, and why the whole line is set aside
    "headline": ("headline", Reason.TOO_LONG),
    "subtitle": ("standfirst", Reason.TOO_LONG),
    "lead_caption": ("lead_caption", Reason.TOO_LONG),
    "dateline": ("dateline", Reason.DATELINE),
}


def within_bounds(story: Recognised) -> Recognised:
    """Make the story fit; whatever is longer than its place is among the dropped lines in full."""
    beyond: list[Dropped] = []
    fitting = _fields(story, beyond)
    names = _names(story, beyond)
    blocks = _blocks(story.blocks, beyond)
    tags = _tags(story.tags, beyond, len(blocks))
    if not beyond:
        return story
    dropped = (replace(line, position=len(story.dropped) + at) for at, line in enumerate(beyond))
    warnings = [*story.warnings]
    if fitting or names or any(line.reason == Reason.RELATED for line in beyond):
        warnings.append(Warn.FIELD_CUT)
    if len(blocks) < len(story.blocks):
        warnings.append(Warn.BODY_CUT)
    changes: dict[str, Any] = {**fitting, **names, "blocks": blocks, "tags": tags, "warnings": tuple(warnings)}
    return replace(story, **changes, dropped=(*story.dropped, *dropped))


def _fields(story: Recognised, beyond: list[Dropped]) -> dict[str, str]:
    fitting = {}
    for name, (column, reason) in _FIELDS.items():
        text = getattr(story, name) or ""
        room = _room(Article, column)
        if len(text) > room:
            fitting[name] = cut(text, room)[0]
            beyond.append(Dropped(text, reason, 0, 0))
    return fitting


def _names(story: Recognised, beyond: list[Dropped]) -> dict[str, tuple[object, ...]]:
    """No person and no agency has a name that long: it is left out, and can be read among the dropped lines."""
    credits = tuple(credit for credit in story.credits if len(credit.name) <= _room(Author, "name"))
    sources = tuple(name for name in story.sources if len(name) <= _room(Source, "name"))
    beyond += [Dropped(credit.name, Reason.BYLINE, 0, 0) for credit in story.credits if credit not in credits]
    beyond += [Dropped(name, Reason.SOURCES, 0, 0) for name in story.sources if name not in sources]
    is_changed = len(credits) < len(story.credits) or len(sources) < len(story.sources)
    return {"credits": credits, "sources": sources} if is_changed else {}


def _blocks(blocks: Iterable[Block], beyond: list[Dropped]) -> tuple[Block, ...]:
    """As many blocks as a body may hold (richtext.bounds), and the titles of links cut to their column."""
    kept: list[Block] = []
    spent = {"<": 0, "&": 0}
    size = above = 0
    for block in blocks:
        if block.type == BlockType.RELATED:
            title, rest = cut(block.text, _room(RelatedLink, "title"))
            kept.append(replace(block, text=title))
            if rest:
                beyond.append(Dropped(block.text, Reason.RELATED, 0, above))
            continue
        html = block_html(block)
        size += len(html.encode())
        spent = {sign: count + html.count(sign) for sign, count in spent.items()}
        if size > MAX_BYTES - SPARE or spent["<"] > MAX_TAGS - SPARE or spent["&"] > MAX_AMPERSANDS - SPARE:
            beyond.append(Dropped(block.text, Reason.TOO_LONG, 0, above))
        else:
            kept.append(block)
            above += 1
    return tuple(kept)


def _tags(tags: tuple[str, ...], beyond: list[Dropped], after_block: int) -> tuple[str, ...]:
    kept = [tag for tag in tags if len(tag) <= tagging.MAX_LENGTH][: tagging.MAX_TAGS]
    beyond += [Dropped(tag, Reason.TAGS, 0, after_block) for tag in tags if tag not in kept]
    return tuple(kept)


def _room(model: type[models.Model], column: str) -> int:
    """Characters that a column holds."""
    length = model._meta.get_field(column).max_length  # type: ignore[union-attr]
    return length or MAX_BYTES
