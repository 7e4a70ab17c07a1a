"""The editor's guide says what the screens say: its words stand on buttons, its links and pictures are there."""

import re
from functools import cache
from pathlib import Path

import django
import pytest
from babel.messages.pofile import read_po

from tests.house.files import REPOSITORY

GUIDE = REPOSITORY / "docs" / "guide"
LARGEST = 120_000  # bytes of a picture
QUOTED = re.compile(r"«((?:[^«»]|«[^«»]*»)+)»")
LINKED = re.compile(r"\]\(([^)#]+)\)")
# A part of a sentence is quoted too, but no shorter one: it would be found in anything.
SHORTEST_PART = 6
# Examples, signs, joined words, a word cut out of a sentence, and a word of the editor's own.
NOT_OURS = {
    "احياء",
    "الأحياء",
    "تنسيق",
    "صياغة",
    "منشور + تعديلات",
    "ذكرت المادة أن عدد الأعضاء ١٩، والصواب ٢٥.",
    "−",
    "+",
}


def chapters() -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in GUIDE.glob("*.md")}


@cache
def sentences() -> tuple[str, ...]:
    """Every Arabic sentence of the desk, ours and those of Django's own pages."""
    theirs = Path(django.__file__).parent.glob("**/locale/ar/LC_MESSAGES/django.po")
    found = set()
    for path in (REPOSITORY / "newsroom/locale/ar/LC_MESSAGES/django.po", *theirs):
        with path.open("rb") as file:
            for message in read_po(file, locale="ar"):
                forms = (message.string,) if isinstance(message.string, str) else message.string
                found |= {" ".join(form.split()) for form in forms}
    return tuple(found - {""})


@cache
def with_holes() -> tuple[re.Pattern[str], ...]:
    """Sentences with a name or a number in them, for the guide fills in an example."""
    hole = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")
    parted = [hole.split(sentence) for sentence in sentences()]
    said = [parts for parts in parted if len(parts) > 1 and re.search(r"\w{3}", "".join(parts))]
    return tuple(re.compile("(.+)".join(map(re.escape, parts))) for parts in said)


def is_said(words: str) -> bool:
    if any(words in (sentence, sentence.rstrip(".:")) for sentence in sentences()):
        return True
    if len(words) >= SHORTEST_PART and any(words in sentence for sentence in sentences()):
        return True
    matches = filter(None, (pattern.fullmatch(words) for pattern in with_holes()))
    # «حسب الحالة»: of a sentence that is nearly all hole, what stands in the hole must be said somewhere as well.
    return any(
        len(words) - len("".join(match.groups())) >= SHORTEST_PART or set(match.groups()) <= set(sentences()) - {words}
        for match in matches
    )


def quoted(text: str) -> set[str]:
    return {" ".join(words.replace("**", "").split()) for words in QUOTED.findall(text)}


@pytest.mark.parametrize("name", sorted(chapters()))
def test_guide_quotes_the_words_of_the_screens(name: str) -> None:
    words = quoted(chapters()[name])
    assert words
    assert [one for one in sorted(words - NOT_OURS) if not is_said(one)] == []


@pytest.mark.parametrize("name", sorted(chapters()))
def test_links_of_the_guide_lead_somewhere(name: str) -> None:
    assert [link for link in LINKED.findall(chapters()[name]) if not (GUIDE / link).is_file()] == []


def test_pictures_of_the_guide_are_small_and_shown() -> None:
    pictures = {f"images/{path.name}": path.stat().st_size for path in (GUIDE / "images").glob("*.png")}
    shown = {link for text in chapters().values() for link in LINKED.findall(text) if link.startswith("images/")}
    assert set(pictures) == shown
    assert {name: size for name, size in pictures.items() if size > LARGEST} == {}
