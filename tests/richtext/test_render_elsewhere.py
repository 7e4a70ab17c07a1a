"""A body away from its page: in feeds with whole addresses, in the light view without pictures."""

from dataclasses import dataclass
from typing import Any

from richtext.render import render_elsewhere, render_with_links_to_pictures

PAGE = "https://news.example/news/1/slug/"


def elsewhere(html: str, **known: Any) -> str:
    return render_elsewhere(html, PAGE, **known)


def linked(html: str, **known: Any) -> str:
    return "".join(render_with_links_to_pictures(html, lambda alt: f"صورة: {alt}" if alt else "صورة", **known))


def test_every_address_is_absolute() -> None:
    assert elsewhere('<p><a href="/tags/x/">أ</a></p>') == '<p><a href="https://news.example/tags/x/">أ</a></p>'
    assert elsewhere('<p><a href="#part">أ</a></p>') == f'<p><a href="{PAGE}#part">أ</a></p>'
    assert 'src="https://news.example/media/images/a.jpg"' in elsewhere('<p><img src="/media/images/a.jpg" alt=""></p>')


def test_addresses_that_are_whole_stay() -> None:
    for address in ("https://other.example/x?a=1&amp;b=2", "mailto:desk@example.org", "tel:+963"):
        assert f'href="{address}"' in elsewhere(f'<p><a href="{address}">أ</a></p>')


def test_nothing_is_added_that_needs_our_styles_and_scripts() -> None:
    html = '<p>2023-2024 <a href="https://other.example/">أ</a> <img src="/media/images/a.jpg" alt="ب"></p>'
    html += "<table><tr><td>١</td></tr></table>"
    told = elsewhere(html)
    assert [part for part in ("loading", "decoding", "class=", "<bdi", "tabindex", "<div") if part in told] == []


def test_unsafe_parts_are_left_out() -> None:
    assert elsewhere('<p onclick="x()">نص<script>alert(1)</script></p>') == "<p>نص</p>"
    assert linked('<p onclick="x()">نص<script>alert(1)</script></p>') == "<p>نص</p>"


def test_picture_becomes_a_link_with_its_words() -> None:
    picture = '<img src="/media/images/a.jpg" alt="سوق &quot;قديم&quot;">'
    told = linked(f'<figure class="image">{picture}<figcaption>شرح</figcaption></figure>')
    assert '<a href="/media/images/a.jpg">صورة: سوق "قديم"</a>' in told
    assert "شرح</figcaption>" in told
    assert "<img" not in told


def test_picture_without_words_is_a_link_all_the_same() -> None:
    assert linked('<p><img src="/media/images/a.jpg" alt=""></p>') == '<p><a href="/media/images/a.jpg">صورة</a></p>'


def test_picture_in_a_link_leaves_its_words_there() -> None:
    html = '<p><a href="/tags/x/"><strong><img src="/media/images/a.jpg" alt="شعار"></strong></a></p>'
    assert linked(html) == '<p><a href="/tags/x/"><strong>شعار</strong></a></p>'


@dataclass
class Known:
    credit: str
    small: str = "/media/images/a-640.jpg"
    src: str = "/media/images/a.jpg"


FIGURE = '<figure class="image"><img src="/media/images/a.jpg" alt="سوق">{}</figure>'
KNOWN = {"/media/images/a.jpg": Known("هاني عيد")}


def test_owner_of_a_picture_is_named_once() -> None:
    assert "<figcaption>(<bdi>هاني عيد</bdi>)</figcaption>" in elsewhere(FIGURE.format(""), pictures=KNOWN)
    told = elsewhere(FIGURE.format("<figcaption>السوق القديم</figcaption>"), pictures=KNOWN)
    assert "<figcaption>السوق القديم (<bdi>هاني عيد</bdi>)</figcaption>" in told
    told = elsewhere(FIGURE.format("<figcaption>السوق. تصوير: هاني عيد</figcaption>"), pictures=KNOWN)
    assert told.count("هاني عيد") == 1


def test_picture_without_owner_gets_no_brackets() -> None:
    assert "()" not in elsewhere(FIGURE.format(""), pictures={"/media/images/a.jpg": Known("")})


def test_picture_that_is_not_to_be_passed_on_goes_with_its_figure() -> None:
    figure = FIGURE.format("<figcaption>شرح</figcaption>")
    html = f'<p>قبل</p>{figure}<p>بعد <img src="/media/images/b.jpg" alt="ب"></p>'
    assert elsewhere(html, left_out={"/media/images/a.jpg", "/media/images/b.jpg"}) == "<p>قبل</p><p>بعد </p>"


def test_link_leads_to_the_small_file_and_names_the_owner() -> None:
    told = linked(FIGURE.format(""), pictures=KNOWN)
    assert '<a href="/media/images/a-640.jpg">صورة: سوق</a>' in told
    assert "هاني عيد" in told
