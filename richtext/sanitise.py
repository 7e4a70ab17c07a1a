"""The one door through which HTML enters the database."""

import re

import nh3

from newsroom.lib.hygiene import clean_markup
from richtext.attributes import clean_attribute
from richtext.bounds import MAX_BYTES, BodyTooLarge, check_bounds, too_complex
from richtext.schema import ACCEPTED_TAGS, DROPPED_WITH_CONTENT, FORMATTING, LINK_SCHEMES, attributes_of
from richtext.tidying import tidy
from richtext.tree import parse, serialise

__all__ = ["MAX_BYTES", "BodyTooLarge", "sanitise"]

# Honest input settles in two rounds; what still changes after this many was made to confuse a parser.
_ROUNDS = 6
# Escape sequences of old encodings and other controls; line feed and tab stay.
_CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127])
_FORMATTING_TAG = re.compile(rf"<(/?)({'|'.join(FORMATTING)})(?=[\s/>])[^>]*>", re.IGNORECASE)

_cleaner = nh3.Cleaner(
    tags=set(ACCEPTED_TAGS),
    clean_content_tags=set(DROPPED_WITH_CONTENT),
    attributes={tag: set(attributes_of(tag)) for tag in ACCEPTED_TAGS},
    attribute_filter=clean_attribute,
    url_schemes=set(LINK_SCHEMES),
    link_rel=None,
)


def sanitise(html: str) -> str:
    """Return the HTML as it may be stored and shown: only what richtext.schema names, as a row of blocks.

    Cleaning the result again changes nothing, because it is cleaned until it stays the same: what a browser
    reads is then what was checked, and no second reading can wake up what the first one put to sleep. A body
    without text and pictures is "". Raises BodyTooLarge, nearly always before anything is parsed.
    """
    html = html.encode(errors="ignore").decode()  # half of a surrogate pair cannot be stored
    html = html.replace("\r\n", "\n").replace("\r", "\n")
    for _round in range(_ROUNDS):
        check_bounds(html)
        cleaned = _clean_once(html)
        if cleaned == html:
            return cleaned
        html = cleaned
    raise too_complex()


def _clean_once(html: str) -> str:
    html = _cleaner.clean(_without_formatting_attributes(html.translate(_CONTROLS)))
    if len(html) > 2 * MAX_BYTES:  # left-open formatting, repeated by the parser
        raise too_complex()
    return "\n".join(serialise([block]) for block in tidy(parse(clean_markup(html))))


def _without_formatting_attributes(html: str) -> str:
    # Behind the last ">" no tag is complete, and looking for its end from each "<" would take quadratic time.
    end = html.rfind(">") + 1
    return _FORMATTING_TAG.sub(lambda tag: f"<{tag[1]}{FORMATTING[tag[2].lower()]}>", html[:end]) + html[end:]
