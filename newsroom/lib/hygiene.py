"""What is taken out of every text before it is kept: controls, direction tricks, look-alike letters.

The table is the one of Unicode Annexes 9 and 15 as far as Arabic needs it. Nothing here changes what a
reader sees, except that a wrongly typed Persian letter becomes the Arabic one.
"""

import re
import unicodedata

from newsroom.lib.arabic import MARKS, NON_JOINING, TATWEEL, ZWNJ

ZWJ = "\u200d"
_ARABIC = "\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06fc\u06ff"
_EMOJI = "\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"

_NEWLINES = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_DELETED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u115f\u180e\u200b\u202a-\u202e\u2060-\u206f"
    "\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_SPACES = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_SPACES_BUT_NBSP = re.compile("[\t\u1680\u2000-\u200a\u205f\u3000]")
_DIRECTION_MARKS = re.compile("[\u200e\u200f\u061c]")
_PRESENTATION = re.compile("[\ufb50-\ufd3d\ufd40-\ufdcf\ufdf0-\ufdf9\ufe70-\ufefc]+")
_LOOSE_ZWJ = re.compile(f"(?<![\u0647\ufe0f{_EMOJI}]){ZWJ}|(?<=[\ufe0f{_EMOJI}]){ZWJ}(?![{_EMOJI}])")
_IDLE_ZWNJ = re.compile(f"(?<![{_ARABIC}]){ZWNJ}|(?<=[{NON_JOINING}]){ZWNJ}|{ZWNJ}(?![{_ARABIC}])")
_INNER_TATWEEL = re.compile(f"(?<=[{_ARABIC}{MARKS}]){TATWEEL}+(?=[{_ARABIC}{MARKS}])")
_WORD = re.compile(f"[{_ARABIC}{MARKS}]+")
_TAG = re.compile("(<[^>]*>)")

# Words that end in alef maqsura; every other final ی becomes ي.
_MAQSURA = frozenset(
    "على إلى حتى متى لدى مدى أخرى مستشفى موسى عيسى يحيى مصطفى كبرى صغرى الكبرى الصغرى أقصى الأقصى "
    "مستوى المستوى ذكرى الذكرى منتدى المنتدى مبنى المبنى معنى المعنى فتوى الفتوى قوى القوى جرحى الجرحى "
    "قتلى القتلى مرضى المرضى الأخرى المستشفى الأولى أولى إحدى سوى ليلى سلمى هدى رؤى".split()
)
_TO_ARABIC = str.maketrans("\u06a9\u06cc", "كي")


def clean_line(text: str) -> str:
    """Clean a name, headline or tag: one line, single spaces, no direction marks."""
    text = _NEWLINES.sub("\n", text).replace("\n", " ")
    return _SPACES.sub(" ", _DIRECTION_MARKS.sub("", _clean(text))).strip()


def clean_text(text: str) -> str:
    """Clean running text: newlines stay, inner LRM and RLM stay, each line is trimmed."""
    lines = _clean(_NEWLINES.sub("\n", text)).split("\n")
    return "\n".join(_SPACES.sub(" ", line).strip(" \u200e\u200f\u061c") for line in lines)


def clean_markup(html: str) -> str:
    """Clean the text between the tags of HTML that is sanitised already.

    Changes characters only and never ``<``, ``>``, ``&`` or a quote; attributes stay, since a link with a
    Persian letter leads somewhere else when the letter changes. NBSP stays: an editor typed it.
    """
    parts = _TAG.split(html)
    parts[::2] = [_SPACES_BUT_NBSP.sub(" ", _clean(_NEWLINES.sub("\n", part))) for part in parts[::2]]
    return "".join(parts)


def _clean(text: str) -> str:
    text = _DELETED.sub("", text)
    text = _PRESENTATION.sub(_compose, text)
    if "\u06a9" in text or "\u06cc" in text:
        text = _WORD.sub(_arabise, text)
    text = _INNER_TATWEEL.sub("", text)
    text = _IDLE_ZWNJ.sub("", _LOOSE_ZWJ.sub("", text))
    return unicodedata.normalize("NFC", text)


def _compose(match: re.Match[str]) -> str:
    # Only the run: NFKC of a whole body would rewrite … ½ ² and ﷺ as well.
    return unicodedata.normalize("NFKC", match[0]).replace(" ", "")


def _arabise(match: re.Match[str]) -> str:
    word = match[0]
    if not ("\u06a9" in word or "\u06cc" in word) or any(letter in word for letter in "پچژگ"):
        return word
    if word.endswith("\u06cc"):
        maqsura = (word[:-1] + "ى").translate(_TO_ARABIC)
        if maqsura in _MAQSURA:
            return maqsura
    return word.translate(_TO_ARABIC)
