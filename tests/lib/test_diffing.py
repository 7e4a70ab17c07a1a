"""Two versions side by side. Pieces are written [-gone-] and {+come+} here."""

import random
from collections.abc import Iterable, Sequence

import pytest

from newsroom.lib import pairing
from newsroom.lib.diffing import Fold, Line, Piece, Row, compare_lines, fold_same, tokens_of
from newsroom.lib.lcs import MOST_CELLS, common

SIGNS = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
STORY = (
    "أعلنت البلدية افتتاح حديقة عامة جديدة في الحي القديم.",
    "وقال رئيس البلدية إن الحديقة تضم ممرات للمشي ومكتبة صغيرة.",
    "ويبدأ استقبال الزوار يوم السبت المقبل.",
)
OTHER = "نفى مصدر في وزارة النقل توقف خطوط الحافلات بين المدينتين."


def written(pieces: Iterable[Piece]) -> str:
    return "".join(SIGNS[piece.kind].format(piece.text) for piece in pieces)


def words(old: str, new: str) -> tuple[str, str]:
    (row,) = compare_lines([old], [new])
    return written(row.old), written(row.new)


def kinds(rows: Sequence[Row]) -> list[str]:
    return [row.kind for row in rows]


def side(rows: Sequence[Row], name: str) -> list[str]:
    """The paragraphs of one side, put together from the pieces."""
    lines: list[str] = []
    missing = {"old": "added", "new": "removed"}[name]
    for row in rows:
        text = "".join(piece.text for piece in getattr(row, name))
        if row.kind == missing:
            assert text == ""
        elif getattr(row, f"continues_{name}"):
            lines[-1] += text
        else:
            lines.append(text)
    return lines


def test_a_changed_word_is_marked_and_nothing_else() -> None:
    assert words("افتتحت البلدية الحديقة أمس.", "افتتحت البلدية المكتبة أمس.") == (
        "افتتحت البلدية [-الحديقة-] أمس.",
        "افتتحت البلدية {+المكتبة+} أمس.",
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [("إن", "ان"), ("المدرسة", "المدرسه"), ("عَلَم", "عِلم"), ("مدرسة", "مدرسةً"), ("على", "علي")],
    ids=["hamza", "ta marbuta", "vowel mark", "tanwin", "alef maqsura"],
)
def test_a_letter_or_mark_is_a_change_of_its_word(old: str, new: str) -> None:
    before, after = words(f"قال الوزير {old} للناس جميعا", f"قال الوزير {new} للناس جميعا")
    assert before == f"قال الوزير [-{old}-] للناس جميعا"
    assert after == f"قال الوزير {{+{new}+}} للناس جميعا"


@pytest.mark.parametrize("mark", ["،", "؛", "؟", ".", ":", "»", ")", "..."])
def test_punctuation_is_apart_from_its_word(mark: str) -> None:
    assert words("قال الوزير للناس كلهم", f"قال الوزير{mark} للناس كلهم")[1] == f"قال الوزير{{+{mark}+}} للناس كلهم"


def test_quotation_marks_are_apart_from_their_words() -> None:
    assert words("سماها الناس المدينة القديمة أمس", "سماها الناس «المدينة القديمة» أمس")[1] == (
        "سماها الناس {+«+}المدينة القديمة{+»+} أمس"
    )


def test_an_address_and_a_number_are_one_word() -> None:
    assert [token.text for token in tokens_of("بلغ 3.5 في https://example.com/a.b?c=1.")] == [
        "بلغ", "3.5", "في", "https://example.com/a.b?c=1", ".",
    ]  # fmt: skip


def test_a_space_more_is_a_change() -> None:
    assert words("كلمة وأخرى", "كلمة  وأخرى") == ("كلمة[- -]وأخرى", "كلمة{+  +}وأخرى")


def test_a_word_that_two_rewritten_passages_share_is_no_island() -> None:
    old, new = (
        "قال. أعلنت الحكومة الجديدة في بيانها الرسمي أمس الأول",
        "قال. نفى المتحدث العسكري في تصريحاته الأخيرة أمس الأول",
    )
    assert words(old, new)[1] == "قال. {+نفى المتحدث العسكري في تصريحاته الأخيرة+} أمس الأول"


def test_what_came_begins_where_a_sentence_begins() -> None:
    assert words("أكد أحمد. ثم غادر.", "أكد سالم. أكد أحمد. ثم غادر.")[1] == "{+أكد سالم. +}أكد أحمد. ثم غادر."
    assert words("أحمد، سالم، ليلى", "أحمد، سالم، هدى، ليلى")[1] == "أحمد، سالم،{+ هدى،+} ليلى"


def test_sentences_without_a_common_thought_are_not_woven_into_each_other() -> None:
    before, after = words(OTHER, "كلام آخر بين سطرين لا يشبه ما قبله في شيء أبدا.")
    assert before == f"[-{OTHER}-]"
    assert after.startswith("{+كلام")


def test_a_change_of_style_shows_both_styles() -> None:
    old = Line((*tokens_of("زوروا "), *tokens_of("موقع البلدية", "a"), *tokens_of(" اليوم")))
    new = Line((*tokens_of("زوروا "), *tokens_of("موقع البلدية", "b"), *tokens_of(" اليوم")))
    (row,) = compare_lines([old], [new])
    assert Piece("removed", "موقع البلدية", "a") in row.old
    assert Piece("added", "موقع البلدية", "b") in row.new


def test_a_paragraph_that_came_or_went_is_a_row_of_its_own() -> None:
    rows = compare_lines(STORY, [STORY[0], OTHER, *STORY[1:]])
    assert kinds(rows) == ["same", "added", "same", "same"]
    assert kinds(compare_lines([STORY[0], OTHER, *STORY[1:]], STORY)) == ["same", "removed", "same", "same"]


def test_a_rewritten_paragraph_stands_beside_its_old_self() -> None:
    new = [OTHER, STORY[0].replace("القديم", "الجديد"), STORY[1], STORY[2].replace("السبت", "الأحد")]
    rows = compare_lines(STORY, new)
    assert kinds(rows) == ["added", "changed", "same", "changed"]
    assert written(rows[1].old) == STORY[0].replace("القديم", "[-القديم-]")


def test_a_moved_paragraph_is_told_apart_from_a_new_one() -> None:
    rows = compare_lines([STORY[0], *STORY[1:], OTHER], [OTHER, STORY[0], *STORY[1:]])
    assert [(row.kind, row.is_moved) for row in rows if row.kind != "same"] == [("added", True), ("removed", True)]


def test_a_paragraph_that_was_cut_shows_where() -> None:
    rows = compare_lines([" ".join(STORY), OTHER], [*STORY, OTHER])
    assert [(row.kind, row.continues_old) for row in rows] == [
        ("changed", False), ("changed", True), ("changed", True), ("same", False),
    ]  # fmt: skip
    assert {piece.kind for row in rows for piece in (*row.old, *row.new)} == {"same"}


def test_paragraphs_that_were_joined_show_where() -> None:
    rows = compare_lines([*STORY, OTHER], [" ".join(STORY), OTHER])
    assert [row.continues_new for row in rows] == [False, True, True, False]
    assert {piece.kind for row in rows for piece in (*row.old, *row.new)} == {"same"}


def test_a_cut_with_other_changes_marks_only_these() -> None:
    rows = compare_lines([" ".join(STORY)], [STORY[0].replace("جديدة ", ""), STORY[1], STORY[2]])
    assert written(rows[0].old).strip() == STORY[0].replace("جديدة", "[-جديدة-]").replace(" [-", "[- ")
    assert written(rows[1].new) == STORY[1]


def test_lines_of_another_sort_are_never_versions_of_each_other() -> None:
    text = tokens_of("ممر في سوق قديم")
    rows = compare_lines([Line(text, "a.jpg", "picture")], [Line(text, "", "text")])
    assert kinds(rows) == ["removed", "added"]


def test_a_change_of_the_head_alone_is_a_change() -> None:
    text = tokens_of(STORY[0])
    (row,) = compare_lines([Line(text, "h2")], [Line(text, "h3")])
    assert (row.kind, row.old_head, row.new_head) == ("changed", "h2", "h3")
    assert written(row.new) == STORY[0]


def test_a_corrected_word_alone_is_a_pair() -> None:
    assert kinds(compare_lines(["مقدمه"], ["مقدمة"])) == ["changed"]


def test_nothing_against_nothing() -> None:
    assert compare_lines([], []) == []
    assert kinds(compare_lines([], ["نص"])) == ["added"]
    assert kinds(compare_lines([""], ["نص"])) == ["changed"]


VOCABULARY = ["كلمة", "في", "من", "،", ".", "«", "»", "بيت", "دار", " ", "  ", "\u00a0", "…", "عَلَم", "x.y", "\n"]


def any_text(generator: random.Random) -> str:
    return "".join(generator.choice(VOCABULARY) + generator.choice(["", " "]) for _ in range(generator.randrange(12)))


def test_the_pieces_of_a_side_are_its_text() -> None:
    generator = random.Random(7)  # noqa: S311 - the same texts every time
    for _ in range(1500):
        old = [any_text(generator) for _ in range(generator.randrange(6))]
        new = [
            generator.choice(old) if old and generator.random() < 0.4 else any_text(generator)
            for _ in range(generator.randrange(6))
        ]
        rows = compare_lines(old, new)
        assert (side(rows, "old"), side(rows, "new")) == (old, new)
        for row in rows:
            assert {piece.kind for piece in row.old} <= {"same", "removed"}
            assert {piece.kind for piece in row.new} <= {"same", "added"}
            kept = ["".join(p.text for p in pieces if p.kind == "same").split() for pieces in (row.old, row.new)]
            assert "".join(kept[0]) == "".join(kept[1])


def test_a_text_against_itself_is_the_same() -> None:
    generator = random.Random(8)  # noqa: S311
    lines = [any_text(generator) for _ in range(40)]
    assert set(kinds(compare_lines(lines, lines))) == {"same"}


def test_as_much_as_possible_is_common() -> None:
    generator = random.Random(9)  # noqa: S311
    for _ in range(800):
        old = [generator.randrange(4) for _ in range(generator.randrange(14))]
        new = [generator.randrange(4) for _ in range(generator.randrange(14))]
        found = common(old, new)
        assert found is not None
        assert all(old[i] == new[j] for i, j in found)
        assert all(a < c and b < d for (a, b), (c, d) in zip(found, found[1:], strict=False))
        assert len(found) == longest(old, new)


def longest(old: list[int], new: list[int]) -> int:
    """The textbook's table."""
    table = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i, a in enumerate(old):
        for j, b in enumerate(new):
            table[i + 1][j + 1] = table[i][j] + 1 if a == b else max(table[i][j + 1], table[i + 1][j])
    return table[-1][-1]


def test_what_is_too_long_is_marked_whole_and_says_so() -> None:
    count = int(MOST_CELLS**0.5) + 1
    old, new = " ".join(f"ا{i}" for i in range(count)), " ".join(f"ب{i}" for i in range(count))
    (row,) = compare_lines([old], [new])
    assert row.is_coarse
    assert (side([row], "old"), side([row], "new")) == ([old], [new])


@pytest.mark.parametrize("words_each", [1, 3])
def test_thousands_of_paragraphs_are_weighed_against_near_ones_only(
    monkeypatch: pytest.MonkeyPatch, words_each: int
) -> None:
    weighed = 0
    likeness = pairing._likeness

    def counting(*args: pairing.Words) -> float:
        nonlocal weighed
        weighed += 1
        return likeness(*args)

    monkeypatch.setattr(pairing, "_likeness", counting)
    old = [" ".join(f"ا{i}{k}" for k in range(words_each)) for i in range(3000)]
    new = [" ".join(f"ب{i}{k}" for k in range(words_each)) for i in range(3000)]
    rows = compare_lines(old, new)
    assert (side(rows, "old"), side(rows, "new")) == (old, new)
    assert weighed <= 2 * pairing.MOST_PAIRS


def test_unchanged_paragraphs_are_folded_except_beside_a_change() -> None:
    old = [f"فقرة رقم {i}" for i in range(10)]
    rows = compare_lines(old, [*old[:5], "فقرة رقم جديد", *old[6:]])
    shown = fold_same(rows)
    assert [len(row.rows) if isinstance(row, Fold) else row.kind for row in shown] == [4, "same", "changed", "same", 3]


def test_a_single_unchanged_paragraph_is_not_folded() -> None:
    rows = [Row("changed"), Row("same"), Row("same"), Row("same"), Row("changed")]
    assert fold_same(rows) == rows
