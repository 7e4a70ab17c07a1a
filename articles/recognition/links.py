"""Read-also lines, tags, breadcrumbs."""

import re
from collections.abc import Iterable

from articles.recognition import vocabulary
from articles.recognition.lines import Line
from newsroom.lib.arabic import skeleton

_READ_ALSO = re.compile(
    r"^[(\[]?(?P<opener>\S{3,12} [^\s:：|»›←.…\-–—\])]{3,9})"
    r"(?P<mark> ?[:：|»›←.…\-–—\])]+ ?| )(?P<title>\S.*)$"
)
_VERBS = (
    "اقرأ", "اقرأ/ي", "اقرأي", "اقرئي", "اقرأوا", "اقرؤوا", "اقرأ/وا", "شاهد", "شاهدوا", "شاهد/ي", "طالع",
    "طالعوا", "انظر", "تابع", "تصفح",
)  # fmt: skip
_OPENERS = vocabulary.keys(*(f"{verb} {more}" for verb in _VERBS for more in ("أيضا", "أكثر", "المزيد", "كذلك")))
_LABELLED = re.compile(rf"^(?:{vocabulary.alternatives('related_labels')}) ?[:：←|] ?(?P<title>\S.*)$")
_TAGS = re.compile(
    rf"^(?:{vocabulary.alternatives('tag_labels')})(?P<mark> ?[:：|] ?| )(?P<names>\S.*)$", re.IGNORECASE
)
_TAG_JOINTS = re.compile(r" ?[،,؛;|#•·\n] ?|(?<=[^\W\d_]) ?/ ?(?=[^\W\d_])| [-–—] ")
_HASHTAG = re.compile(r"#[^\s#]+")
_TRAIL = re.compile(r" ?[>›»«‹❯→←/\\|] ?")
_STRONG_TRAIL = re.compile(r" ?[>›»❯] ?| / | \| ")
_TITLE_TAIL = re.compile(r" (?:[|\-–—:•»]|::) (?P<site>[^|\-–—:•»]{2,40})$")


def read_also(line: Line) -> str:
    """Return the title of «اقرأ أيضاً: X» and its kin, '' when the line is none."""
    if line.words > 34:
        return ""
    match = _READ_ALSO.match(line.text)
    if match is None or skeleton(match["opener"]) not in _OPENERS:
        match = _LABELLED.match(line.text)
        if match is None or line.has_stop:
            return ""
        title = match["title"]
    else:
        title = match["title"]
        if not match["mark"].strip(" ]") and line.has_stop:
            return ""
    title = title.strip(" ])")
    return title if 2 <= len(title.split()) <= 28 else ""


def is_related_heading(line: Line) -> bool:
    return line.words <= 6 and line.key in vocabulary.RELATED_HEADINGS


def is_list_heading(line: Line) -> bool:
    return line.words <= 6 and line.key in vocabulary.LIST_HEADINGS


def is_tag_label(line: Line) -> bool:
    return line.words <= 3 and line.key in vocabulary.TAG_LABELS


def tags(line: Line) -> tuple[str, ...]:
    """Read «الوسوم: أ، ب» and lines made of #hashtags."""
    hashtags = _HASHTAG.findall(line.text)
    if hashtags and not _HASHTAG.sub("", line.text).strip(" ،,|"):
        return unique(tag[1:].replace("_", " ") for tag in hashtags)
    match = _TAGS.match(line.text)
    if match is None or line.has_stop or len(line.text) > 400:
        return ()
    if not match["mark"].strip() and not re.search("[،,#|]", match["names"]):
        return ()
    return unique(part.replace("_", " ") for part in _TAG_JOINTS.split(match["names"]))


def unique(names: Iterable[str]) -> tuple[str, ...]:
    """Names in their order, each folded key once."""
    found: dict[str, str] = {}
    for name in names:
        if key := skeleton(name):
            found.setdefault(key, name.strip(" .:#"))
    return tuple(found.values())


def trail(line: Line) -> list[str]:
    """Return the steps of a breadcrumb: it starts at home or at a department, or all its steps are short."""
    if line.words > 30 or line.has_stop:
        return []
    steps = [step.strip() for step in _TRAIL.split(line.text) if step.strip()]
    if not all(any(map(str.isalpha, step)) for step in steps):
        return []
    if len(steps) < 2 or any(len(step.split()) > 5 for step in steps[:-1]):
        return []
    known = skeleton(steps[0]) in vocabulary.SECTIONS | vocabulary.LABELS
    if known:
        return steps
    short = all(len(step.split()) <= 3 for step in steps)
    return steps if short and _STRONG_TRAIL.search(line.text) and (len(steps) >= 3 or "|" in line.text) else []


def has_arrows(line: Line) -> bool:
    """Nothing but a path is written with arrows; a bar or a slash may also stand in a headline."""
    return bool(re.search("[>›❯→]", line.text))


def page_title(line: Line) -> str:
    """Return X of «X - اسم الموقع» and «X | اسم الموقع», '' when the line has no such end."""
    match = _TITLE_TAIL.search(line.text)
    if match is None or len(match["site"].split()) > 5:
        return ""
    return line.text[: match.start()].strip()
