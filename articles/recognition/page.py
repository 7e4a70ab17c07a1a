"""The lines of one page and what has been learnt about them so far."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from articles.recognition import agencies, furniture, links, patterns, people, pictures
from articles.recognition.codes import Reason, Warn
from articles.recognition.lines import Line, join_wrapped
from articles.recognition.results import Credit
from newsroom.lib.date_reading import read_date_line


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
        if line.has_stop and line.words >= 3:
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
    elif found := read_date_line(line.text):
        line.role, line.when = "date", found
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


def _names_people_or_sources(line: Line) -> bool:
    """A line that ends in an agency is a caption only when it is nothing else."""
    return bool(agencies.dateline(line) or agencies.bare_sources(line) or people.byline(line, in_story=False))


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


def _measure(page: Page) -> None:
    """Learn whether paragraphs of this text end with a stop, and how long they are."""
    for least in (15, 9, 7):
        long = [line for line in page.lines if line.is_open and line.words >= least]
        if long:
            page.prose_words = least
            stopped = sum(line.has_stop or line.last in '؟?!:»"”' for line in long)
            page.prose_has_stops = stopped >= 0.6 * len(long) and least == 15
            return
