"""Headings with what belongs to them, captions and credits: the same wherever they stand."""

import re

from articles.recognition import agencies, furniture, links, patterns
from articles.recognition.codes import BlockType, Reason
from articles.recognition.lines import LABEL_WORDS, Line
from articles.recognition.meta import settle_sources
from articles.recognition.page import Page
from newsroom.lib.arabic import skeleton

_READ_MORE = skeleton("اقرأ المزيد")
FOOT_REASONS = frozenset((Reason.FOOTER, Reason.COMMENTS, Reason.NEWSLETTER, Reason.NOTICE))


def settle_caption(page: Page, line: Line) -> None:
    key = skeleton(line.value)
    if key in page.captions:
        line.drop(Reason.DUPLICATE)
    else:
        page.captions.add(key)
        line.put(BlockType.CAPTION, line.value)


def settle_lead_caption(page: Page, line: Line) -> None:
    line.value = line.value or line.text
    if page.lead_caption is None:
        page.lead_caption = line.value
        page.captions.add(skeleton(line.value))
        line.put("lead_caption", line.value)
    else:
        settle_caption(page, line)


def settle_credit_label(page: Page, at: int) -> None:
    """«مصدر الصورة» and, on the next line, whose it is."""
    page.lines[at].drop(Reason.CREDIT)
    follower = page.lines[at + 1] if at + 1 < len(page.lines) else None
    if follower and follower.is_open and follower.words <= 4 and follower.is_short:
        follower.drop(Reason.CREDIT)


def settle_source_label(page: Page, at: int) -> None:
    page.lines[at].drop(Reason.SOURCES)
    follower = page.lines[at + 1] if at + 1 < len(page.lines) else None
    if follower and follower.is_open and follower.words <= 8 and follower.is_short:
        names = agencies.bare_sources(follower) or (follower.text.strip(" .«»()"),)
        settle_sources(page, follower, names)


def settle_tag_list(page: Page, at: int, *, in_story: bool) -> None:
    """The short lines under «الوسوم», in the story until a blank line after them."""
    page.lines[at].drop(Reason.TAGS)
    for taken, line in enumerate(page.lines[at + 1 :]):
        if not line.is_open or line.words > 4 or line.has_stop or (taken and in_story and line.blank_before):
            break
        if agencies.bare_sources(line) or agencies.is_label(line):
            break
        page.tags = list(links.unique([*page.tags, *(part.strip(" #") for part in re.split("[،,]", line.text))]))
        line.put("tags")


def settle_list(page: Page, at: int, *, in_story: bool) -> None:
    """The links under a heading. In the story a blank line after them ends the list."""
    heading = page.lines[at]
    is_related = heading.role == "related_heading"
    heading.drop(Reason.RELATED if is_related else Reason.LIST)
    # «إقرأ المزيد» may also be a button above a sub-heading; a title is longer than that.
    least = 4 if in_story and heading.key == _READ_MORE else 1
    keeps_on = not in_story or any(_ends_list(line) for line in page.lines[at + 1 : at + 16])
    taken = 0
    for line in page.lines[at + 1 :]:
        if line.place:
            if line.reason in FOOT_REASONS or line.place != "dropped" or _ends_list(line):
                return
        elif line.role == "date" or (line.role == "caption" and not in_story and line.is_short):
            line.drop(Reason.DATE if line.role == "date" else Reason.LIST)
        elif not _is_item(page, line, least, 20 if is_related else LABEL_WORDS) or (
            taken and line.blank_before and not keeps_on
        ):
            return
        else:
            is_title = in_story or (line.words >= 3 and not furniture.is_section(line))
            line.put(BlockType.RELATED) if is_related and is_title else line.drop(Reason.LIST)
            taken += 1


def _is_item(page: Page, line: Line, least: int, most: int) -> bool:
    """A title has no stop; what is set aside with its list is shorter than what is kept as a link."""
    return line.is_open and least <= line.words <= most and not line.has_stop and not page.is_prose(line)


def _ends_list(line: Line) -> bool:
    ends = line.key.endswith((" نهايه", "end of list")) or line.key.startswith("نهايه ")
    return line.place == "dropped" and (ends or bool(patterns.OTHER_STORY.match(line.key)))


def settle_other_story(page: Page, at: int) -> None:
    """The title under «الخبر السابق»."""
    follower = page.lines[at + 1] if at + 1 < len(page.lines) else None
    if follower and follower.is_open and follower.is_short and follower.words >= 3 and not page.is_prose(follower):
        follower.drop(Reason.LIST)
