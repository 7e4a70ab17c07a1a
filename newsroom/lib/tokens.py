"""Cuts a text into the words and numbers that search compares, and knows one number in all its spellings."""

import re
from typing import NamedTuple

from newsroom.lib.arabic import DIGITS, INVISIBLES, MARKS, NON_JOINING, TATWEEL, ZWNJ

_LETTERS = (
    "\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06e5\u06e6\u06ee\u06ef\u06fa-\u06fc\u06ff"
    "\u0750-\u077f\u0870-\u0887\u0889-\u088e\u08a0-\u08c9\ufb50-\ufbb1\ufbd3-\ufc5d\ufc64-\ufcf1\ufcf5-\ufd3d"
    "\ufd50-\ufd8f\ufd92-\ufdc7\ufdf0-\ufdfb\ufe80-\ufefc"
)
_FORMS_OF_MARKS = "\ufc5e-\ufc63\ufcf2-\ufcf4\ufe70-\ufe7f"
_INSIDE = f"{MARKS}{INVISIBLES}{TATWEEL}{_FORMS_OF_MARKS}"
_ARABIC = f"[{_LETTERS}](?:(?:[{_INSIDE}]|(?<=[{NON_JOINING}]){ZWNJ})*+[{_LETTERS}])*+[{MARKS}{TATWEEL}\ufe70-\ufe7f]*+"
# «1,500» and «1.500.000» are grouped, «3.5» and «3,5» have decimals, «3.5.2024» is a date of three numbers.
_GROUPED = r"\d{1,3}(?:[,٬،]\d{3})++(?!\d)(?:[.٫]\d++)?|\d{1,3}(?:\.\d{3}){2,}+(?![.]?\d)"
_DECIMAL = r"(?<!\d[.,٫])\d++(?:[.٫]\d++|,\d{1,2}(?!\d))(?![.,٫]\d)"
_FOREIGN = rf"[^\W\d_{_LETTERS}{TATWEEL}{_FORMS_OF_MARKS}\u115f\uff9e\uff9f]"
_OTHER = rf"{_FOREIGN}(?:{_FOREIGN}|[\u0300-\u036f\u00ad\u200b\u200d\u2060])*+"
_TOKEN = re.compile(f"{_ARABIC}|{_GROUPED}|{_DECIMAL}|\\d++|{_OTHER}")
# «الـ5G», «لـApple»: the article or a one-letter word that is held out to letters and digits of another script.
_HELD_OUT = re.compile(rf"(?:[وف]?[بك]?ال|[وف]?لل|[وف]?[بلك]|[وف]){TATWEEL}+").fullmatch
_SEPARATED = re.compile(r"\d+[,٬،.٫][\d,٬،.٫]*")
_GROUPED_BY_COMMA = re.compile(r"\d{1,3}(?:[,٬،]\d{3})+(?:[.٫]\d+)?")
_GROUPED_BY_STOP = re.compile(r"\d{1,3}(?:\.\d{3})+")
_NOT_DIGITS = re.compile(r"\D+")
_new = tuple.__new__  # a third faster than the named constructor, for every word of every text


class Token(NamedTuple):
    """One word or number of a text: `text[start:end]`, in code points of the original string."""

    text: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """Cut a text into words and numbers, in one pass. Letters of two scripts, and letters and digits, never share one.

    «الـ21» and «2024م» are two tokens, so are «G20» and «F-16»: a reader types both with and without the hyphen.
    """
    return [
        _new(Token, (match[0], match.start(), match.end()))
        for match in _TOKEN.finditer(text)
        if match[0][-1] != TATWEEL or not _is_held_out(match)
    ]


def _is_held_out(match: re.Match[str]) -> bool:
    after = match.string[match.end() : match.end() + 1]
    return after.isalnum() and _HELD_OUT(match[0]) is not None


def number(text: str) -> str:
    """Return the digits of a number with separators, '' for any other token: «1,500» and «١٬٥٠٠» are 1500.

    Decimals stand behind a p, for stems have no stops: «3.5» and «3,5» are 3p5.
    """
    if not _SEPARATED.fullmatch(text):
        return ""
    if _GROUPED_BY_COMMA.fullmatch(text):
        whole, _, decimals = text.replace("٫", ".").partition(".")
    elif text.count(".") > 1 and _GROUPED_BY_STOP.fullmatch(text):
        whole, decimals = text, ""
    else:
        whole, _, decimals = text.replace("٫", ".").replace(",", ".").partition(".")
    digits = [_NOT_DIGITS.sub("", part).translate(DIGITS) for part in (whole, decimals)]
    return "p".join(part for part in digits if part)


def number_readings(word: str) -> set[str]:
    """Return what else the token may be: «1.500» is one and a half here and fifteen hundred there."""
    if word.count(".") == 1 and _GROUPED_BY_STOP.fullmatch(word):
        return {word.replace(".", "").translate(DIGITS)}
    return set()
