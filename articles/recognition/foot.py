"""What follows the last paragraph."""

from articles.recognition import agencies, furniture, patterns, people
from articles.recognition.boxes import (
    FOOT_REASONS,
    settle_caption,
    settle_credit_label,
    settle_list,
    settle_other_story,
    settle_source_label,
    settle_tag_list,
)
from articles.recognition.codes import BlockType, Reason, Warn
from articles.recognition.headlines import is_trail
from articles.recognition.lines import Line
from articles.recognition.meta import settle_meta, settle_name
from articles.recognition.page import Page
from articles.recognition.paragraphs import neighbour, settle_text


def settle_foot(page: Page, begin: int) -> None:
    """Settle what follows the last paragraph."""
    boxed, page.story_ended = False, True
    for at in range(begin, len(page.lines)):
        line = page.lines[at]
        if not line.place and (signed := agencies.signature(line)):
            page.add_sources(signed)
            line.drop(Reason.BYLINE)
        elif line.place:
            if patterns.OTHER_STORY.match(line.key):
                settle_other_story(page, at)
            boxed = boxed or line.reason in FOOT_REASONS | {Reason.LIST}
        elif line.role in {"related_heading", "list_heading"}:
            settle_list(page, at, in_story=False)
            boxed = True
        elif line.role == "tag_label":
            settle_tag_list(page, at, in_story=False)
        elif line.role == "related":
            line.put(BlockType.RELATED, line.value)
        elif line.role == "caption":
            settle_caption(page, line)
        elif line.role == "credit_label":
            settle_credit_label(page, at)
        elif agencies.is_label(line):
            settle_source_label(page, at)
        elif not settle_meta(page, line, in_story=False):
            _settle_last_words(page, at, boxed=boxed)


def _settle_last_words(page: Page, at: int, *, boxed: bool) -> None:
    line = page.lines[at]
    before = neighbour(page, at, -1)
    if line.is_open and line.is_short and is_trail(page, line):
        line.drop(Reason.BREADCRUMB)
    elif furniture.is_initials(line) or (
        line.is_short and line.key.replace(" ", "").isdigit() and "-" not in line.text
    ):
        line.drop(Reason.FOOTER)
    elif furniture.is_more_of(line):
        line.drop(Reason.LIST)
    elif boxed and line.is_short:
        line.drop(Reason.FOOTER)
    elif line.is_short and furniture.is_section(line):
        line.drop(Reason.NAVIGATION)
    elif people.is_name(line.text) and not page.credits and before is not None and _ends_story(before):
        settle_name(page, line)
    else:
        settle_text(page, at, dense=False)
        if line.place == BlockType.SUBHEADING:
            line.put(BlockType.PARAGRAPH)
        if line.place == BlockType.PARAGRAPH and (boxed or (line.words <= 9 and not line.has_stop)):
            page.warn(Warn.UNSURE)


def _ends_story(line: Line) -> bool:
    """Nothing but a finished paragraph or a source line stands above the name of the author."""
    return line.place in {"sources", "tags"} or (
        line.place in {BlockType.PARAGRAPH, BlockType.QUOTE, BlockType.LIST} and (line.has_stop or line.words > 20)
    )
