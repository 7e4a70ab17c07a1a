"""A text as lines that know their neighbours."""

import re
from dataclasses import dataclass, field
from functools import cached_property

from articles.recognition.codes import Reason
from newsroom.lib.arabic import skeleton
from newsroom.lib.date_reading import DateLine

FINAL_STOPS = ".…"
_CLOSERS = "\"'»”’)]"
_BULLET = re.compile(r"^(?:[•·∙▪▫◾◼■□●○◆◇►▶▸‣⁃✓✔➤➢]\ufe0f?|\*{1,3}(?=\s)|[-–—](?=\s))\s*(?=\S)")
# How messengers write bold and slanted words.
_BOLD = re.compile(r"(?<![\w*])\*{1,2}(?=[^\s*])([^*]{1,2000})(?<!\s)\*{1,2}(?![\w*])")
_SLANTED_LINE = re.compile(r"^_(?=[^\s_])([^_]+)(?<!\s)_$")
_SIGNED_SENTENCE = re.compile(r"([.؟!…]) ?\([^()]{1,40}\)$")
MAX_CHARS = 50_000
MAX_HEADLINE = 160  # characters
LABEL_WORDS = 14  # the most that furniture has


@dataclass(eq=False)
class Line:
    """One line that is not blank.

    `role` is what its own words say it is, where there are such words; `place` is where it went, and `value`
    the words that went there. All three are '' until known.
    """

    position: int
    text: str
    blank_before: bool = False
    blank_after: bool = False
    bullet: str = ""
    originals: list[str] = field(default_factory=list)
    role: str = ""
    place: str = ""
    value: str = ""
    reason: Reason | None = None
    when: DateLine | None = None

    @cached_property
    def key(self) -> str:
        """The folded words, by which two lines are the same; rules look at it for short lines only."""
        return skeleton(self.text)

    @cached_property
    def words(self) -> int:
        return self.text.count(" ") + 1

    @property
    def is_open(self) -> bool:
        """Text that no rule has taken or named."""
        return not (self.place or self.role)

    @cached_property
    def last(self) -> str:
        """The last character that closes nothing; «... المقبل. (رويترز)» ends with its stop."""
        signed = _SIGNED_SENTENCE.search(self.text[-60:])
        return signed[1] if signed else self.text.rstrip(_CLOSERS + " ")[-1:]

    @property
    def has_stop(self) -> bool:
        return self.last in FINAL_STOPS

    @property
    def trails_off(self) -> bool:
        """«بعد طول صمت..» is no finished sentence."""
        return self.text.rstrip(_CLOSERS + " ").endswith(("..", "…"))

    @property
    def is_short(self) -> bool:
        """Could be furniture: never more than 14 words and never a sentence with its full stop."""
        return self.words <= LABEL_WORDS and not self.has_stop

    def put(self, place: str, value: str | None = None) -> None:
        """Settle where the line goes."""
        self.place, self.value = place, self.text if value is None else value

    def absorb(self, following: "Line") -> None:
        """Take the next line of a broken paragraph in."""
        self.text += " " + following.text
        self.originals += following.originals
        self.blank_after = following.blank_after
        for cached in ("key", "words", "last"):
            self.__dict__.pop(cached, None)

    def drop(self, reason: Reason) -> None:
        self.place, self.reason, self.value = "dropped", reason, self.text


def split_lines(text: str) -> list[Line]:
    """Split cleaned text into the lines that are not blank, their bullets taken off."""
    lines: list[Line] = []
    blank = True
    for raw in text.split("\n"):
        if not raw.strip():
            blank = True
            if lines:
                lines[-1].blank_after = True
            continue
        plain = _without_emphasis(raw)
        mark = _BULLET.match(plain)
        if mark and not any(char.isalnum() for char in plain[mark.end() :]):
            mark = None  # «* * *» is a line of stars
        body = plain[mark.end() :] if mark else plain.strip("| ") or plain
        lines.append(Line(len(lines), body, blank, False, mark[0].strip() if mark else "", [raw]))
        blank = False
    if lines:
        lines[-1].blank_after = True
    return lines


def _without_emphasis(text: str) -> str:
    """Take the marks of «*bold*» and «_slanted_» off; a lone star stays."""
    return _SLANTED_LINE.sub(r"\1", _BOLD.sub(r"\1", text) if "*" in text else text)


def cut(text: str, limit: int) -> tuple[str, str]:
    """Cut between words so that the first part has at most `limit` characters."""
    if len(text) <= limit:
        return text, ""
    head, space, _ = text[: limit + 1].rpartition(" ")
    head = head if space else text[:limit]
    return head, text[len(head) :].lstrip()


def join_wrapped(lines: list[Line]) -> tuple[list[Line], bool]:
    """Join lines that were broken at a fixed width; returns the lines and whether any were joined.

    A run is wrapped when its lines fill one width (25 to 120 characters, none shorter than the longest by
    more than a long word), only its last ends with a stop, and the text has a run of three lines or more: two
    lines alone could be a headline and its paragraph, short lines alone a poem.
    """
    runs = [run for group in _groups(lines) for run in _runs(group)]
    if not any(len(run) >= 3 for run in runs):
        return lines, False
    follows = {id(line): run[0] for run in runs for line in run[1:]}
    joined: list[Line] = []
    for line in lines:
        head = follows.get(id(line))
        if head is None:
            joined.append(line)
        else:
            head.absorb(line)
    return joined, True


def _groups(lines: list[Line]) -> list[list[Line]]:
    """Neighbours that no blank line, bullet or recognised line parts."""
    groups: list[list[Line]] = [[]]
    for line in lines:
        if line.blank_before or not line.is_open or line.bullet:
            groups.append([])
        if line.is_open and not line.bullet:
            groups[-1].append(line)
    return [group for group in groups if len(group) > 1]


def _runs(group: list[Line]) -> list[list[Line]]:
    width = max(len(line.text) for line in group)
    if not 45 <= width <= 120:
        return []
    runs: list[list[Line]] = [[]]
    for line in group:
        runs[-1].append(line)
        if line.has_stop or len(line.text) < max(25, width - 20):
            runs.append([])
    return [run for run in runs if len(run) > 1 and run[-1].has_stop]
