"""What reads from left to right keeps its place in an Arabic line."""

import random

import pytest
from django.utils.safestring import SafeString

from newsroom.lib.bidi import isolate, plain_title, runs


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("اتصل على +963 11 555-0100 الآن", ["+963 11 555-0100"]),
        ("اتصل على (011) 555-0100 أو 0944 123 456.", ["(011) 555-0100", "0944 123 456"]),
        ("في موسم 2023-2024 وموسم 2024–2025", ["2023-2024", "2024–2025"]),
        ("فاز الفريق 2-1 أمس", ["2-1"]),
        ("من 10:30-11:30 صباحًا", ["10:30-11:30"]),
        ("بين 10-15% من الدخل", ["10-15"]),
        ("انخفضت إلى -5 درجات", ["-5"]),
        ("أنفق 10 000 ليرة", ["10 000"]),
        ("قال @user_name! أمس", ["@user_name"]),
        ("وسم #latin ووسم #عربي", ["#latin"]),
        ("راسلنا على name@example.com.", ["name@example.com"]),
        ("انظر (https://example.com/a/b/?q=1&x=2).", ["https://example.com/a/b/?q=1&x=2"]),
        ("انظر www.example.com/أخبار/ ثم", ["www.example.com/أخبار/"]),
        ("الملف report_2024-01.pdf والملف 2024-report.pdf", ["report_2024-01.pdf", "2024-report.pdf"]),
        ("لغات C++ وC# و F#.", ["C++", "C#", "F#"]),
        ("منصة .NET الجديدة", [".NET"]),
        ("الإصدار v2.1.0-beta من iOS 18.2", ["v2.1.0-beta", "iOS 18.2"]),
        ("طائرة F-16 ونموذج GPT-5 ووباء COVID-19", ["F-16", "GPT-5", "COVID-19"]),
        ("قالت شركة OpenAI (GPT-5) إن", ["OpenAI", "GPT-5"]),
        ("شركات OpenAI، Google، AT&T", ["OpenAI", "Google", "AT&T"]),
        ("قالت لـBBC إن iPhone 16 Pro! نفد", ["BBC", "iPhone 16 Pro"]),
        ("Hello, world: it works. ثم", ["Hello, world: it works"]),
        ("صحيفة Известия و Ελλάδα", ["Известия", "Ελλάδα"]),
        ("2+2=4 عند الجميع", ["2+2=4"]),
    ],
)
def test_runs_that_read_from_left_to_right(text: str, found: list[str]) -> None:
    assert [piece for tag, piece in runs(text) if tag] == found
    assert "".join(piece for _tag, piece in runs(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "خبر بلا أرقام، ولا حروف أجنبية.",
        "في عام 2024 زاد الإنتاج 3.5% إلى 1,250 طنًا",
        "عند 17:05 يوم 03/05/2024",
        "05/12/2024 10:30",
        # The annex orders these from the right by itself, and so they are read.
        "موسم ٢٠٢٣-٢٠٢٤، فاز ٢-١، كوفيد-19، كوفيد-١٩",
        "#عربي و@اسم",
    ],
)
def test_what_keeps_its_place_by_itself_is_left_alone(text: str) -> None:
    assert isolate(text) == text


def test_the_groups_of_a_phone_number_in_arabic_digits_are_forced() -> None:
    assert isolate("اتصل +٩٦٣ ١١ ٥٥٥ ٠١٠٠") == 'اتصل <bdo dir="ltr">+٩٦٣ ١١ ٥٥٥ ٠١٠٠</bdo>'


def test_isolating_escapes_once_and_is_safe() -> None:
    printed = isolate("<b> AT&T «C++» & @a")
    assert isinstance(printed, SafeString)
    assert printed == (
        '&lt;<bdi dir="ltr">b</bdi>&gt; <bdi dir="ltr">AT&amp;T</bdi> «<bdi dir="ltr">C++</bdi>» &amp; '
        '<bdi dir="ltr">@a</bdi>'
    )


ALPHABET = "ابة ٠٩09٫aZ_é-–+−@#$./:()%&=<>\"'«»،؛؟\u200f\u0300مَ \u00a0\n٪漢"


@pytest.mark.parametrize("seed", range(30))
def test_any_string_is_cut_without_loss(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    points = [
        chance.choice(ALPHABET) if chance.random() < 0.9 else chr(chance.randrange(0xD800)) for _ in range(10_000)
    ]
    text = "".join(points)
    pieces = list(runs(text))
    assert "".join(piece for _tag, piece in pieces) == text
    assert all(piece for _tag, piece in pieces)
    assert plain_title(plain_title(text)) == plain_title(text)


# Were the time to grow with the square of the length, each of these would take minutes.
@pytest.mark.parametrize(
    "piece",
    ["1-", "a.", "1.", "1/1", "http://", "http://.", "+1 ", "(0", "@", "www.", "1 000", "a, ", "+٠", "=1", "1-a"],
)
def test_hostile_lines_come_to_an_end(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    assert "".join(part for _tag, part in runs(text)) == text


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("قالت شركة OpenAI (GPT-5) إن…", "قالت شركة OpenAI (GPT-5) إن…"),
        ("OpenAI تطلق نموذجًا", "\u200fOpenAI تطلق نموذجًا"),
        ("«OpenAI» تطلق نموذجًا", "\u200f«OpenAI» تطلق نموذجًا"),
        ("٢٠ شركة تختبر Linux", "٢٠ شركة تختبر Linux"),
        ("2026", "2026"),
        ("", ""),
        ("تعلّم C++.", "تعلّم \u200eC++\u200e."),
        ("فاز 2-1 على ضيفه", "فاز \u200e2-1\u200e على ضيفه"),
        ("2023-2024 عام الجفاف", "\u200f\u200e2023-2024\u200e عام الجفاف"),
        ("@name يعتذر", "\u200f\u200e@name\u200e يعتذر"),
        # Somebody else's marks turn what follows round, in whatever stands beside the title.
        ("خبر\u202egpj.exe\u2066 عاجل\u200f", "خبرgpj.exe عاجل"),
    ],
)
def test_titles_where_no_markup_can_be(title: str, plain: str) -> None:
    assert plain_title(title) == plain
