import pytest

from newsroom.lib.mixed_digits import mixed_digits
from newsroom.lib.quotation_marks import foreign_quotes, unpaired_guillemets, unpaired_quotes
from newsroom.lib.text_edits import OBJECT, applied, is_arabic, masked, quoted
from newsroom.lib.text_faults import idle_marks, latin_signs, persian_letters, separators, spaces, tatweels

FAMILY = "👨\u200d👩\u200d👧"


@pytest.mark.parametrize(
    ("line", "mended"),
    [
        ("قال الوزير, إن الأمر انتهى; فهل تم ذلك?", "قال الوزير، إن الأمر انتهى؛ فهل تم ذلك؟"),
        ("عام 2020, قال", "عام 2020، قال"),
        ("شركة OpenAI, وهي أميركية", "شركة OpenAI، وهي أميركية"),
        ("(مدير المكتب), قال", "(مدير المكتب)، قال"),
        ("كتب @user_name, وقال", "كتب @user_name، وقال"),
        ("ماذا؟ وماذا?!", "ماذا؟ وماذا؟!"),
        (f"فرحوا {FAMILY}, ثم", f"فرحوا {FAMILY}، ثم"),
    ],
)
def test_signs_of_the_latin_keyboard_are_found_in_arabic(line: str, mended: str) -> None:
    assert applied(line, latin_signs(masked(line))) == mended


@pytest.mark.parametrize(
    "line",
    [
        "بلغ عددهم 1,500 شخص عند 10:30 صباحا",
        "في 5, 6 و7 أيلول",
        "الإحداثيات 33.51, 36.29",
        "قال: “I came, I saw; did you?” ثم مضى",
        "شركات Apple, Google وغيرها",
        "انظر https://example.com/a?b=c,d;e ثم عد",
        "راسلونا على a.b,c@example.com في أي وقت",
        "The minister said, in الجزيرة, that?",
        "وقال مازحا ;) ثم مضى",
        "كتب «Who, me?» على صفحته",
        "AT&amp;T شركة",
        ", بداية",
    ],
)
def test_signs_inside_numbers_addresses_and_latin_phrases_stay(line: str) -> None:
    assert latin_signs(masked(line)) == []


@pytest.mark.parametrize(
    ("line", "mended"),
    [
        ('قال "نعم" ثم مضى', "قال «نعم» ثم مضى"),
        ('و"الحياة" اللندنية، "قالت".', "و«الحياة» اللندنية، «قالت»."),
        ("”كلمة” و“أخرى“ و„ثالثة“", "«كلمة» و«أخرى» و«ثالثة»"),
        ('قال:"نعم"', "قال:«نعم»"),
        ('قال "إن "نعم" كافية" ثم', 'قال «إن "نعم" كافية» ثم'),
        ('شاشة 55" وقال "نعم" لها', 'شاشة 55" وقال «نعم» لها'),
    ],
)
def test_quotations_get_guillemets(line: str, mended: str) -> None:
    assert applied(line, foreign_quotes(masked(line))) == mended


@pytest.mark.parametrize(
    "line",
    [
        'قال مارتن لوثر "I have a dream" أمس',
        "قال «إن “نعم” كافية» ثم",
        'قال "نعم ثم مضى',
        'He said "الجزيرة" twice in English',
        'شاشة 55" جديدة',
    ],
)
def test_quotations_that_are_right_or_doubtful_stay(line: str) -> None:
    assert foreign_quotes(masked(line)) == []


def test_a_mark_without_a_partner_is_named_and_not_guessed() -> None:
    assert unpaired_quotes('قال "نعم ثم مضى') == [4]
    assert unpaired_quotes('شاشة 55" جديدة') == []
    assert unpaired_guillemets(["قال «نعم ثم مضى"]) == [(0, 4)]
    assert unpaired_guillemets(["قال نعم» ثم مضى"]) == [(0, 7)]


def test_a_quotation_over_paragraphs_is_whole() -> None:
    assert unpaired_guillemets(["قال: «بداية", "«استمرار", "نهاية»"]) == []
    assert unpaired_guillemets(["قال: «بداية", "استمرار", "نهاية» ثم «أخرى»."]) == []
    assert unpaired_guillemets(["الرئيسية » أخبار » محليات", "» بند"]) == []


@pytest.mark.parametrize(
    ("line", "mended"),
    [
        ("كلمة  كلمة", "كلمة كلمة"),
        ("قال ، ثم", "قال، ثم"),
        ("قال  ،ثم", "قال، ثم"),
        ("قال،ثم قال؛نعم", "قال، ثم قال؛ نعم"),
        ("قال : نعم .", "قال: نعم."),
        ("هل ؟", "هل؟"),
    ],
)
def test_spaces(line: str, mended: str) -> None:
    assert applied(line, spaces(masked(line))) == mended


@pytest.mark.parametrize(
    "line", ["١،٥ و1،5 مليون", "نهاية ...", "نعم؟! «حسنًا»، ثم", "د. أحمد", "النتيجة 2 : 1", ":) ضحك :)"]
)
def test_spaces_that_are_right_stay(line: str) -> None:
    assert spaces(masked(line)) == []


@pytest.mark.parametrize(("line", "mended"), [("كتابـ جديد", "كتاب جديد"), ("هــ", "ه"), ("لــ«الحياة»", "ل«الحياة»")])
def test_a_tatweel_that_stretches_is_taken_out(line: str, mended: str) -> None:
    assert applied(line, tatweels(masked(line))) == mended


@pytest.mark.parametrize(
    "line", ["لـ«الحياة»", "الـ21", "والـBBC", "لـ Google", "سنة 1447 هـ", "1447هـ", "بـ“كذا”", "شَيْـٔا", "ـ حوار"]
)
def test_a_tatweel_that_carries_something_stays(line: str) -> None:
    assert tatweels(masked(line)) == []


@pytest.mark.parametrize(
    ("line", "mended"), [("قال _ نعم _ ثم", "قال – نعم – ثم"), ("_ قال", "– قال"), ("_____", ""), ("ـــــ", "")]
)
def test_separators(line: str, mended: str) -> None:
    assert applied(line, separators(masked(line))) == mended


@pytest.mark.parametrize("line", ["#سوريا_اليوم", "كلمة_كلمة", "املأ ______ الفراغ", "ملف snake_case", "- بند"])
def test_underlines_that_mean_something_stay(line: str) -> None:
    assert separators(masked(line)) == []


def test_marks_of_direction_go_where_they_do_nothing() -> None:
    line = "ال\u200fكتاب \u200fجديد"
    assert applied(line, idle_marks(line)) == "الكتاب جديد"
    assert idle_marks("لغة C++\u200e و3-\u200e") == []


def test_a_persian_slip_is_found_and_a_persian_quotation_is_not() -> None:
    slip = "وصل المدير إلى القاهرة، این هفته، وعاد إلى دمشق."
    quotation = "وقال: «من می‌خواهم که این کتاب را بخوانم و بروم» ثم مضى إلى البيت والمدينة."
    assert all(slip[edit.start : edit.end] != edit.new for edit in persian_letters(slip))
    assert persian_letters(quotation) == []


@pytest.mark.parametrize(
    ("lines", "mended"),
    [
        (["في 15 آذار", "و٢٠ نيسان و٣٠"], ["في ١٥ آذار", "و٢٠ نيسان و٣٠"]),
        (["1,500.5 و٢ و٣"], ["١٬٥٠٠٫٥ و٢ و٣"]),
        (["١٬٥٠٠ و10 و20"], ["1,500 و10 و20"]),
        (["10:30 و١١:٤٥ و١٢:٠٠"], ["١٠:٣٠ و١١:٤٥ و١٢:٠٠"]),
        (["۱۵ و٢٠ و٣٠ و10"], ["۱۵ و٢٠ و٣٠ و١٠"]),
    ],
)
def test_numbers_follow_most_of_the_text(lines: list[str], mended: list[str]) -> None:
    found = mixed_digits([masked(line) for line in lines], "arab")
    assert [applied(line, edits) for line, edits in zip(lines, found, strict=True)] == mended


@pytest.mark.parametrize(
    "line",
    ["iPhone 17 و٢٠", "قمة G20 في ٢٠٢٦", "كوفيد COVID-19 و٢", "5 km و٢", "+963112345678 و٢",
     "هاتف 011-234-5678 و٢", "#عام2026 و٢", "https://example.com/2026 و٢", "10 و20 و30"],
)  # fmt: skip
def test_numbers_of_latin_names_and_telephones_do_not_count(line: str) -> None:
    assert mixed_digits([masked(line)], "arab") == [[]]


def test_of_as_many_those_of_the_site_stay() -> None:
    line = "15 و٢٠"
    assert applied(line, mixed_digits([line], "latn")[0]) == "15 و20"
    assert applied(line, mixed_digits([line], "arab")[0]) == "١٥ و٢٠"


def test_a_masked_line_is_as_long_as_it_was_and_keeps_the_stop_behind_an_address() -> None:
    line = "انظر https://example.com/a?b. ثم"
    assert len(masked(line)) == len(line)
    assert masked(line).endswith(f"{OBJECT}. ثم")


def test_a_line_is_arabic_when_most_of_its_letters_are() -> None:
    assert is_arabic("شركة GPT الكبيرة")
    assert not is_arabic("The word كلمة")
    assert not is_arabic("123")


def test_a_place_is_quoted_with_whole_words() -> None:
    line = "كلمات كثيرة جدا قبل المكان الذي يهمنا, وكلمات كثيرة جدا بعده أيضا"
    shown = quoted(line, line.index(","), line.index(",") + 1)
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert "يهمنا," in shown
