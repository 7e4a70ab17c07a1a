import pytest

from richtext.sanitise import sanitise
from richtext.short_texts import from_plain, without_headings


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        (" \r\n ", ""),
        ("سطر أول\r\nسطر ثانٍ\r\n \r\nفقرة", "<p>سطر أول<br>سطر ثانٍ</p>\n<p>فقرة</p>"),
        ("<b>5 < 6 & 7</b>", "<p>&lt;b&gt;5 &lt; 6 &amp; 7&lt;/b&gt;</p>"),
        (
            "شاهد https://example.org/?b&c، ثم عد.",
            '<p>شاهد <a href="https://example.org/?b&amp;c">https://example.org/?b&amp;c</a>، ثم عد.</p>',
        ),
        ("javascript:alert(1)", "<p>javascript:alert(1)</p>"),
    ],
)
def test_typed_text_becomes_paragraphs_and_links(text: str, html: str) -> None:
    assert sanitise(from_plain(text)) == from_plain(text) == sanitise(html)
    assert from_plain(text).replace(' rel="noopener"', "") == html.replace(' rel="noopener"', "")


def test_headings_become_bold_paragraphs_and_keep_their_words() -> None:
    body = sanitise("<h2>عنوان <a href='/a'>رابط</a></h2><blockquote><h3>آخر</h3></blockquote><p>نص</p>")
    lowered = without_headings(body)
    assert lowered == (
        '<p><strong>عنوان <a href="/a">رابط</a></strong></p>\n'
        "<blockquote><p><strong>آخر</strong></p></blockquote>\n<p>نص</p>"
    )
