"""Readable Arabic slugs: the words of the headline, nothing transliterated."""

import re
import unicodedata

from newsroom.lib.arabic import DIGITS, INVISIBLES, MARKS, SPACED_FORMS, TATWEEL, ZWNJ

_DROPPED = re.compile(f"[{MARKS}{INVISIBLES}{TATWEEL}]")
_ARABIC_FORMS = DIGITS | str.maketrans("یک", "يك")
_BETWEEN_WORDS = re.compile(r"[\W_]+")


def slugify(text: str, limit: int = 80) -> str:
    """Return the words of `text` joined by hyphens, at most `limit` characters, cut between words.

    Hamza, ة and ى stay because readers see them in the address; marks and tatweel go. Returns '' when no
    letter or digit is left.
    """
    text = unicodedata.normalize("NFKC", text.translate(SPACED_FORMS)).replace(ZWNJ, " ")
    text = _DROPPED.sub("", text).translate(_ARABIC_FORMS).casefold()
    slug = _BETWEEN_WORDS.sub("-", text).strip("-")
    if len(slug) <= limit:
        return slug
    head, hyphen, _ = slug[: limit + 1].rpartition("-")
    return head if hyphen else slug[:limit]
