"""The lines of one page and what has been learnt about them so far."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from articles.recognition import agencies, furniture, links, patterns, people, pictures
from articles.recognition.codes import Reason, Warn
from articles.recognition.lines import MAX_HEADLINE, Line, join_wrapped
from articles.recognition.results import Credit
from newsroom.lib.date_reading import is_impossible_date_line, read_date_line

_ABBREVIATED = re.compile(r"(?:[ap]\.m|(?<!\w)[مصه]ـ?)\.$", re.IGNORECASE)


@dataclass
class Page:
    """Mutable, and private to one recognition."""

    lines: list[Line]
    headline: str | None = None
    headline_at: int | None = None  # the position of its line
    story_ended: bool = False
    subtitle: str | None = None
    lead_caption: str | None = None
    dateline: str | None = None
    published: date | None = None
    date_rank: int = -1
    credits: list[Credit] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    warnings: list[Warn] = field(default_factory=list)
    captions: set[str] = field(default_factory=set)
    said: set[str] = field(default_factory=set)  # the paragraphs so far
    prose_words: int = 15
    prose_has_stops: bool = False

    @cached_property
    def short_keys(self) -> Counter[str]:
        """How often each line of at most 34 words is said."""
        return Counter(line.key for line in self.lines if line.words <= 34)

    def warn(self, warning: Warn) -> None:
        if warning not in self.warnings:
            self.warnings.append(warning)

    def is_prose(self, line: Line) -> bool:
        """Say whether a line is a real paragraph, measured by how this text writes its paragraphs."""
        if not line.is_open:
            return False
        if line.has_stop and line.words >= (9 if line.trails_off else 3):
            return True
        if self.prose_has_stops and line.words > 25 and not any(mark in line.text for mark in ".،"):
            return False  # a ticker: many headlines in one line
        if line.words > 20 or (line.last in "؟?!" and line.words >= 12):
            return True
        return line.words >= self.prose_words and not self.prose_has_stops

    def prose_positions(self) -> list[int]:
        return [at for at, line in enumerate(self.lines) if self.is_prose(line)]

    def add_sources(self, names: tuple[str, ...]) -> None:
        self.sources = list(links.unique([*self.sources, *names]))

    def add_credits(self, found: tuple[Credit, ...]) -> None:
        known = {credit.name for credit in self.credits}
        self.credits += [credit for credit in found if credit.name not in known]

    def take_date(self, line: Line, *, is_below_headline: bool) -> None:
        """Set a date line aside and propose its day; among equals the first one wins.

        «نُشر» beats a bare date under the headline, that beats the day in the head of the page, which may be the
        day when the page was copied, and any of them beats an update.
        """
        found = line.when
        line.drop(Reason.DATE)
        if found is None:
            self.warn(Warn.IMPOSSIBLE_DATE)
            return
        rank = 0 if found.is_update else 3 if found.is_labelled else 2 if is_below_headline else 1
        if rank > self.date_rank:
            self.date_rank, self.published = rank, found.date
            doubts = {Warn.DATE_OF_UPDATE: found.is_update, Warn.WEEKDAY_DIFFERS: found.weekday_agrees is False}
            self.warnings = [warning for warning in self.warnings if warning not in doubts]
            self.warnings += [warning for warning, is_doubtful in doubts.items() if is_doubtful]


def read_page(lines: list[Line]) -> Page:
    """Give every line the role that its own words tell, and join what a mail program had broken."""
    page = Page(lines)
    for line in lines:
        _give_role(page, line)
    _mark_reader_lists(lines)
    _drop_skipped_boxes(lines)
    _keep_clock_of_report(lines)
    page.lines, joined = join_wrapped(lines)
    if joined:
        page.warn(Warn.JOINED)
    _measure(page)
    return page


def _give_role(page: Page, line: Line) -> None:
    if line.words > 120:
        return
    if links.is_related_heading(line):
        line.role = "related_heading"
    elif links.is_list_heading(line):
        line.role = "list_heading"
    elif links.is_tag_label(line):
        line.role = "tag_label"
    elif reason := furniture.reason_for(line):
        line.drop(reason)
    elif _is_date(line):
        line.role, line.when = "date", read_date_line(line.text)
    elif title := links.read_also(line):
        line.role, line.value = "related", title
    elif links.tags(line):
        line.role = "tags"
    elif pictures.is_credit_label(line):
        line.role = "credit_label"
    elif pictures.is_credit(line):
        line.role = "credit"
    elif (words := pictures.caption(line)) and not _names_people_or_sources(line):
        line.role, line.value = "caption", words


def _is_date(line: Line) -> bool:
    """A line that says when and nothing else, even a day that does not exist; with a full stop it is text."""
    if line.has_stop and not _ABBREVIATED.search(line.text):
        return False
    return read_date_line(line.text) is not None or is_impossible_date_line(line.text)


def _names_people_or_sources(line: Line) -> bool:
    """A line that ends in an agency is a caption only when it is nothing else."""
    return bool(
        agencies.dateline(line)
        or agencies.bare_sources(line)
        or agencies.labelled_sources(line, in_story=False)
        or people.byline(line, in_story=False)
    )


def _mark_reader_lists(lines: list[Line]) -> None:
    """What a screen reader is told is a list of links: «list 1 of 2» above each, «end of list» below."""
    inside = False
    for line in lines:
        if patterns.READER_LIST_ITEM.match(line.key):
            inside = True
        elif line.place and inside:
            inside = False
        elif inside and line.is_open and line.words <= 25 and not line.has_stop:
            line.role, line.value = "related", line.text


def _drop_skipped_boxes(lines: list[Line]) -> None:
    """Short lines between «تخطى كذا وواصل القراءة» and «كذا نهاية», where no heading says that they are links."""
    start: int | None = None
    for at, line in enumerate(lines):
        if line.place != "dropped":
            continue
        if patterns.BOX_BEGINS.search(line.key):
            start = at
        elif start is not None and patterns.BOX_ENDS.search(line.key):
            inside = lines[start + 1 : at]
            if len(inside) <= 12 and not any(other.role for other in inside):
                for other in inside:
                    if other.is_open and other.is_short:
                        other.drop(Reason.LIST)
            start = None


def _keep_clock_of_report(lines: list[Line]) -> None:
    """«18:32» above each paragraph: a report hour by hour, not the time of the page."""
    clocks = [line for line in lines if line.reason == Reason.DATE and not any(map(str.isalpha, line.text))]
    if len(clocks) >= 3:
        for line in clocks:
            line.place, line.reason = "", None


def _measure(page: Page) -> None:
    """Learn whether paragraphs of this text end with a stop, and how long they are."""
    for least in (15, 9, 7):
        long = [line for line in page.lines if line.is_open and line.words >= least]
        # The first may be the headline, which has no stop in any text.
        has_head = len(long) > 1 and not long[0].has_stop and len(long[0].text) <= MAX_HEADLINE
        paragraphs = long[has_head:]
        if paragraphs:
            stopped = sum(line.has_stop or line.last in '؟?!:»"”' for line in paragraphs)
            certain = {15: 1, 9: 1 if has_head else 2, 7: 2 if has_head else len(long) + 1}[least]
            page.prose_words = least
            page.prose_has_stops = stopped >= max(certain, 0.6 * len(paragraphs))
            return
