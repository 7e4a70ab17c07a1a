import pytest

from newsroom.lib.text_edits import OBJECT, Edit, masked
from newsroom.lib.text_faults import latin_signs, spaces
from richtext.lines import lines, mend


def mend_signs(html: str) -> str:
    return mend(html, lambda texts: [latin_signs(masked(text)) for text in texts])


def test_a_line_ends_where_a_block_or_a_break_does() -> None:
    found = lines("<p>أ <strong>ب</strong> ج<br>د</p>\n<ul><li>هـ<ul><li>و</li></ul></li></ul>\n<h2>ز</h2>")
    assert [(line.tag, line.text) for line in found] == [
        ("p", "أ ب ج"), ("p", "د"), ("li", "هـ"), ("li", "و"), ("h2", "ز"),
    ]  # fmt: skip


def test_code_other_languages_and_pictures_are_no_prose() -> None:
    (line,) = lines('<p>قال <code>a, b</code> <span lang="fa">کتاب</span> <img src="/media/a.jpg"> نعم</p>')
    assert line.text == f"قال {OBJECT * 4} {OBJECT * 4} {OBJECT} نعم"
    assert line.shown.startswith("قال a, b کتاب")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p><strong>قال</strong>, ثم</p>", "<p><strong>قال</strong>، ثم</p>"),
        ("<p>قال <em>نعم,</em> ثم &lt;b&gt; &amp; مضى</p>", "<p>قال <em>نعم،</em> ثم &lt;b&gt; &amp; مضى</p>"),
        (
            '<p>قال, ثم <a href="https://example.com/?a=b,c;d">هنا, الآن</a></p>',
            '<p>قال، ثم <a href="https://example.com/?a=b,c;d">هنا، الآن</a></p>',
        ),
        ("<p>نعم, <code>قال, ثم</code></p><pre>قال, ثم</pre>", "<p>نعم، <code>قال, ثم</code></p><pre>قال, ثم</pre>"),
        (
            '<blockquote><p>قال, ثم</p></blockquote><figure class="image"><img alt="أ, ب" src="/media/a.jpg">'
            "<figcaption>أحمد, أمس</figcaption></figure>",
            '<blockquote><p>قال، ثم</p></blockquote><figure class="image"><img alt="أ, ب" src="/media/a.jpg">'
            "<figcaption>أحمد، أمس</figcaption></figure>",
        ),
        ('<p>قال, <span lang="en">well, yes</span></p>', '<p>قال، <span lang="en">well, yes</span></p>'),
    ],
)
def test_only_prose_is_mended(before: str, after: str) -> None:
    assert mend_signs(before) == after


def test_a_body_without_faults_is_the_same_to_the_letter() -> None:
    odd = "<p>قال&nbsp;نعم</p>  <p title='x'>ب</p>"
    assert mend_signs(odd) == odd


def test_what_goes_over_several_elements_goes_from_each() -> None:
    html = "<p>كلمة <strong> أخرى</strong></p>"
    assert mend(html, lambda texts: [spaces(text) for text in texts]) == "<p>كلمة <strong>أخرى</strong></p>"


def test_what_comes_in_stands_once() -> None:
    html = "<p>أب<em>جد</em></p>"
    assert mend(html, lambda texts: [[Edit(1, 3, "س")]]) == "<p>أس<em>د</em></p>"
    assert mend(html, lambda texts: [[Edit(4, 4, "!")]]) == "<p>أب<em>جد!</em></p>"
