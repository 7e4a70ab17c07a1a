import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import nh3
import pytest

from richtext.bounds import MAX_AMPERSANDS
from richtext.sanitise import MAX_BYTES, BodyTooLarge, sanitise
from richtext.schema import ATTRIBUTES, CLASSES, EXTERNAL_REL, SOURCE_PREFIXES, TAGS, attributes_of
from tests.richtext.reading import Reader
from tests.security.payloads import CLASSES as CLASSES_OF_PAYLOADS
from tests.security.payloads import PAYLOADS

CONTROLS = set(range(32)) - {9, 10}
UNSEEN = CONTROLS | set(range(0x202A, 0x202F)) | set(range(0x2066, 0x206A)) | {0x200B, 0xFEFF}


def test_the_corpus_is_large() -> None:
    assert len(set(PAYLOADS)) >= 300


@pytest.fixture(params=CLASSES_OF_PAYLOADS)
def cleaned(request: pytest.FixtureRequest) -> dict[str, str]:
    """Payload to stored body, one class of payloads at a time."""
    return {payload: sanitise(payload) for payload in CLASSES_OF_PAYLOADS[request.param]}


def test_nothing_outside_the_schema_survives(cleaned: dict[str, str]) -> None:
    for payload, html in cleaned.items():
        body = Reader(html)
        assert body.others == [], payload
        assert body.unbalanced == [], payload
        for tag, attributes in body.tags:
            assert tag in TAGS, payload
            assert attributes.keys() <= written_attributes(tag), payload
            assert set(attributes.get("class", "").split()) <= CLASSES.get(tag, frozenset()), payload
            assert attributes.get("rel", EXTERNAL_REL) == EXTERNAL_REL, payload


def test_addresses_are_plain(cleaned: dict[str, str]) -> None:
    for payload, html in cleaned.items():
        for tag, attributes in Reader(html).tags:
            if tag == "a":
                href = attributes["href"]
                assert href.startswith(("http://", "https://", "mailto:", "tel:", "/", "#")), payload
                assert not href.startswith(("//", "/\\")), payload
                assert "\\" not in href, payload
            if tag == "img":
                assert attributes["src"].startswith(SOURCE_PREFIXES), payload
                assert ".." not in attributes["src"], payload


def test_cleaning_twice_changes_nothing(cleaned: dict[str, str]) -> None:
    for payload, html in cleaned.items():
        assert sanitise(html) == html, payload


def test_a_browsers_parser_reads_what_was_checked(cleaned: dict[str, str]) -> None:
    """The result goes through an HTML5 parser unchanged, so that no mutation is left to happen."""
    attributes = {tag: set(written_attributes(tag)) for tag in TAGS}
    for payload, html in cleaned.items():
        parsed = Reader(nh3.clean(html, tags=set(TAGS), attributes=attributes, link_rel=None))
        assert parsed.tags == Reader(html).tags, payload
        assert parsed.text == Reader(html).text, payload


def test_no_control_and_no_direction_trick_is_left(cleaned: dict[str, str]) -> None:
    for payload, html in cleaned.items():
        body = Reader(html)
        seen = body.text + "".join(value for _tag, attributes in body.tags for value in attributes.values())
        assert not {ord(character) for character in seen} & UNSEEN, payload


def test_template_syntax_is_text() -> None:
    assert sanitise("{{ settings.SECRET_KEY }} {% debug %}") == "<p>{{ settings.SECRET_KEY }} {% debug %}</p>"


def written_attributes(tag: str) -> frozenset[str]:
    return attributes_of(tag) | ({"rel"} if tag == "a" else frozenset())


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("نص بلا وسوم", "<p>نص بلا وسوم</p>"),
        ("<p>أولى<p>ثانية", "<p>أولى</p>\n<p>ثانية</p>"),
        ("<div>أولى</div><div>ثانية</div>", "<p>أولى</p>\n<p>ثانية</p>"),
        ("<h1>عنوان</h1><h5>فرعي</h5>", "<h2>عنوان</h2>\n<h4>فرعي</h4>"),
        ("<b>ثقيل</b> <i>مائل</i>", "<p><strong>ثقيل</strong> <em>مائل</em></p>"),
        ("<p>أ</p><p>&nbsp;</p><p><br></p><p>\u200f</p><h2> </h2><p>ب</p>", "<p>أ</p>\n<p>ب</p>"),
        ("<p>كلمة<strong> </strong>كلمة</p>", "<p>كلمة كلمة</p>"),
        ("<p><br>نص<br><br></p>", "<p>نص</p>"),
        ("<p>سطر<br>سطر</p>", "<p>سطر<br>سطر</p>"),
        ('<p class="caption x">شرح</p>', '<p class="caption">شرح</p>'),
        ("<ul><li><p>بند</p></li><ul><li>فرعي</li></ul></ul>", "<ul><li>بند<ul><li>فرعي</li></ul></li></ul>"),
        ("<li>بند</li> <li>بند</li>", "<ul><li>بند</li><li>بند</li></ul>"),
        ("<h2><p>عنوان</p></h2>", "<h2>عنوان</h2>"),
        ("<span>نص</span>", "<p>نص</p>"),
        ('<p dir="RTL" lang="AR-SA">نص <span lang="en" dir="LTR">text</span></p>',
         '<p dir="rtl">نص <span dir="ltr" lang="en">text</span></p>'),
        ("<blockquote>قول</blockquote>", "<blockquote><p>قول</p></blockquote>"),
        ("<pre>\n\n سطر\n  سطر</pre>", "<pre> سطر\n  سطر</pre>"),
        ("<p>١&nbsp;كم</p>", "<p>١&nbsp;كم</p>"),
        ("a < b & c > d", "<p>a &lt; b &amp; c &gt; d</p>"),
    ],
)  # fmt: skip
def test_bodies_get_one_shape(given: str, stored: str) -> None:
    assert sanitise(given) == stored


@pytest.mark.parametrize("empty", ["", " \n", "<p></p>", "<p>&nbsp;</p><p><br></p>", "<script>x</script>", "<hr>"])
def test_a_body_without_words_is_empty(empty: str) -> None:
    assert sanitise(empty) == ""


def test_a_pasted_wrapper_does_not_make_everything_bold() -> None:
    pasted = '<b style="font-weight:normal"><p>أولى</p><ul><li>بند</li></ul></b>'
    assert sanitise(pasted) == "<p>أولى</p>\n<ul><li>بند</li></ul>"


def test_a_link_round_a_heading_moves_inside() -> None:
    assert sanitise('<a href="/news/1/"><h3>عنوان</h3></a>') == '<h3><a href="/news/1/">عنوان</a></h3>'


def test_a_link_without_address_is_text() -> None:
    assert sanitise('<p><a name="x">نص</a></p>') == "<p>نص</p>"


def test_links_that_leave_the_site_are_marked() -> None:
    assert sanitise('<a href="https://example.org/">س</a>') == (
        '<p><a href="https://example.org/" rel="noopener">س</a></p>'
    )
    assert sanitise('<a href="/x" rel="opener" target="_blank">س</a>') == '<p><a href="/x">س</a></p>'


def test_a_figure_keeps_picture_and_caption() -> None:
    figure = '<figure class="image"><img alt="وصف" src="/media/a.jpg"><figcaption>شرح</figcaption></figure>'
    assert sanitise(figure) == figure


def test_a_caption_outlives_its_picture() -> None:
    lost = '<figure><img src="https://evil.example/x.jpg"><figcaption>شرح الصورة</figcaption></figure>'
    assert sanitise(lost) == '<p class="caption">شرح الصورة</p>'


def test_no_word_of_a_figure_is_lost() -> None:
    figure = '<figure><p>قبل</p><img src="/media/a.jpg"><figcaption>شرح</figcaption>بعد</figure>'
    text = Reader(sanitise(figure)).text
    assert all(word in text for word in ("قبل", "شرح", "بعد"))


def test_tables_keep_their_shape() -> None:
    table = (
        '<table><caption>جدول</caption><thead><tr><th scope="col">أ</th></tr></thead>'
        '<tbody><tr><td colspan="2">١</td></tr><tr><td></td></tr></tbody></table>'
    )
    assert sanitise(table) == table


def test_arabic_letters_are_cleaned_in_text_and_left_in_addresses() -> None:
    body = sanitise('<p>جمـــيل <a href="/wiki/جمـــيل">ک</a></p>')
    assert "جميل" in body
    assert 'href="/wiki/جمـــيل"' in body


def test_too_many_bytes_are_refused_at_once() -> None:
    started = time.perf_counter()
    with pytest.raises(BodyTooLarge) as refusal:
        sanitise("<p>" + "ن" * (MAX_BYTES // 2))
    assert time.perf_counter() - started < 0.05
    assert refusal.value.code == "too_long"


@pytest.mark.parametrize(
    "hostile",
    [
        "<div>" * 40_000,
        "<div>" * 65,
        "&" * (MAX_AMPERSANDS + 1),
        "<p>" * 20_000,
        "<b>" * 65,
        "<x-y>" * 65,
    ],
)
def test_hostile_shapes_are_refused_before_parsing(hostile: str) -> None:
    started = time.perf_counter()
    with pytest.raises(BodyTooLarge):
        sanitise(hostile)
    assert time.perf_counter() - started < 0.05


@pytest.mark.parametrize(
    "hostile",
    [
        "<div><!--</div>-->" * 4_900,
        "<b " * 60 + "</b " * 9_000 + "x" * 150_000,
        "".join(f"<p><b title={number}>" for number in range(60)) + "<p>x" * 9_700,
        "".join(f"<p><i class=c{number}><!--</i>-->" for number in range(2_000)) + "<p>x" * 3_000,
        "&" * MAX_AMPERSANDS,
        "<p " + " ".join(f"a{number}=1" for number in range(22_000)) + ">x",
        "<ul>" + "<li>x" * 9_900,
        "<table>" + "<tr><td>x" * 4_900,
        "<a href='/x'><div>" * 30 + "x</div></a>" * 30,
        "<p>" + "x<br>" * 9_900,
    ],
    ids=range(10),
)
def test_the_worst_that_is_let_in_takes_less_than_a_second(hostile: str) -> None:
    started = time.perf_counter()
    with suppress(BodyTooLarge):
        sanitise(hostile)
    assert time.perf_counter() - started < 1


def test_an_article_is_not_refused() -> None:
    words = "كلمة في خبر محلي " * 30
    paragraph = f'<p>{words}<a href="https://example.org/">رابط</a> <strong>مهم</strong></p>'
    body = sanitise("<h2>عنوان</h2>" + paragraph * 60)
    assert body.count("<p>") == 60


def test_a_long_unclosed_list_is_not_nesting() -> None:
    assert sanitise("<ul>" + "<li>بند" * 200).count("<li>") == 200


def test_every_tag_with_attributes_is_in_the_schema() -> None:
    assert ATTRIBUTES.keys() | CLASSES.keys() <= TAGS


def test_the_cleaner_is_shared_by_threads() -> None:
    with ThreadPoolExecutor(8) as threads:
        results = set(threads.map(sanitise, ["<p>نص <b>مهم</b></p>"] * 64))
    assert results == {"<p>نص <strong>مهم</strong></p>"}
