"""Signs of a foreign keyboard in Arabic lines: Latin commas, straight quotation marks, spaces, tatweel, idle marks.

Each finder takes a masked line (newsroom.lib.text_edits) and returns what to write instead. It is silent where it is
not sure: what a writer meant is worth more than a sign that was missed. What is cleaned whenever a text is kept
(newsroom.lib.hygiene) is not looked for again.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise

from newsroom.lib.arabic import MARKS, TATWEEL
from newsroom.lib.persian import left_over
from newsroom.lib.text_edits import ARABIC_LETTER, LATIN_LETTER, OBJECT, Edit, is_arabic

_AR = f"{ARABIC_LETTER}{MARKS}"
_LATIN_SIGNS = {",": "،", ";": "؛", "?": "؟"}
_LATIN_SIGN = re.compile("[,;?]")
_IS_ARABIC, _IS_LATIN = re.compile(f"[{_AR}]"), re.compile(f"[{LATIN_LETTER}{OBJECT}]")
_STRONG = re.compile(f"[{ARABIC_LETTER}{LATIN_LETTER}{OBJECT}]")
_CLOSING = ")]»”\"'’%٪"
_DIGIT = re.compile("[0-9٠-٩۰-۹]")

# Spaces, each kind by itself: a run is found once.
_DOUBLE = re.compile(r"(?<=\S) {2,}(?=\S)")
_BEFORE = re.compile(rf"(?<=[{_AR}0-9٠-٩)\]»”%٪{OBJECT}]) +(?=[،؛؟])|(?<=[{_AR})»”]) +(?=[.:!](?:\s|$))")
_AFTER = re.compile(rf"(?<=[،؛؟])(?=[{ARABIC_LETTER}«(\[“])|(?<=[{_AR}][،؛])(?=[0-9٠-٩])")

_DASH = re.compile(rf"(?:^|(?<= ))(?:_{{1,2}}|{TATWEEL}{{1,2}})(?= )")
_RULE = re.compile(rf" *+(?=[_{TATWEEL}*=\-–—]*?[_{TATWEEL}]{{3}})[_{TATWEEL}*=\-–—]++ *+")

_TATWEEL = re.compile(f"{TATWEEL}+")
_NO_SPACE = re.compile("[^ ]")
# Of what stands before, these letters decide: the longest word that bears one, and what is no letter before it.
_BEFORE_TATWEEL = 6
_BEARS_TATWEEL = re.compile(rf"(?:^|[^{_AR}])[وف]?(?:ال|[بكل]|لل|بال|كال)$")
# Shown side by side only: they part no letters and hold no number together.
_IDLE_MARK = re.compile(rf"(?:(?<=[{_AR} ])|^)[\u200e\u200f\u061c]+(?=[{_AR} ]|$)")


def latin_signs(line: str) -> list[Edit]:
    """Comma, semicolon and question mark of the Latin keyboard."""
    if not _LATIN_SIGN.search(line) or not is_arabic(line):
        return []
    # Read from sign to sign, once in each direction: a row of signs looks back over no other.
    parts = _LATIN_SIGN.split(line)
    around = zip(pairwise(parts), _last_letters(parts[:-1]), _next_letters(parts[1:]), strict=True)
    return [
        Edit(match.start(), match.end(), _LATIN_SIGNS[match[0]])
        for match, ((left, right), last, following) in zip(_LATIN_SIGN.finditer(line), around, strict=True)
        if _belongs_to_arabic(match[0], left, right, last, following)
    ]


def _belongs_to_arabic(sign: str, left: str, right: str, last: str, following: str) -> bool:
    """Not inside a number or a Latin phrase, and no smiling face.

    `left` and `right` reach from sign to sign; the last letter before this one and the next behind it may be beyond.
    """
    before, after = left.rstrip(), right.lstrip()
    if sign == ";" and right[:1] in {")", "-", "(", "D", "P"}:
        return False
    if sign != "?" and _DIGIT.match(before[-1:]) and _DIGIT.match(after[:1]):
        return False
    if _IS_ARABIC.match(last):
        is_beside = bool(_IS_ARABIC.match(before.rstrip(_CLOSING)[-1:]))
        return is_beside or not _IS_LATIN.match(following)
    # Behind a Latin name, and the Arabic sentence goes on.
    return bool(last) and sign == "," and right[:1] == " " and bool(_IS_ARABIC.match(after[:1]))


def _last_letters(texts: Iterable[str]) -> list[str]:
    """The last letter of each text, or of one before it; "" before the first letter."""
    own = (next(filter(_STRONG.match, reversed(text)), "") for text in texts)
    return [*accumulate(own, _or_known)]


def _next_letters(texts: Sequence[str]) -> list[str]:
    """The first letter of each text, or of one behind it."""
    own = (found[0] if (found := _STRONG.search(text)) else "" for text in reversed(texts))
    return [*accumulate(own, _or_known)][::-1]


def _or_known(known: str, letter: str) -> str:
    return letter or known


def spaces(line: str) -> list[Edit]:
    """Two where one is enough, one before «،», none after it."""
    edits = [Edit(match.start(), match.end(), " ") for match in _DOUBLE.finditer(line)]
    if is_arabic(line):
        edits += [Edit(match.start(), match.end(), "") for match in _BEFORE.finditer(line)]
        edits += [Edit(match.start(), match.start(), " ") for match in _AFTER.finditer(line)]
    return _one_a_place(edits)


def _one_a_place(edits: list[Edit]) -> list[Edit]:
    """In order; of two that overlap the one that takes more away."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda one: (one.start, len(one.new), -one.end)):
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept


def separators(line: str) -> list[Edit]:
    """«_» in the place of a dash, and a line of nothing but such signs."""
    if "_" not in line and TATWEEL not in line:
        return []
    if _RULE.fullmatch(line):
        return [Edit(0, len(line), "")]
    if not is_arabic(line):
        return []
    return [Edit(match.start(), match.end(), "–") for match in _DASH.finditer(line)]


def tatweels(line: str) -> list[Edit]:
    """Tatweel that stretches a word. «لـ«الحياة»», «الـ21», «1447 هـ» and the seat of a hamza need theirs."""
    found = _TATWEEL.finditer(line) if TATWEEL in line else ()
    return [Edit(match.start(), match.end(), "") for match in found if not _is_needed(line, match)]


def _is_needed(line: str, match: re.Match[str]) -> bool:
    before = line[max(0, match.start() - _BEFORE_TATWEEL) : match.start()]
    after = line[match.end() : match.end() + 1]
    if after in {"\u0654", "\u0655"} or (before.endswith(" ") or not before) and after == " ":
        return True  # a dash: `separators`
    if before.endswith("ه") and not _IS_ARABIC.match(before[-2:-1]):
        return len(match[0]) == 1
    behind = _NO_SPACE.search(line, match.end())
    following = behind[0] if behind else ""
    is_apart = after == " " and bool(_IS_ARABIC.match(following))
    is_joined = bool(following) and following not in "،؛؟.,:!)]»”" and not is_apart
    return len(match[0]) == 1 and is_joined and bool(_BEARS_TATWEEL.search(before))


def idle_marks(line: str) -> list[Edit]:
    """Marks of direction between Arabic letters and spaces, where they do nothing but part a word from the search."""
    return [Edit(match.start(), match.end(), "") for match in _IDLE_MARK.finditer(line)]


def persian_letters(line: str) -> list[Edit]:
    """Persian yeh and keheh in a few words of an Arabic line that cleaning took for Persian."""
    return [Edit(start, end, new) for start, end, new in left_over(line)] if is_arabic(line) else []
