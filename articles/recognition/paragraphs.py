"""The text itself: paragraphs, lists, quotes, sub-headings."""

import re

from articles.recognition import vocabulary
from articles.recognition.boxes import settle_tag_list
from articles.recognition.codes import BlockType, Reason
from articles.recognition.lines import LABEL_WORDS, Line
from articles.recognition.page import Page

_WHOLE_QUOTE = re.compile(r"^(?:«[^«»]{12,}»|“[^“”]{12,}”|\"[^\"]{12,}\")[.!؟?]?$")
_SCORE = re.compile(r"(?<![\d\-/.])\d{1,3} ?[-–:] ?\d{1,3}(?![\d\-/.])")
_QUESTION = re.compile(r"^(?:س|ج|سؤال|جواب|السؤال|الجواب|[QA]) ?\d{0,2} ?[:\-–—/]")


def settle_text(page: Page, at: int, *, dense: bool) -> None:
    line = page.lines[at]
    if line.role == "tag_label":
        settle_tag_list(page, at, in_story=True)
    elif _is_said_already(page, at):
        line.drop(Reason.DUPLICATE)
    elif line.bullet:
        settle_bullets(page, at)
    elif line.text.startswith(">") or (_WHOLE_QUOTE.match(line.text) and line.words >= 3):
        line.put(BlockType.QUOTE, line.text.lstrip("> "))
    elif page.is_prose(line) or not _is_subheading(page, at, dense=dense):
        line.put(BlockType.PARAGRAPH)
    else:
        line.put(BlockType.SUBHEADING)


def _is_said_already(page: Page, at: int) -> bool:
    """Two paragraphs alike, one after the other; the same words far apart may be a refrain, if they are few."""
    line = page.lines[at]
    if line.words < 5:
        return False
    if line.words > LABEL_WORDS and line.has_stop and line.text in page.said:
        return True
    page.said.add(line.text)
    for other in reversed(page.lines[max(0, at - 4) : at]):
        if other.place != "dropped":
            return len(other.text) == len(line.text) and other.text == line.text
    return False


def settle_bullets(page: Page, at: int) -> None:
    """A run of bullets is a list, but questions among answers are an interview and keep their marks."""
    run = [page.lines[at]]
    for line in page.lines[at + 1 :]:
        if not (line.bullet and line.is_open):
            break
        run.append(line)
    asked = [line.last in "؟?" for line in run]
    marks = {line.bullet for line in run}
    talks = (any(asked) and not all(asked)) or (len(marks) > 1 and any(asked)) or any(line.words > 60 for line in run)
    # A dash alone before a sentence, or under a quote, tells who speaks.
    before = neighbour(page, at, -1)
    is_speech = run[0].last in "؟?!" or not run[0].is_short or (before is not None and before.place == BlockType.QUOTE)
    alone = len(run) == 1 and run[0].bullet in "-–—" and is_speech
    for line in run:
        if len(run) == 1 and line.bullet.startswith("**") and line.words <= 9 and not line.has_stop:
            line.put(BlockType.SUBHEADING)
        elif talks or alone:
            line.put(BlockType.PARAGRAPH, f"{line.bullet} {line.text}")
        else:
            line.put(BlockType.LIST)


def _is_subheading(page: Page, at: int, *, dense: bool) -> bool:
    """Up to nine words without stop, alone between paragraphs. Three short lines in a row are verse."""
    line = page.lines[at]
    words = line.key.split()
    if line.words > 9 or line.has_stop or line.last in ":،؛,;-" or not any(char.isalpha() for char in line.text):
        return False
    if not words or words[0] in vocabulary.REPORTING or _QUESTION.match(line.text) or _SCORE.search(line.text):
        return False
    previous, following = neighbour(page, at, -1), neighbour(page, at, 1)
    if following is None or _is_short_text(page, following) or (previous and _is_short_text(page, previous)):
        return _is_pair(page, at, previous, following)
    return line.blank_before or (dense and (previous is None or previous.last not in ":،"))


def _is_pair(page: Page, at: int, previous: Line | None, following: Line | None) -> bool:
    """A heading above a smaller heading, each between blank lines; never three short lines."""
    if following is None or not page.lines[at].blank_before:
        return False
    if _is_short_text(page, following):
        after = neighbour(page, at, 2)
        return bool(
            following.blank_before
            and after
            and not _is_short_text(page, after)
            and not (previous and _is_short_text(page, previous))
        )
    before = neighbour(page, at, -2)
    return not (before and _is_short_text(page, before)) and bool(previous and previous.place == BlockType.SUBHEADING)


def neighbour(page: Page, at: int, step: int) -> Line | None:
    """The line so many lines away, furniture not counted."""
    direction = 1 if step > 0 else -1
    left = abs(step)
    at += direction
    while 0 <= at < len(page.lines):
        if page.lines[at].place != "dropped":
            left -= 1
            if not left:
                return page.lines[at]
        at += direction
    return None


def _is_short_text(page: Page, line: Line) -> bool:
    open_or_text = line.is_open or line.place in {BlockType.PARAGRAPH, BlockType.SUBHEADING}
    return open_or_text and not line.role and not line.bullet and line.words <= 9 and not line.has_stop
