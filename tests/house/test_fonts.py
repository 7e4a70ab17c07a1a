"""The fonts that readers are sent have every letter of what the sample newsroom has published and of our own words."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from fontTools.ttLib import TTFont

from articles import letters
from newsroom.sample import load_sample
from tests.factories import make_article, make_user
from tests.house.files import REPOSITORY as ROOT

FONTS = ROOT / "static" / "fonts"
FILES = {"ui-400.woff2": "ui", "ui-700.woff2": "ui", "text-400.woff2": "text"}
BUDGET = 60 * 1024


def points(name: str) -> set[str]:
    with TTFont(FONTS / name) as font:
        return {chr(point) for point in font.getBestCmap()}


def test_three_files_keep_to_the_budget() -> None:
    assert {file.name for file in FONTS.glob("*.woff2")} == set(FILES)
    assert sum((FONTS / name).stat().st_size for name in FILES) <= BUDGET


@pytest.mark.parametrize(("name", "font"), FILES.items())
def test_table_of_letters_is_that_of_the_fonts(name: str, font: str) -> None:
    assert letters.letters_of(font) == points(name)


def test_style_sheet_asks_the_text_font_for_what_it_has() -> None:
    """Where its `unicode-range` named more, words would be put together of two fonts."""
    css = (ROOT / "static" / "css" / "tokens.css").read_text()
    ranges = re.search(r"text-400.*?unicode-range: ([^;]+);", css, re.DOTALL)[1]
    bounds = [part.strip().removeprefix("U+").split("-") for part in ranges.split(",")]
    asked = {chr(point) for first, last in bounds for point in range(int(first, 16), int(last, 16) + 1)}
    arabic = {letter for letter in points("ui-400.woff2") if "\u060c" <= letter <= "\u06ff"}
    assert arabic <= points("text-400.woff2") & asked


@pytest.mark.parametrize("name", FILES)
def test_subsets_of_plex_do_not_bear_its_name(name: str) -> None:
    """OFL 1.1 §3: "Plex" is a Reserved Font Name. The licences lie beside the files."""
    with TTFont(FONTS / name) as font:
        assert [str(row) for row in font["name"].names if row.nameID in {1, 3, 4, 6} and "Plex" in str(row)] == []
    assert "Reserved Font Name" in (FONTS / "OFL-IBM-Plex.txt").read_text()
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL-Noto-Naskh.txt").read_text()


def test_fonts_join_letters() -> None:
    """A subset without these features shows Arabic letter by letter. Spaces come with the words."""
    assert " " in points("ui-400.woff2") & points("ui-700.woff2")
    for name in FILES:
        with TTFont(FONTS / name) as font:
            features = {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord}
            positions = {record.FeatureTag for record in font["GPOS"].table.FeatureList.FeatureRecord}
        assert {"init", "medi", "fina", "rlig"} <= features, name
        assert "mark" in positions, name


@pytest.mark.django_db
def test_sample_newsroom_needs_no_other_letter() -> None:
    load_sample(by=make_user(is_superuser=True, is_staff=True))
    missing = letters.count_missing()
    assert letters.described(missing) == [], missing


def test_our_own_words_need_no_other_letter() -> None:
    with (ROOT / "newsroom" / "locale" / "ar" / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file)
    words = "".join("".join(message.string) for message in catalogue)
    for table in ("months", "weekdays", "hijri_months", "relative_time"):
        words += Path(ROOT, "newsroom", "lib", "tables", f"{table}.txt").read_text(encoding="utf-8")
    assert letters.described(letters.missing_in_chrome(words)) == []


@pytest.mark.django_db
def test_letters_that_no_font_has_are_counted() -> None:
    first, second = make_article("خبر عن Erdoğan"), make_article("خبر عن ğ", body="<p>كلمة &#x119; وكلمة <b>ݐ</b></p>")
    make_article("مسودة ż", published=False)
    found = letters.count_missing()
    assert {letter: (missing.rows, missing.example) for letter, missing in found.items()} == {
        "ğ": (2, f"article {first.pk}"),
        "ę": (1, f"article {second.pk}"),
        "ݐ": (1, f"article {second.pk}"),
    }


def test_marks_of_direction_are_no_letters() -> None:
    assert letters.missing_in_chrome("\u200f\u2068أ\u2069\u200e\n") == set()
    assert letters.missing_in_body("<p>أ\u200d\u202b</p>") == set()


def test_a_letter_of_the_chrome_alone_is_missing_in_a_body(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "letters_of", lambda font: frozenset("أب" if font == "ui" else "أ"))
    assert letters.missing_in_chrome("أب") == set()
    assert letters.missing_in_body("أب") == {"ب"}
    assert letters.missing_in_body("<b>x</b>") == {"x"}
