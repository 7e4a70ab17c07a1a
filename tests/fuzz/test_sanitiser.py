"""Whatever is pasted, what is stored is what richtext.schema names, stays as it is, and holds the words."""

from urllib.parse import urlsplit

from hypothesis import given
from hypothesis import strategies as st

from richtext.addresses import clean_link, clean_source
from richtext.bounds import BodyTooLarge
from richtext.comparing import compare_bodies
from richtext.embeds import recognise
from richtext.lines import lines
from richtext.merging import joined, split
from richtext.render import render_body, to_text
from richtext.sanitise import sanitise
from richtext.schema import LINK_SCHEMES, SOURCE_PREFIXES, TAGS, attributes_of
from richtext.summary import summary
from richtext.tree import parse, serialise
from tests.fuzz.pieces import anything, markup, storable
from tests.richtext.reading import Reader

WORD = "كلمة-تبقى"
OF_ADDRESSES = ("java", "script:", "//", "\\", "http", ":", "/", "\t", "&#x0a;", "a.example", "@", "[", "]", "%00")
addresses = anything | st.lists(st.sampled_from(OF_ADDRESSES) | anything, max_size=12).map("".join)


@given(markup)
def test_cleaned_again_it_is_the_same(html: str) -> None:
    try:
        once = sanitise(html)
    except BodyTooLarge:
        return
    assert sanitise(once) == once
    assert serialise(parse(once)) == once


@given(markup)
def test_nothing_outside_the_schema_is_left(html: str) -> None:
    try:
        body = Reader(sanitise(html))
    except BodyTooLarge:
        return
    assert (body.others, body.unbalanced) == ([], [])
    for tag, attributes in body.tags:
        assert tag in TAGS
        assert attributes.keys() <= {*attributes_of(tag), "rel"}
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        assert urlsplit(attributes.get("href", "")).scheme in {"", *LINK_SCHEMES}
        assert attributes.get("src", SOURCE_PREFIXES[0]).startswith(SOURCE_PREFIXES)


@given(markup)
def test_words_of_a_paragraph_stay_whatever_follows(after: str) -> None:
    try:
        body = sanitise(f"<p>{WORD}</p>{after}")
    except BodyTooLarge:
        return
    assert WORD in Reader(body).text


@given(anything)
def test_text_that_is_no_markup_stays_whole(text: str) -> None:
    plain = "".join(char for char in storable(text) if char.isalnum() and char.isascii())
    assert Reader(sanitise(f"<p>{plain}</p>")).text == plain


@given(markup)
def test_what_is_stored_can_be_shown_summed_up_and_compared(html: str) -> None:
    try:
        body = sanitise(html)
    except BodyTooLarge:
        return
    shown = "".join(map(str, render_body(body)))
    assert "<script" not in shown.lower()
    assert "<" not in summary(body) + to_text(body) or "&lt;" in body
    assert [line for line in lines(body) if not line.text] == []
    assert joined(split(body)) == body
    assert {row.kind for row in compare_bodies(body, body)} <= {"same"}


@given(addresses)
def test_address_is_plain_or_none(address: str) -> None:
    link, source = clean_link(address), clean_source(address)
    assert link is None or link.startswith(("http://", "https://", "mailto:", "tel:", "/", "#"))
    assert link is None or not link.startswith(("//", "/\\"))
    assert link is None or clean_link(link) == link
    assert source is None or source.startswith(SOURCE_PREFIXES)
    found = recognise(address)
    assert found is None or found.player_host
