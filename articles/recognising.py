"""Raw text in, a story out: headline, date, names, body blocks, and every line that was set aside."""

import re

from articles.recognition import agencies
from articles.recognition.codes import BlockType, Reason, Warn
from articles.recognition.foot import settle_foot
from articles.recognition.head import settle_head
from articles.recognition.headlines import settle_headline
from articles.recognition.lines import MAX_CHARS, Line, cut, split_lines
from articles.recognition.page import Page, read_page
from articles.recognition.results import Block, Credit, Dropped, Fate, Recognised
from articles.recognition.story import settle_story, story_end
from newsroom.lib.hygiene import clean_text

__all__ = ["Block", "BlockType", "Credit", "Dropped", "Fate", "Reason", "Recognised", "Warn", "recognise"]

_TAGS = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_MARKUP = 3  # tags; one or two may be quoted


def recognise(text: str) -> Recognised:
    """Tell apart, line by line, what is story and what is furniture of the page it was copied from.

    Pure: the same text gives the same result. Two laws: every line that is not blank has exactly one fate; a
    real paragraph (more than 14 words, or a sentence with its stop) is only set aside when the page says it
    twice or it is a notice of the site itself.
    """
    page = read_page(split_lines(clean_text(text)))
    if len(_TAGS.findall(text[:20_000])) >= _MARKUP:
        page.warn(Warn.MARKUP)
    headline = settle_headline(page)
    begin = settle_head(page, headline)
    prose = [at for at in page.prose_positions() if at >= begin]
    end = story_end(page, prose, begin)
    settle_story(page, begin, end)
    settle_foot(page, end + 1)
    _read_agencies_in_text(page)
    return _result(page)


def _read_agencies_in_text(page: Page) -> None:
    """Agencies in the first and last words of the story are sources; the words stay where they are."""
    paragraphs = [line for line in page.lines if line.place == BlockType.PARAGRAPH]
    if not paragraphs:
        return
    place, names = agencies.opening(paragraphs[0].text)
    page.dateline = page.dateline or place or None
    page.add_sources(names)
    page.add_sources(agencies.closing(paragraphs[-1].text))


def _result(page: Page) -> Recognised:
    blocks: list[Block] = []
    dropped: list[Dropped] = []
    above, standing = "", 0  # links stand beside the body, not in it
    for line in page.lines:
        if line.place == "dropped" and line.reason is not None:
            dropped.append(Dropped(" ".join(line.originals), line.reason, len(dropped), standing))
            continue
        if line.value != line.text and line.place == "headline":
            dropped.append(Dropped(line.text, Reason.DUPLICATE, len(dropped), 0))  # with the name of the site
        if line.place in BlockType.values:
            continues = line.place == above == BlockType.LIST
            standing += not continues and line.place != BlockType.RELATED
            if rest := _add_block(line, blocks, continues=continues):
                dropped.append(Dropped(rest, Reason.TOO_LONG, len(dropped), standing))
                page.warn(Warn.LINE_CUT)
        above = line.place
    if page.headline is None:
        page.warn(Warn.NO_HEADLINE)
    return Recognised(
        headline=page.headline,
        subtitle=page.subtitle,
        date=page.published,
        credits=tuple(page.credits),
        dateline=page.dateline,
        lead_caption=page.lead_caption,
        sources=tuple(page.sources),
        tags=tuple(page.tags),
        blocks=tuple(blocks),
        dropped=tuple(dropped),
        warnings=tuple(page.warnings),
        fates=tuple(Fate(original, line.place) for line in page.lines for original in line.originals),
    )


def _add_block(line: Line, blocks: list[Block], *, continues: bool) -> str:
    """Append a block, or an item to the list above it. Returns what no paragraph can hold."""
    kind = BlockType(line.place)
    text, rest = cut(line.value, MAX_CHARS)
    if continues:
        blocks[-1] = Block(kind, f"{blocks[-1].text}\n{text}")
    else:
        blocks.append(Block(kind, text))
    return rest
