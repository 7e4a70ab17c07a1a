"""Numbers of one text in digits of two scripts: 15 and ٢٠ side by side."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal

from newsroom.lib.text_edits import LATIN_LETTER, OBJECT, Edit

Script = Literal["latn", "arab"]

_ARAB, _PERSIAN = "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"
_LATN = "0123456789"
_TO_LATN = str.maketrans(_ARAB + _PERSIAN, _LATN * 2)
_TO_ARAB = str.maketrans(_LATN + _PERSIAN, _ARAB * 2)
_NUMBER = re.compile(r"\+?[0-9٠-٩۰-۹]++(?:[.,:/٫٬–-][0-9٠-٩۰-۹]++)*+")
_LATN_DIGIT, _ARAB_DIGIT = re.compile("[0-9]"), re.compile("[٠-٩۰-۹]")
_GLUED = re.compile(f"[{LATIN_LETTER}{OBJECT}_@#$€£/-]")
_LATIN_BEFORE = re.compile(f"[{LATIN_LETTER}{OBJECT}][).]? ?$")
_LATIN_AFTER = re.compile(f"[ -]?[({LATIN_LETTER}{OBJECT}]")
_THOUSANDS = re.compile(r"(?<=\d)[,٬](?=\d{3}(?!\d))")
_FRACTION = re.compile(r"[0-9٠-٩]+[.٫][0-9٠-٩]+")


def mixed_digits(lines: Sequence[str], preferred: Script) -> list[list[Edit]]:
    """For each line what to write so that all have the digits of most; of as many those of `preferred`.

    Numbers beside Latin words (iPhone 17, 5 km) and those of telephones stand as they are and do not count.
    """
    found = [_numbers(line) for line in lines]
    count = Counter(script for numbers in found for _match, scripts in numbers for script in scripts)
    if len(count) < 2:
        return [[] for _line in lines]
    most: Script = preferred if count["latn"] == count["arab"] else "latn" if count["latn"] > count["arab"] else "arab"
    return [
        [Edit(match.start(), match.end(), _in(most, match[0])) for match, scripts in numbers if scripts != {most}]
        for numbers in found
    ]


def _numbers(line: str) -> list[tuple[re.Match[str], set[Script]]]:
    return [(match, _scripts(match[0])) for match in _NUMBER.finditer(line) if _is_prose(line, match)]


def _scripts(number: str) -> set[Script]:
    scripts: set[Script] = set()
    if _LATN_DIGIT.search(number):
        scripts.add("latn")
    if _ARAB_DIGIT.search(number):
        scripts.add("arab")
    return scripts


def _is_prose(line: str, match: re.Match[str]) -> bool:
    number = match[0]
    is_phone = number[0] in "+0٠" and sum(map(str.isdigit, number)) >= 7 or number.count("-") > 1
    before, after = line[: match.start()][-3:], line[match.end() :][:2]
    is_glued = bool(_GLUED.match(before[-1:])) or bool(_GLUED.match(after[:1]))
    return not (is_phone or is_glued or _LATIN_BEFORE.search(before) or _LATIN_AFTER.match(after))


def _in(script: Script, number: str) -> str:
    """With the signs for thousands and fractions of these digits: 1,500.5 is ١٬٥٠٠٫٥."""
    if script == "latn":
        return number.replace("٬", ",").replace("٫", ".").translate(_TO_LATN)
    number = _THOUSANDS.sub("٬", number)
    number = number.replace(".", "٫") if _FRACTION.fullmatch(number.replace("٬", "")) else number
    return number.translate(_TO_ARAB)
