"""Readable Arabic slugs: the words of the headline, nothing transliterated."""

import re
import unicodedata

from newsroom.lib.arabic import DIGITS, INVISIBLES, SPACED_FORMS, TATWEEL, ZWNJ

_DROPPED = re.compile(f"[{INVISIBLES}{TATWEEL}]")
_ARABIC_FORMS = DIGITS | str.maketrans("یک", "يك")
_BETWEEN_WORDS = re.compile(r"[\W_]+")


def slugify(text: str, limit: int = 80) -> str:
    """Return the words of `text` joined by hyphens, at most `limit` characters, cut between words.

    Hamza, ة and ى stay because readers see them in the address; marks of any script and tatweel go. Returns ''
    when no letter or digit is left. Never raises; a slug is its own slug.
    """
    text = unicodedata.normalize("NFKC", text.translate(SPACED_FORMS)).replace(ZWNJ, " ")
    # Composed once more, because casefold takes letters apart: İ is i and a dot, which would cut the word.
    text = unicodedata.normalize("NFKC", _DROPPED.sub("", text).translate(_ARABIC_FORMS).casefold())
    slug = _BETWEEN_WORDS.sub("-", "".join(filter(_is_no_mark, text))).strip("-")
    if len(slug) <= limit:
        return slug
    head, hyphen, _ = slug[: limit + 1].rpartition("-")
    return head if hyphen else slug[:limit]


def _is_no_mark(character: str) -> bool:
    return not unicodedata.category(character).startswith("M")
