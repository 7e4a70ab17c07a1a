"""Whatever a file holds, the importer says what became of it, and no letter is lost on the way."""

import unicodedata
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.import_html import body_html
from articles.importing import import_text
from articles.recognising import BlockType, recognise
from newsroom.lib.decoding import Decoded, Undecodable, decode, decode_list
from newsroom.lib.hygiene import clean_text
from richtext.sanitise import sanitise
from tests.fuzz.pieces import lines, storable, texts

REASONS = {"empty", "binary", "too_large", "unreadable"}
SAID = {"headline", "subtitle", "paragraph", "quote", "dropped"}
ENCODINGS = st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1256", "iso8859-6", "latin-1"))
files = st.binary(max_size=400) | st.builds(lambda text, name: text.encode(name, "ignore"), texts | lines, ENCODINGS)


def letters(text: str) -> str:
    """In order and however they are set: what nobody may lose."""
    return "".join(char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char)[0] in "LN")


@given(texts | lines)
def test_every_line_has_one_fate_and_no_word_of_the_story_is_lost(text: str) -> None:
    story = recognise(text)
    wanted = [line for line in clean_text(text).split("\n") if line.strip()]
    assert Counter(fate.text for fate in story.fates) == Counter(wanted)
    kept = [story.headline or "", story.subtitle or "", *(part.text for part in (*story.blocks, *story.dropped))]
    said = letters("".join(kept))
    told = [fate.text for fate in story.fates if fate.place in SAID]
    assert [line for line in told if letters(line) not in said] == []


@given(texts | lines)
def test_what_is_recognised_twice_is_recognised_alike(text: str) -> None:
    assert recognise(text) == recognise(text)


@given(texts | lines)
def test_body_of_a_story_is_what_the_sanitiser_leaves(text: str) -> None:
    story = recognise(text)
    body = body_html(story.blocks)
    assert sanitise(body) == body
    prose = [block.text for block in story.blocks if block.type == BlockType.PARAGRAPH]
    assert all(letter in letters(body) or letter in "<>" for block in prose for letter in set(letters(block)))


@pytest.mark.django_db
@given(files, texts)
def test_no_file_breaks_the_importer(raw: bytes, name: str) -> None:
    result = import_text(raw, file_name=name, dry_run=True)
    report = result.report()
    assert report["status"] in {"ok", "ok_with_warnings", "empty", "rejected", "duplicate"}
    assert storable(str(report)) == str(report)
    assert result.article_id is None


@given(files)
def test_bytes_are_text_or_refused_with_a_reason(raw: bytes) -> None:
    for read in (decode, lambda raw: decode_list(raw, most_bytes=1_000)):
        text = decoded(raw, read)
        assert text in REASONS or storable(text) == text


@given(texts | lines)
def test_arabic_in_utf_8_comes_back_as_it_went_in(text: str) -> None:
    text = "خبر " + storable(text).replace("\x00", "").replace("\ufeff", "")
    assert decoded(text.encode(), decode) in {text, "binary"}


def decoded(raw: bytes, read: Callable[[bytes], Decoded]) -> str:
    """The text, or why it is none."""
    try:
        return read(raw).text
    except Undecodable as error:
        return error.reason
