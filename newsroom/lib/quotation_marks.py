"""Quotation marks of an Arabic text: straight and Latin ones that should be «», and «» without a partner."""

import re
from collections.abc import Sequence

from newsroom.lib.text_edits import ARABIC_LETTER, LATIN_LETTER, Edit, is_arabic

_MARK = re.compile('["“”„‟]')
_ARABIC, _LATIN = re.compile(f"[{ARABIC_LETTER}]"), re.compile(f"[{LATIN_LETTER}]")
_OPENS_AFTER = re.compile(r"(?:^|[\s(\[{«/:؛،–—-])(?:[وفبكل]|[وف][بكل])?$")
_CLOSES_BEFORE = re.compile(r"(?:$|[\s)\]}».,:;!?،؛؟…/–—-])")
_GUILLEMET = re.compile("[«»]")
_LONGEST_CLITIC = 3


def foreign_quotes(line: str) -> list[Edit]:
    """The pairs round Arabic words, as «». Empty in a line where one has no partner: nobody guesses which."""
    if not _MARK.search(line) or not is_arabic(line):
        return []
    pairs, alone = _paired(line)
    found = [] if alone else [pair for pair in pairs if _is_for_guillemets(line, *pair)]
    return [edit for start, end in found for edit in (Edit(start, start + 1, "«"), Edit(end, end + 1, "»"))]


def unpaired_quotes(line: str) -> list[int]:
    """Places of straight or Latin marks that nothing closes or opens; of an Arabic line."""
    if not _MARK.search(line) or not is_arabic(line):
        return []
    return _paired(line)[1]


def unpaired_guillemets(lines: Sequence[str]) -> list[tuple[int, int]]:
    """(line, place) of each « and » without a partner in the text.

    A quotation may go over several paragraphs, and each may begin with « again. A » that stands alone between spaces
    is a sign of a list.
    """
    waiting: list[tuple[int, int]] = []
    alone: list[tuple[int, int]] = []
    for number, line in enumerate(lines):
        for match in _GUILLEMET.finditer(line):
            at = match.start()
            if match[0] == "«":
                goes_on = bool(waiting) and not line[:at].strip()
                waiting += [] if goes_on else [(number, at)]
            elif waiting:
                waiting.pop()
            elif not _is_sign_of_list(line, at):
                alone.append((number, at))
    return sorted(alone + waiting)


def _paired(line: str) -> tuple[list[tuple[int, int]], list[int]]:
    """Pairs and what is left. Which side a mark is, its neighbours say; 55" is a measure."""
    pairs: list[tuple[int, int]] = []
    alone: list[int] = []
    opened: list[int] = []
    for match in _MARK.finditer(line):
        at = match.start()
        may_open = bool(_OPENS_AFTER.search(line[max(0, at - _LONGEST_CLITIC) : at]))
        may_close = bool(_CLOSES_BEFORE.match(line, at + 1))
        if opened and (may_close or not may_open):
            start = opened.pop()
            pairs += [] if opened else [(start, at)]  # of a quotation in a quotation the outer one
        elif may_open and at + 1 < len(line):
            opened.append(at)
        elif not line[at - 1 : at].isdigit():
            alone.append(at)
    return pairs, alone + opened


def _is_for_guillemets(line: str, start: int, end: int) -> bool:
    """Round Arabic words, and neither inside «» nor round them: there the second kind is right."""
    content = line[start + 1 : end]
    arabic = len(_ARABIC.findall(content))
    before = line[:start]
    is_inside = before.count("«") > before.count("»")
    return bool(arabic) and arabic >= len(_LATIN.findall(content)) and not is_inside and "«" not in content


def _is_sign_of_list(line: str, at: int) -> bool:
    before, after = line[at - 1 : at] if at else "", line[at + 1 : at + 2]
    return (not before or before.isspace()) and (not after or after.isspace())
