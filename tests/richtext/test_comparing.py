"""What an editor sees beside words is compared too."""

import pytest
from django.utils import translation

from newsroom.lib.diffing import Row
from richtext.comparing import Head, Style, compare_bodies, lines
from richtext.sanitise import sanitise

PICTURE = '<figure class="image"><img src="/media/{}" alt="{}"><figcaption>{}</figcaption></figure>'


def changed(old: str, new: str) -> list[Row]:
    return [row for row in compare_bodies(sanitise(old), sanitise(new)) if row.kind != "same"]


def only_change(old: str, new: str) -> Row:
    (row,) = changed(old, new)
    assert row.kind == "changed"
    return row


def marked(row: Row, side: str) -> list[str]:
    return [piece.text for piece in getattr(row, side) if piece.kind != "same"]


def labels(row: Row) -> tuple[str, str]:
    assert isinstance(row.old_head, Head)
    assert isinstance(row.new_head, Head)
    return row.old_head.label, row.new_head.label


def test_each_block_is_a_line() -> None:
    body = sanitise(
        "<h2>عنوان</h2><p>فقرة</p><ul><li>بند<ul><li>داخله</li></ul></li></ul><blockquote><p>قول</p></blockquote><hr>"
        + PICTURE.format("a.jpg", "ممر", "شرح")
        + "<table><tr><td>أ</td><td>ب</td></tr></table>"
    )
    assert [line.text for line in lines(body)] == ["عنوان", "فقرة", "بند", "داخله", "قول", "", "ممر", "شرح", "أ | ب"]


def test_the_words_of_a_styled_line_are_those_of_a_plain_one() -> None:
    plain = "<p>قال الوزير أمس إن العمل بدأ.</p>"
    styled = "<p>قال <strong>الوزير </strong>أمس <em>إن العمل</em> بدأ.</p>"
    assert [line.text for line in lines(styled)] == [line.text for line in lines(plain)]
    row = only_change(plain, styled)
    assert marked(row, "new") == ["الوزير", "إن العمل"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<p>زوروا <a href="/a">الموقع</a></p>', '<p>زوروا <a href="/b">الموقع</a></p>'),
        ("<p>نص <strong>مهم</strong></p>", "<p>نص مهم</p>"),
        ("<p>نص مهم</p>", "<p>نص <em>مهم</em></p>"),
        ("<h2>خلفية</h2><p>نص</p>", "<h3>خلفية</h3><p>نص</p>"),
        ("<h2>خلفية</h2><p>نص</p>", "<p>خلفية</p><p>نص</p>"),
        ("<p>خلفية</p>", "<blockquote><p>خلفية</p></blockquote>"),
        ("<ul><li>بند</li></ul>", "<ol><li>بند</li></ol>"),
        ("<p>Text here</p>", '<p dir="ltr">Text here</p>'),
        ('<p>قال <span lang="en">Text</span></p>', "<p>قال Text</p>"),
        (PICTURE.format("a.jpg", "ممر", "شرح"), PICTURE.format("b.jpg", "ممر", "شرح")),
        (PICTURE.format("a.jpg", "ممر", "شرح"), PICTURE.format("a.jpg", "ممر آخر", "شرح")),
        (PICTURE.format("a.jpg", "ممر", "شرح"), PICTURE.format("a.jpg", "ممر", "شرح آخر")),
        ('<p>هنا <img src="/media/a.jpg" alt="ممر"> نص</p>', '<p>هنا <img src="/media/b.jpg" alt="ممر"> نص</p>'),
        ("<table><tr><td>1</td><td>2</td></tr></table>", "<table><tr><td>1</td><td>3</td></tr></table>"),
        ("<table><tr><td>1</td><td>2</td></tr></table>", "<table><tr><th>1</th><td>2</td></tr></table>"),
        ("<p>سطر وسطر</p>", "<p>سطر<br>وسطر</p>"),
        ("<p>نص</p>", '<p class="caption">نص</p>'),
    ],
)
def test_every_change_that_shows_is_a_changed_row(old: str, new: str) -> None:
    row = only_change(old, new)
    assert row.old != row.new or row.old_head != row.new_head


def test_a_line_across_the_page_comes_and_goes() -> None:
    assert [row.kind for row in changed("<p>أول</p><p>ثان</p>", "<p>أول</p><hr><p>ثان</p>")] == ["added"]


def addresses(row: Row, side: str) -> list[str]:
    styles = [piece.style for piece in getattr(row, side)]
    return [style.href for style in styles if isinstance(style, Style) and style.shows_address]


def test_addresses_of_links_are_shown_only_where_they_differ() -> None:
    old = '<p><a href="/same">أولى</a> ثم <a href="/old">الثانية هنا</a></p>'
    row = only_change(old, old.replace("/old", "/new").replace("ثم", "وبعدها"))
    assert (addresses(row, "old"), addresses(row, "new")) == (["/old"], ["/new"])


def test_the_address_of_a_new_link_is_shown() -> None:
    (row,) = changed("<p>نص</p>", '<p>نص</p><p>اقرأ <a href="/new">هذا</a></p>')
    assert addresses(row, "new") == ["/new"]


def test_blocks_have_names() -> None:
    with translation.override("en"):
        assert labels(only_change("<h2>خلفية</h2>", "<h3>خلفية</h3>")) == ("Heading 2", "Heading 3")
        assert labels(only_change("<p>نص</p>", "<blockquote><ol><li>نص</li></ol></blockquote>")) == (
            "",
            "Quote · Numbered item",
        )


def test_the_direction_of_a_block_is_kept() -> None:
    (line,) = lines('<p dir="ltr">Text</p>')
    assert isinstance(line.head, Head)
    assert line.head.direction == "ltr"


def test_a_list_in_a_list_is_a_level_deeper_and_nothing_else() -> None:
    old = "<ul><li>بند<ul><li>داخله</li></ul></li></ul>"
    rows = compare_bodies(old, "<ol><li>بند<ul><li>داخله</li></ul></li></ol>")
    assert [row.kind for row in rows] == ["changed", "same"]


def test_what_no_body_may_hold_is_not_shown() -> None:
    (line,) = lines('<p onclick="x()">نص</p><script>alert(1)</script>')
    assert (line.text, line.head) == ("نص", Head(("p",)))
    (link,) = lines('<p><a href="javascript:alert(1)">نص</a></p>')
    assert link.tokens[0].style is None


def test_empty_bodies_are_the_same() -> None:
    assert compare_bodies("", "") == []
