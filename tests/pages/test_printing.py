"""The filters that print what the site itself counts."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils.safestring import mark_safe

from pages.current import forget_site
from tests.factories import make_site

pytestmark = pytest.mark.django_db

# 9:40 on a Friday morning in Damascus.
MOMENT = datetime(2026, 11, 20, 6, 40, tzinfo=UTC)


def printed(template: str, **context: object) -> str:
    forget_site()
    return Template("{% load printing counting chrome %}" + template).render(Context(context))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("m|print_date", "٢٠ نوفمبر/تشرين الثاني ٢٠٢٦"),
        ("m|print_weekday_date", "الجمعة ٢٠ نوفمبر/تشرين الثاني ٢٠٢٦"),
        ("m|print_datetime", "٢٠ نوفمبر/تشرين الثاني ٢٠٢٦، ٩:٤٠ صباحًا"),
        ("m|print_time", "٩:٤٠ صباحًا"),
        ("m|print_clock", "٠٩:٤٠"),
        ("m|print_month", "نوفمبر/تشرين الثاني ٢٠٢٦"),
        ("m|iso_time", "2026-11-20T09:40:00+03:00"),
        ("42|print_digits", "٤٢"),
    ],
)
def test_times_are_printed_as_the_newsroom_counts_them(expression: str, expected: str) -> None:
    make_site()
    assert printed("{{ " + expression + " }}", m=MOMENT) == expected


def test_settings_choose_digits_months_and_zone() -> None:
    make_site(digits="latn", months="gregorian", time_zone="Africa/Cairo")
    assert printed("{{ m|print_datetime }}", m=MOMENT) == "20 نوفمبر 2026، 8:40 صباحًا"


@pytest.mark.parametrize(("shown", "expected"), [(True, "١٠ جمادى الآخرة ١٤٤٨هـ"), (False, "")])
def test_the_hijri_date_is_shown_where_the_site_wants_it(shown: bool, expected: str) -> None:
    make_site(shows_hijri=shown)
    assert printed("{% hijri_date m %}", m=MOMENT) == expected


def test_the_hijri_date_ends_with_its_tables() -> None:
    make_site(shows_hijri=True)
    assert printed("{% hijri_date d %}", d=date(1900, 1, 1)) == ""


def test_how_long_ago_keeps_the_moment_beside_it(clock) -> None:
    make_site()
    clock.move_to(MOMENT + timedelta(minutes=2))
    assert printed("{% time_ago m %}", m=MOMENT) == (
        '<time datetime="2026-11-20T09:40:00+03:00" title="٢٠ نوفمبر/تشرين الثاني ٢٠٢٦، ٩:٤٠ صباحًا">قبل دقيقتين</time>'
    )


def test_words_of_the_script_are_those_of_the_site() -> None:
    make_site(digits="latn")
    assert printed("{% ago_words %}").startswith("0123456789|قبل لحظات|قبل دقيقة|قبل دقيقتين|قبل % دقائق|")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("لغة C++ <b>", 'لغة <bdi dir="ltr">C++</bdi> &lt;<bdi dir="ltr">b</bdi>&gt;'),
        (mark_safe("A&#x27;s"), '<bdi dir="ltr">A&#x27;s</bdi>'),  # as blocktranslate makes it
    ],
)
def test_foreign_words_stand_in_boxes_of_their_own(text: object, expected: str) -> None:
    assert printed("{{ t|isolated }}", t=text) == expected


def test_today_is_the_day_where_the_newsroom_is(clock) -> None:
    make_site()
    clock.move_to(datetime(2026, 11, 20, 22, 0, tzinfo=UTC))
    assert printed("{% today as day %}{{ day|print_date }}") == printed("{{ d|print_date }}", d=date(2026, 11, 21))


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1, "مادة واحدة"),
        (2, "مادتان"),
        (3, "٣ مواد"),
        (10, "١٠ مواد"),
        (11, "١١ مادة"),
        (99, "٩٩ مادة"),
        (100, "١٠٠ مادة"),
        (103, "١٠٣ مواد"),
    ],
)
def test_counts_agree_with_their_noun(number: int, expected: str) -> None:
    make_site()
    assert printed("{{ n|article_count }}", n=number) == expected


@pytest.mark.parametrize(
    ("title", "marked"),
    [
        ("WhatsApp يطلق ميزة", True),
        ("«WhatsApp» يطلق ميزة", True),
        ("٢٠ شركة تختبر Linux", False),
        ("يطلق WhatsApp ميزة", False),
        ("2026", False),
        ("", False),
    ],
)
def test_title_that_opens_in_latin_is_marked_right_to_left(title: str, marked: bool) -> None:
    assert printed("{{ t|plain_title }}", t=title).startswith("\u200f") is marked


def test_marking_a_title_keeps_it_escaped_once() -> None:
    assert printed("{{ t|plain_title }}", t="A & B") == "\u200fA &amp; B"


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [("مدار اليوم", "مدار", "اليوم"), ("العربي", "", "العربي"), ("صوت أهل الساحل", "صوت أهل", "الساحل")],
)
def test_name_of_the_site_is_cut_for_its_two_colours(name: str, first: str, last: str) -> None:
    assert printed("{{ n|all_but_last_word }}|{{ n|last_word }}", n=name) == f"{first}|{last}"


@pytest.mark.parametrize(("number", "expected"), [(1, "سطر واحد"), (12, "١٢ سطرًا"), (100, "١٠٠ سطر")])
def test_a_message_counts_in_the_digits_of_the_site(number: int, expected: str) -> None:
    make_site()
    lines = "{{ count }} line{% plural %}{{ count }} lines"
    message = "{% load i18n %}{% blocktranslate count count=n|counted %}" + lines + "{% endblocktranslate %}"
    assert printed(message, n=number) == expected


def test_zone_has_the_name_of_its_city() -> None:
    assert printed("{{ zone|zone_city }}", zone="Asia/Damascus") == "دمشق"
