import pytest

from richtext.inserting import insert_paragraph
from richtext.sanitise import MAX_BYTES, BodyTooLarge

BODY = "<p>واحد</p>\n<ul><li>بند</li></ul>\n<p>ثلاثة</p>"


@pytest.mark.parametrize(("after_block", "place"), [(0, 0), (1, 1), (3, 3), (99, 3)])
def test_a_paragraph_stands_after_so_many_blocks(after_block: int, place: int) -> None:
    blocks = insert_paragraph(BODY, "جديد", after_block=after_block).split("\n")
    assert blocks.pop(place) == "<p>جديد</p>"
    assert "\n".join(blocks) == BODY


def test_an_empty_body_gets_its_first_paragraph() -> None:
    assert insert_paragraph("", "جديد", after_block=4) == "<p>جديد</p>"


def test_markup_in_the_words_is_text() -> None:
    assert insert_paragraph("", "<b>&amp;", after_block=0) == "<p>&lt;b&gt;&amp;amp;</p>"


def test_a_body_never_grows_beyond_its_bounds() -> None:
    with pytest.raises(BodyTooLarge):
        insert_paragraph(BODY, "س" * MAX_BYTES, after_block=0)
