"""From the top of the page to the first paragraph."""

import re

from articles.recognition import agencies, furniture, people
from articles.recognition.boxes import (
    settle_credit_label,
    settle_lead_caption,
    settle_list,
    settle_tag_list,
)
from articles.recognition.codes import BlockType, Reason, Warn
from articles.recognition.headlines import is_trail
from articles.recognition.lines import LABEL_WORDS, Line
from articles.recognition.meta import settle_meta, settle_name
from articles.recognition.page import Page
from articles.recognition.paragraphs import settle_bullets, settle_text

# A row of a table, an item with its number, a line without a letter.
_NO_PICTURE = re.compile(r" \| |^\d{1,2} ?[).\-–]|^[\W\d_]+$")


def settle_head(page: Page, headline: int | None) -> int:
    """Settle what stands before the story; return the index at which the story begins."""
    start = 0 if headline is None else headline + 1
    for line in page.lines[:start]:
        _settle_above(page, line)
    short: list[int] = []
    begin = len(page.lines)
    for at in range(start, len(page.lines)):
        line = page.lines[at]
        if line.place or _settle_in_head(page, at):
            continue
        if page.is_prose(line) and not (headline is not None and _is_standfirst(page, at)):
            begin = at
            break
        if page.is_prose(line):
            page.subtitle = line.text
            line.put("subtitle")
        elif line.is_open:
            short.append(at)
    if headline is not None and begin < len(page.lines):
        _settle_short_lines(page, headline, short)
        return begin
    return min([begin, *short])


def _settle_above(page: Page, line: Line) -> None:
    """What headlines.py left standing before the headline."""
    if line.place:
        return
    if line.role == "caption":
        settle_lead_caption(page, line)
    elif not settle_meta(page, line, in_story=False):
        line.put(BlockType.PARAGRAPH)
        page.warn(Warn.BEFORE_HEADLINE)


def _settle_in_head(page: Page, at: int) -> bool:
    line = page.lines[at]
    if line.role == "caption" and agencies.dateline(line, lenient=True):
        line.role = ""  # right under the headline «السروة – نبأ نيوز» is where it happened, not what one sees
    if line.role == "caption":
        settle_lead_caption(page, line)
    elif line.role == "credit_label":
        settle_credit_label(page, at)
    elif line.role == "related":
        line.put(BlockType.RELATED, line.value)
    elif line.role in {"related_heading", "list_heading"}:
        settle_list(page, at, in_story=True)
    elif line.role == "tag_label":
        settle_tag_list(page, at, in_story=True)
    elif settle_meta(page, line, in_story=False):
        pass
    elif line.is_open and line.is_short and is_trail(page, line):
        line.drop(Reason.BREADCRUMB)
    elif line.is_open and line.is_short and (furniture.is_section(line) or furniture.is_consent(line)):
        line.drop(Reason.NAVIGATION)
    elif line.bullet and line.is_open:
        settle_bullets(page, at)
    return bool(line.place)


def _is_standfirst(page: Page, at: int) -> bool:
    """Up to 35 words without a stop under the headline; if no paragraph has stops, only above a meta line."""
    line = page.lines[at]
    if page.subtitle or line.has_stop or line.last in "؟?!:" or line.words > 35 or line.bullet:
        return False
    later = [position for position in range(at + 1, len(page.lines)) if page.is_prose(page.lines[position])]
    if not later:
        return False
    if page.prose_has_stops:
        return True
    between = page.lines[at + 1 : later[0]]
    return any(
        other.role in {"date", "caption", "credit"} or other.reason in {Reason.SHARE, Reason.DATE} for other in between
    )


def _settle_short_lines(page: Page, headline: int, short: list[int]) -> None:
    """Short lines between headline and story: a caption, an author, a standfirst, in this order of belief."""
    for at in short:
        line = page.lines[at]
        adjacent = at == headline + 1 and not line.blank_before
        if line.place:
            continue
        if people.is_name(line.text) and _is_author(page, headline, at):
            settle_name(page, line)
            _drop_job(page, at + 1)
        elif not adjacent and _line_at(page, at + 1).place == BlockType.LIST:
            line.put(BlockType.SUBHEADING)
        elif _NO_PICTURE.search(line.text) or _has_text_above(page, headline, at):
            _settle_text(page, at)
        elif line.words <= 6 and page.lead_caption is None:
            settle_lead_caption(page, line)
            if not adjacent:
                page.warn(Warn.CAPTION_GUESSED)
        elif page.subtitle is None and 7 <= line.words <= 35 and line.last not in ":،؟":
            page.subtitle = line.text
            line.put("subtitle")
        elif page.lead_caption is None and line.words <= LABEL_WORDS and line.last not in ":،":
            settle_lead_caption(page, line)
            page.warn(Warn.CAPTION_GUESSED)
        else:
            line.put(BlockType.PARAGRAPH)
            page.warn(Warn.UNSURE)


def _settle_text(page: Page, at: int) -> None:
    settle_text(page, at, dense=False)
    if page.lines[at].place == BlockType.PARAGRAPH:
        page.warn(Warn.UNSURE)


def _has_text_above(page: Page, headline: int, at: int) -> bool:
    """Below the first text of the story nothing is a caption without a mark."""
    text = {BlockType.PARAGRAPH, BlockType.SUBHEADING}
    return any(line.place in text for line in page.lines[headline + 1 : at])


def _is_author(page: Page, headline: int, at: int) -> bool:
    """A name next to the date wrote the story; a name that the headline mentions is a person in it."""
    words = page.lines[at].key.split()
    if words[-1] in page.lines[headline].key or words[-1].removeprefix("ال") in page.lines[headline].key.split():
        return False
    if people.has_title(page.lines[at]) or people.is_job(_line_at(page, at + 1)):
        return True
    around = page.lines[max(headline + 1, at - 1) : at + 2]
    return any(line.when is not None or line.reason in {Reason.DATE, Reason.SHARE} for line in around)


def _drop_job(page: Page, at: int) -> None:
    """«كاتب وباحث» under the name of the author."""
    line = _line_at(page, at)
    if people.is_job(line):
        line.drop(Reason.BYLINE)


def _line_at(page: Page, at: int) -> Line:
    return page.lines[at] if at < len(page.lines) else Line(at, "")
