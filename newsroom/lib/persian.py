"""Persian yeh and keheh in Arabic words: a keyboard of the neighbours, mended word by word.

A word that Arabic cannot have keeps its letters, and so does a whole sentence or quotation that is Persian, Urdu
or Kurdish. Which of the two a sentence is, its words tell: tables `persian_words` and `arabic_words`.
"""

import re
from collections.abc import Callable

from newsroom.lib.arabic import MARKS, ZWNJ
from newsroom.lib.tables import words

ARABIC = (
    "\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06fc\u06ff"
    "\u0750-\u077f\u0870-\u0887\u0889-\u088e\u08a0-\u08c9"
)
KEHEH, YEH = "\u06a9", "\u06cc"
MENDED = re.compile(f"[{KEHEH}{YEH}]")

_WORD = re.compile(f"[{ARABIC}{MARKS}{ZWNJ}]+")
# A sentence or what stands between quotation marks or brackets.
_STRETCH = re.compile(r"[^\n.!?؟؛:،«»“”„‟\"‘’‹›()\[\]{}<>]+")
_MARKS = re.compile(f"[{MARKS}]")
# Every Arabic letter that Arabic does not write, but for the two that are mended and ڤ ڥ ڨ ڭ of foreign names.
_FOREIGN = re.compile(f"[{ARABIC}]")
_OWN = re.compile(f"[\u0621-\u063a\u0641-\u064a\u0671{KEHEH}{YEH}ڤڥڨڭ]")
_ARABIC_SIGN = re.compile("[أإآة]|^(?:[وف]?[بك]?ال|[وف]?لل)..")
_TO_ARABIC = str.maketrans({KEHEH: "ك", YEH: "ي"})
_CLITICS = re.compile("^[وف]?[بلك]?(?:ال)?")
_NO_ALEF = re.compile("^[وف]?")
_LONGEST_SLIP = 3  # words

_MAQSURA = frozenset(words("maqsura_words"))
_ARABIC_WORDS = frozenset(words("arabic_words"))
_PERSIAN_WORDS = frozenset(word.translate(_TO_ARABIC) for word in words("persian_words"))


def arabise(text: str, change: Callable[[re.Match[str], str], str]) -> str:
    """Put the Arabic letters into the Arabic words; `change` is told each word that becomes another, and returns it."""

    def of_word(match: re.Match[str]) -> str:
        word = match[0]
        if not MENDED.search(word) or _is_foreign(word):
            return word
        return change(match, _arabic(word))

    def of_stretch(match: re.Match[str]) -> str:
        stretch = match[0]
        return stretch if not MENDED.search(stretch) or _is_persian(stretch) else _WORD.sub(of_word, stretch)

    return _STRETCH.sub(of_stretch, text)


def left_over(line: str) -> list[tuple[int, int, str]]:
    """(start, end, word in Arabic letters) of each word of a short stretch that `arabise` took for Persian.

    Where the rest of the line is Arabic, and no letter or joiner says that a word cannot be: two or three words
    between commas may be a slip of the keyboard. More are a quotation.
    """
    if not MENDED.search(line) or _is_persian(line):
        return []
    found = []
    for stretch in _STRETCH.finditer(line):
        words_there = list(_WORD.finditer(line, *stretch.span()))
        is_short = len(words_there) <= _LONGEST_SLIP and MENDED.search(stretch[0])
        if is_short and _is_persian(stretch[0]) and not any(_is_foreign(word[0]) for word in words_there):
            slips = (word for word in words_there if MENDED.search(word[0]))
            found += [(word.start(), word.end(), _arabic(word[0])) for word in slips]
    return found


def _is_persian(stretch: str) -> bool:
    """More of its words are Persian than Arabic. Words of both say nothing, and silence means Arabic."""
    persian = arabic = 0
    for word in _WORD.findall(stretch):
        bare = _MARKS.sub("", word).translate(_TO_ARABIC)
        if _is_foreign(word) or bare in _PERSIAN_WORDS:
            persian += 1
        elif bare in _ARABIC_WORDS or _ARABIC_SIGN.search(bare):
            arabic += 1
    return persian > arabic


def _is_foreign(word: str) -> bool:
    """With a letter that Arabic has not, or joined by a zero-width non-joiner as «می‌خواهم» and «خامنه‌ای» are."""
    return ZWNJ in word.strip(ZWNJ) or bool(_FOREIGN.search(_OWN.sub("", word)))


def _arabic(word: str) -> str:
    letters = _MARKS.sub("", word)
    arabic = word.translate(_TO_ARABIC)
    if not letters.endswith(YEH):
        return arabic
    maqsura = letters[:-1].translate(_TO_ARABIC) + "ى"
    if not {maqsura, _CLITICS.sub("", maqsura, count=1), _NO_ALEF.sub("", maqsura, count=1)} & _MAQSURA:
        return arabic
    at = word.rindex(YEH)
    return f"{arabic[:at]}ى{arabic[at + 1 :]}"
