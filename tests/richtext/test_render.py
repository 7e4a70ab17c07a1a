import time
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override

from richtext.figures import picture_addresses
from richtext.render import blocks, render_body, to_text, word_count
from richtext.sanitise import sanitise
from richtext.schema import TAGS
from tests.richtext.reading import Reader
from tests.security.payloads import PAYLOADS

BODY = "<p>أولى</p>\n<h2>عنوان</h2>\n<p>ثانية</p>"


def test_blocks_come_in_order_and_safe() -> None:
    found = blocks(BODY)
    assert found == ["<p>أولى</p>", "<h2>عنوان</h2>", "<p>ثانية</p>"]
    assert all(isinstance(block, SafeString) for block in found)


def test_insertions_stand_after_so_many_blocks() -> None:
    box, last = mark_safe("<aside>اقرأ أيضًا</aside>"), mark_safe("<aside>بعيد</aside>")
    assert render_body(BODY, {0: [box], 2: [box, box], 99: [last]}) == [
        box, "<p>أولى</p>", "<h2>عنوان</h2>", box, box, "<p>ثانية</p>", last,
    ]  # fmt: skip


def test_insertions_that_are_not_safe_are_escaped() -> None:
    assert render_body("", {0: ["<b>"]}) == ["&lt;b&gt;"]


def test_pictures_load_late() -> None:
    (figure,) = blocks('<figure class="image"><img src="/media/a.jpg"></figure>')
    assert Reader(figure).tags[1] == (
        "img",
        {"src": "/media/a.jpg", "alt": "", "loading": "lazy", "decoding": "async"},
    )


@dataclass(frozen=True)
class Known:
    src: str = "/media/a.jpg"
    avif: str = "/media/a-640.avif 640w"
    jpeg: str = "/media/a-640.jpg 640w"
    sizes: str = "43rem"
    width: int = 1600
    height: int = 900
    credit: str = "مدار اليوم"


FIGURE = '<figure class="image"><img alt="ميناء" height="9" src="/media/a.jpg" width="16">{}</figure>'


def figure(caption: str = "", **fields: object) -> str:
    with override("en"):
        (shown,) = render_body(FIGURE.format(caption), pictures={"/media/a.jpg": Known(**fields)})
    return shown


def test_a_known_picture_is_shown_in_several_files() -> None:
    tags = Reader(figure(credit="")).tags
    assert [tag for tag, _attributes in tags] == ["figure", "picture", "source", "img"]
    assert tags[2][1] == {"type": "image/avif", "srcset": "/media/a-640.avif 640w", "sizes": "43rem"}
    assert tags[3][1] == {
        "src": "/media/a.jpg",
        "alt": "ميناء",
        "width": "1600",
        "height": "900",
        "srcset": "/media/a-640.jpg 640w",
        "sizes": "43rem",
        "loading": "lazy",
        "decoding": "async",
    }


def test_a_picture_without_renditions_keeps_its_file_and_gets_its_size() -> None:
    tags = Reader(figure(avif="", jpeg="", credit="")).tags
    assert [tag for tag, _attributes in tags] == ["figure", "picture", "img"]
    assert "srcset" not in tags[2][1]
    assert tags[2][1]["width"] == "1600"


def test_a_picture_that_nobody_knows_stays_as_it_is_stored() -> None:
    (shown,) = render_body(FIGURE.format(""), pictures={})
    assert Reader(shown).tags[1] == (
        "img",
        {"src": "/media/a.jpg", "alt": "ميناء", "width": "16", "height": "9", "loading": "lazy", "decoding": "async"},
    )


def test_hidden_words_say_what_the_caption_is_and_whose_the_picture_is() -> None:
    assert figure("<figcaption>الرصيف</figcaption>").endswith(
        '<figcaption><span class="hidden-label">Caption of the picture, </span>الرصيف '
        '(<span class="hidden-label">Picture from, </span><bdi>مدار اليوم</bdi>)</figcaption></figure>'
    )


def test_a_picture_without_caption_names_its_owner() -> None:
    assert figure().endswith(
        '<figcaption>(<span class="hidden-label">Picture from, </span><bdi>مدار اليوم</bdi>)</figcaption></figure>'
    )
    assert "figcaption" not in figure(credit="")


def test_an_owner_whom_the_caption_names_is_not_named_twice() -> None:
    assert figure("<figcaption>الرصيف (مَدار اليوم)</figcaption>").count("اليوم") == 1


def test_of_two_pictures_in_a_figure_no_owner_is_named() -> None:
    body = '<figure class="image"><img src="/media/a.jpg"><img src="/media/a.jpg"></figure>'
    assert "bdi" not in "".join(render_body(body, pictures={"/media/a.jpg": Known()}))


def test_the_addresses_of_pictures_are_found_without_a_tree() -> None:
    body = sanitise('<p>a</p><figure><img alt="ب" src="/media/a&amp;b.jpg"></figure><p><img src="/media/c.jpg"></p>')
    assert picture_addresses(body) == ["/media/a&b.jpg", "/media/c.jpg"]
    assert picture_addresses("<p>src=&quot;/media/a.jpg&quot;</p>") == []


def test_links_that_leave_the_site_say_so() -> None:
    with override("en"):
        (outside,) = blocks('<p><a href="https://example.org/">رابط</a></p>')
        (inside,) = blocks('<p><a href="/x">رابط</a></p>')
    assert '<span class="hidden-label"> (external link)</span>' in outside
    assert 'rel="noopener"' in outside
    assert "span" not in inside


def test_tables_scroll_in_a_box_of_their_own() -> None:
    (table,) = blocks("<table><caption>الأسعار</caption><tr><td>١</td></tr></table>")
    assert Reader(table).tags[0] == (
        "section",
        {"class": "table-scroll", "tabindex": "0", "aria-label": "الأسعار"},
    )


def test_a_body_that_no_form_saw_is_harmless() -> None:
    """A row written past the sanitiser: no foreign element, no handler, no address but plain ones."""
    for payload in PAYLOADS:
        for tag, attributes in Reader("".join(blocks(payload))).tags:
            assert tag in TAGS | {"section"}, payload
            assert not [name for name in attributes if name.startswith(("on", "style", "data-", "srcdoc"))]
            href = attributes.get("href", "/")
            assert href.startswith(("http://", "https://", "mailto:", "tel:", "/", "#")), payload
            assert attributes.get("src", "/media/").startswith(("/media/", "/static/")), payload


def test_rendering_takes_bodies_of_any_depth() -> None:
    assert "نص" in "".join(blocks("<blockquote>" * 5_000 + "نص"))


def test_text_keeps_blocks_lines_and_cells_apart() -> None:
    html = sanitise(
        "<h2>عنوان</h2><p>سطر<br>سطر</p><ul><li>بند<ul><li>فرعي</li></ul></li><li>بند</li></ul>"
        "<table><tr><th>أ</th><td>ب</td></tr><tr><td>١</td><td>٢</td></tr></table>"
    )
    assert to_text(html) == "عنوان\n\nسطر\nسطر\n\nبند\nفرعي\nبند\n\nأ\tب\n١\t٢"


def test_text_is_plain() -> None:
    assert to_text("<p>a &lt;b&gt; &amp;&nbsp;c</p>") == "a <b> &\N{NO-BREAK SPACE}c"
    assert to_text("") == ""


def test_a_row_of_spaces_is_read_once() -> None:
    """It took the square of their number: a minute for a body that anybody may send."""
    spaces = " " * 150_000
    began = time.process_time()
    assert to_text(f"<p>a{spaces}b</p>") == f"a{spaces}b"
    assert to_text(f"<ul><li>a{spaces}</li><li>b</li></ul>") == "a\nb"
    assert time.process_time() - began < 5


def test_words_are_counted_with_their_marks() -> None:
    assert word_count("<p>كَتَبَ الوَلَدُ ١٢٫٥ سطرًا، ثم نام.</p>") == 6
    assert word_count("") == 0
