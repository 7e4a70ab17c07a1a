"""Words by which the furniture of Arabic news pages is known: one list a file in `words/`, one phrase a line.

A list can be made longer without touching code. Nearly all are compared by their folded skeleton, so that a
phrase needs to be written once, with or without hamza and marks.
"""

import re
from pathlib import Path

from newsroom.lib.arabic import fold_letters, skeleton

_FOLDER = Path(__file__).with_name("words")


def words(name: str) -> frozenset[str]:
    """The skeletons of the phrases in `words/<name>.txt`; lines that begin with # explain."""
    return keys(*_phrases(name))


def _phrases(name: str) -> list[str]:
    lines = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def alternatives(name: str) -> str:
    """The phrases of `words/<name>.txt` as they are written, for a pattern; the longest come first."""
    return "|".join(re.escape(phrase) for phrase in sorted(_phrases(name), key=len, reverse=True))


def keys(*phrases: str) -> frozenset[str]:
    return frozenset(key for phrase in phrases if (key := skeleton(phrase)))


def pattern(source: str) -> re.Pattern[str]:
    """Compile a pattern whose letters are folded, so that it can be written as one spells."""
    return re.compile(fold_letters(source))


AGENCIES = words("agencies")
AGENCY_FIRST_WORDS = words("agency_first_words")
AGENCY_LAST_WORDS = words("agency_last_words")
COMMENT_HEADINGS = words("comment_headings")
CONSENT = words("consent")
FIRST_NAMES = words("first_names")
FOOTERS = words("footers")
JOBS = words("jobs")
LABELS = words("labels")
LIST_HEADINGS = words("list_headings")
NAMES_WITH_WAW = words("names_with_waw")
NETWORKS = words("networks")
NEWSLETTER_HEADINGS = words("newsletter_headings")
NOT_IN_NAMES = words("not_in_names")
OUTLETS = words("outlets")
PLACES = words("places")
RELATED_HEADINGS = words("related_headings")
REPORTING = words("reporting")
SECTIONS = words("sections")
SHARE = words("share")
SHARE_GLUE = words("share_glue")
TAG_LABELS = words("tag_labels")
