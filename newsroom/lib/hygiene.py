"""What is taken out of every text before it is kept: controls, direction tricks, look-alike letters.

Unicode Annexes 9 (direction) and 15 (normal forms) as far as Arabic needs them. Nothing here changes what a reader
sees, except that a wrongly typed Persian letter becomes the Arabic one. No letter or digit of any script is taken
out; a cleaned text is at most LONGEST_GROWTH times as long, and cleaning it again changes nothing. A text without
anything suspicious costs one search and one question to unicodedata.
"""

import re
import unicodedata
from collections.abc import Callable

from newsroom.lib.arabic import MARKS, NON_JOINING, TATWEEL, ZWNJ
from newsroom.lib.languages import foreign_parts
from newsroom.lib.mending import Kind, Mending, Notes
from newsroom.lib.persian import ARABIC, MENDED, arabise
from newsroom.lib.tables import words

# A ligature of the presentation forms is four letters at most; NFC takes a character into three at most.
LONGEST_GROWTH = 4
MOST_MARKS = 3
_ROUNDS = 5

ZWJ = "\u200d"
_EMOJI = "\u00a9\u00ae\u203c\u2049\u20e3\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u25a0-\u27bf\u2900-\u2bff"
_EMOJI += "\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
# After the sign that drops a vowel the two joiners are spelling (RFC 5892, appendix A.1 and A.2).
_VIRAMA = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u1039\u17d2\u1b44\ua8c4\ua953\ua9c0"
_STACKING = f"\u0300-\u036f\u0483-\u0489\u0591-\u05bd{MARKS}\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc"
_STACKING += "\u0f71-\u0f7e\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20df\ufe20-\ufe2f"
_VARIATIONS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"

_LINE_ENDS = re.compile("[\x0b\x0c\x85\u2028\u2029]")
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u180e\u200b\u2060-\u2065\u206a-\u206f"
    "\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # also between the signs of a tag: PostgreSQL refuses them
_DIRECTION_MARKS = "\u200e\u200f\u061c"
_DIRECTION_MARK = re.compile(f"[{_DIRECTION_MARKS}]")
# A run at the end is looked for from its beginning alone: from each mark of it would take quadratic time.
_MARKS_AT_END = re.compile(
    f"(?m)^[{_DIRECTION_MARKS} ]*[{_DIRECTION_MARKS}][{_DIRECTION_MARKS} ]*"
    f"|(?<![{_DIRECTION_MARKS}])[{_DIRECTION_MARKS}]++ *$"
)
_ODD_SPACE = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_SPACES = re.compile("  +")
_NO_BREAK = re.compile("&nbsp;|[\u00a0\u202f]")
_ODD_SPACE_IN_MARKUP = re.compile("[\t\u1680\u2000-\u200a\u205f\u3000]")
_UNIT = re.compile("[^\\W\\d_]|[%٪‰°$€£¥₪]")
_KEPT_FORMS = re.escape("".join(words("kept_forms")))
_PRESENTATION = re.compile(f"(?:(?![{_KEPT_FORMS}])[\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc])+")
_IDLE_VARIATION = re.compile(
    f"(?:^|(?<=[\\s{_VARIATIONS}{ARABIC}A-Za-z\u00c0-\u024f\u0370-\u052f\u0590-\u05ff]))[{_VARIATIONS}]"
)
_LOOSE_ZWJ = re.compile(
    f"(?<![\u0647\ufe0f{_EMOJI}{_VIRAMA}]){ZWJ}|(?<=[\ufe0f{_EMOJI}]){ZWJ}(?![{_EMOJI}])"
    f"|(?<=\u0647){ZWJ}(?=[{ARABIC}{MARKS}{ZWNJ}])"
)
_ZWNJ_RUN = re.compile(f"(?<![{_VIRAMA}]){ZWNJ}+")
_TATWEEL_RUN = re.compile(f"(?<=[{ARABIC}])[{MARKS}]*{TATWEEL}[{MARKS}{TATWEEL}]*(?=[{ARABIC}])")
_SEATED = re.compile(f"{TATWEEL}[{MARKS}]*[\u0654\u0655]")
_STACK = re.compile(f"[{_STACKING}]{{{MOST_MARKS + 1},}}")
_NOT_SPACES = re.compile(r"\S+")
_TAG = re.compile("(<[^<>]*>)")
_BLOCK_TAG = re.compile(
    "</?(?:p|h[1-6]|li|[uod]l|blockquote|figure|figcaption|table|caption|t[dhr]|d[dt]|pre|div|br)\\b"
)

# Whatever one of the steps below could change, each asked for by itself: a class of characters is found fast.
_SUSPICIOUS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\xa0\u00ad\u034f\u061c\u0640\u06a9\u06cc\u1680\u180e\u2000-\u200f\u2028-\u202f"
    "\u205f-\u206f\u3000\ud800-\udfff\ufb50-\ufdff\ufe00-\ufe0f\ufe70-\ufeff\ufff9-\uffff\U000e0000-\U000e0fff\t]"
)
_LOOSE_SPACES = ("  ", " \n", "\n ")


def clean_line(text: str) -> str:
    """Clean a name, headline or tag: one line, single spaces, no direction marks."""
    is_trim = "\n" not in text and _is_trim(text)
    return text if is_trim and _is_plain(text) else _line(text, None)


def clean_text(text: str) -> str:
    """Clean running text: newlines stay, inner LRM and RLM stay, each line is trimmed."""
    return text if _is_trim(text) and _is_plain(text) else _text(text, None)


def clean_markup(markup: str) -> str:
    """Clean the text between the tags of HTML that is sanitised already.

    Changes characters only and never ``<``, ``>``, ``&`` or a quote; attributes stay, since a link with a
    Persian letter leads somewhere else when the letter changes. A no-break space stays between a number and its
    unit, Persian letters stay in an element of another language (``lang``).
    """
    return markup if _is_plain_markup(markup) else _markup(markup, None)


def clean_address(text: str) -> str:
    """Clean a web or e-mail address, which leads elsewhere when a letter changes: only what nobody can see goes."""
    for hidden in (_DIRECTION, _INVISIBLE, _DIRECTION_MARK):
        text = hidden.sub("", text)
    text = _LINE_ENDS.sub(" ", text).replace("\r", " ").replace("\n", " ")
    return _SPACES.sub(" ", _ODD_SPACE.sub(" ", text)).strip()


def clean_line_within(text: str, room: int) -> str:
    """`clean_line` for a column of `room` characters, which takes no letter of a text that had room before.

    A ligature stays one sign where its letters would need more room. Signs that NFC alone takes apart may still be
    too many: only those are cut.
    """
    cleaned = clean_line(text)
    if len(cleaned) <= room or len(text) > room:
        return cleaned
    return _line(text, None, compose=_compose_one_by_one)[:room]


def mendings(before: str, clean: Callable[[str], str] = clean_text) -> list[Mending]:
    """What `clean` (one of the three above) takes out of a text or replaces; [] where nobody would see a difference.

    Spaces at the ends of a line, doubled spaces and the line ends of forms are nothing to tell.
    """
    notes = Notes()
    {clean_line: _line, clean_text: _text, clean_markup: _markup}[clean](before, notes)
    return notes.mendings()


def _is_plain(text: str) -> bool:
    """Whether there is nothing to do; asked of every text that is written."""
    return not _SUSPICIOUS.search(text) and _is_nfc(text) and not _STACK.search(text)


def _is_plain_markup(markup: str) -> bool:
    return "&nbsp;" not in markup and _is_plain(markup)


def _is_trim(text: str) -> bool:
    return text == text.strip(" ") and not any(spaces in text for spaces in _LOOSE_SPACES)


def _is_nfc(text: str) -> bool:
    return unicodedata.is_normalized("NFC", text)


def _line(text: str, notes: Notes | None, compose: Callable[[re.Match[str]], str] | None = None) -> str:
    def once(text: str) -> str:
        text = _sub(_LINE_ENDS, " ", text, Kind.LINE_END, notes).replace("\r", "\n").replace("\n", " ")
        text = _sub(_DIRECTION_MARK, "", text, Kind.DIRECTION_MARK, notes)
        text = _sub(_ODD_SPACE, " ", text.strip(), Kind.SPACE, notes)
        return _SPACES.sub(" ", _clean(text, notes, compose=compose)).strip(" ")

    return _settled(once, text)


def _text(text: str, notes: Notes | None) -> str:
    def once(text: str) -> str:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        text = _sub(_LINE_ENDS, "\n", text, Kind.LINE_END, notes)
        text = _sub(_ODD_SPACE, " ", "\n".join(map(str.strip, text.split("\n"))), Kind.SPACE, notes)
        text = _sub(_MARKS_AT_END, "", text, Kind.DIRECTION_MARK, notes)
        lines = _SPACES.sub(" ", _clean(text, notes)).split("\n")
        return "\n".join(line.strip(" ") for line in lines)

    return _settled(once, text)


def _markup(markup: str, notes: Notes | None) -> str:
    parts = _TAG.split(_UNSTORABLE.sub("", markup))
    is_foreign = foreign_parts(parts)
    for at in range(0, len(parts), 2):
        begins = at == 0 or bool(_BLOCK_TAG.match(parts[at - 1]))
        ends = at + 1 == len(parts) or bool(_BLOCK_TAG.match(parts[at + 1]))
        if not _is_plain_markup(parts[at]):
            parts[at] = _part(parts[at], notes, begins=begins, ends=ends, is_foreign=is_foreign[at])
    return "".join(parts)


def _part(text: str, notes: Notes | None, *, begins: bool, ends: bool, is_foreign: bool) -> str:
    """A run of text between two tags; `begins` and `ends` say whether a block does there."""

    def once(text: str) -> str:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        text = _sub(_LINE_ENDS, "\n", text, Kind.LINE_END, notes)
        text = _sub(_ODD_SPACE_IN_MARKUP, " ", text, Kind.SPACE, notes)
        text = _NO_BREAK.sub(_no_break, text)  # the editor makes them by itself: nothing to tell
        text = text.lstrip(_DIRECTION_MARKS) if begins else text
        text = text.rstrip(_DIRECTION_MARKS) if ends else text
        return _clean(text, notes, is_foreign=is_foreign)

    return _settled(once, text)


def _settled(once: Callable[[str], str], text: str) -> str:
    """One step can leave work to one before it, when letters meet that something stood between."""
    for _round in range(_ROUNDS):
        cleaned = once(text)
        if cleaned == text:
            break
        text = cleaned
    return text


def _clean(
    text: str,
    notes: Notes | None,
    *,
    is_foreign: bool = False,
    compose: Callable[[re.Match[str]], str] | None = None,
) -> str:
    text = _sub(_DIRECTION, "", text, Kind.DIRECTION, notes)
    text = _sub(_INVISIBLE, "", text, Kind.INVISIBLE, notes)
    text = _sub(_PRESENTATION, compose or _compose, text, Kind.FORMS, notes)
    text = _composed(text, notes)
    text = _sub(_IDLE_VARIATION, "", text, Kind.INVISIBLE, notes)
    text = _sub(_ZWNJ_RUN, _useful_zwnj, _sub(_LOOSE_ZWJ, "", text, Kind.JOINER, notes), Kind.JOINER, notes)
    if TATWEEL in text:
        text = _sub(_TATWEEL_RUN, _without_tatweel, text, Kind.TATWEEL, notes)
    text = _sub(_STACK, _first_marks, unicodedata.normalize("NFC", text), Kind.MARKS, notes)
    if MENDED.search(text) and not is_foreign:
        text = unicodedata.normalize("NFC", arabise(text, lambda match, new: _noted(match, new, Kind.PERSIAN, notes)))
    return text


def _sub(
    pattern: re.Pattern[str],
    new: str | Callable[[re.Match[str]], str],
    text: str,
    kind: Kind,
    notes: Notes | None,
) -> str:
    if notes is None:
        return pattern.sub(new, text)
    return pattern.sub(lambda match: _noted(match, new if isinstance(new, str) else new(match), kind, notes), text)


def _noted(match: re.Match[str], new: str, kind: Kind, notes: Notes | None) -> str:
    if notes is not None and new != match[0]:
        notes.add(kind, match)
    return new


def _composed(text: str, notes: Notes | None) -> str:
    """NFC. A new order of the same marks cannot be seen and is not told: every keyboard types shadda before fatha."""
    if _is_nfc(text):
        return text
    if notes is not None:
        for match in _NOT_SPACES.finditer(text):
            new = unicodedata.normalize("NFC", match[0])
            if new != match[0] and sorted(new) != sorted(match[0]):
                notes.add(Kind.COMPOSED, match)
    return unicodedata.normalize("NFC", text)


def _compose(match: re.Match[str]) -> str:
    # Only the run: NFKC of a whole body would rewrite … ½ ² and ﷺ as well.
    return unicodedata.normalize("NFKC", match[0]).replace(" ", "")


def _compose_one_by_one(match: re.Match[str]) -> str:
    letters = ((char, _compose_char(char)) for char in match[0])
    return "".join(new if len(new) <= 1 else char for char, new in letters)


def _compose_char(char: str) -> str:
    return unicodedata.normalize("NFKC", char).replace(" ", "")


def _without_tatweel(match: re.Match[str]) -> str:
    """Where a tatweel is the seat of a hamza it stays: «شَيْـًٔا» would become «شَئًْا»."""
    return match[0] if _SEATED.search(match[0]) else match[0].replace(TATWEEL, "")


def _first_marks(match: re.Match[str]) -> str:
    return match[0][:MOST_MARKS]


def _useful_zwnj(match: re.Match[str]) -> str:
    """One, between two Arabic letters of which the first would join the second; marks may stand between."""
    text, at = match.string, match.start() - 1
    while at >= 0 and _is_mark(text[at]):
        at -= 1
    before, after = text[at : at + 1] if at >= 0 else "", text[match.end() : match.end() + 1]
    is_useful = _is_arabic(before) and before not in NON_JOINING and _is_arabic(after)
    return ZWNJ if is_useful else ""


_MARK, _ARABIC_LETTER = re.compile(f"[{MARKS}]"), re.compile(f"[{ARABIC}]")


def _is_mark(char: str) -> bool:
    return bool(_MARK.match(char))


def _is_arabic(char: str) -> bool:
    return bool(_ARABIC_LETTER.match(char))


def _no_break(match: re.Match[str]) -> str:
    """As it was typed between a number and its unit, else a plain space."""
    text = match.string
    is_after_number = text[match.start() - 1 : match.start()].isdigit()
    return match[0] if is_after_number and _UNIT.match(text, match.end()) else " "
