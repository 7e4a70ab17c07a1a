"""No text, however odd, upsets the reader of dates."""

import random
from datetime import date

import pytest

from newsroom.lib.date_reading import is_impossible_date_line, parse_date, read_date_line

PIECES = [
    "3", "31", "٢٠٢٤", "2024", "1445", "14", "نوفمبر", "تشرين الثاني", "كانون 2", "أيار", "شوال", "ذو القعدة", "هـ",
    "م", " ", "/", "-", "،", ":", ".", "(", ")", "T", "17:05", "الجمعة", "آخر تحديث", "بتوقيت مكة المكرمة", "GMT",
    "ص", "\u200f", "ـ", "\u064e", "²", "९", "𝟗", "\x00", "\ud800", "كان", "may", "st",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(20))
def test_any_text_is_read_without_an_error(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    points = [
        chance.choice(PIECES) if chance.random() < 0.9 else chr(chance.randrange(0x110000)) for _ in range(10_000)
    ]
    text = "".join(points)[:10_000]
    assert isinstance(parse_date(text), date | None)
    for start in range(0, 2_000, 100):
        line = text[start : start + 100]
        # A line is read, or has a day that no calendar has, or is none: never two of them.
        assert not (read_date_line(line) and is_impossible_date_line(line))


# Each takes far less than a second; were the time to grow with the square of the length, it would take hours.
@pytest.mark.parametrize(
    "piece",
    [
        "3 ",
        "31/",
        "1-",
        "3 نوفمبر ",
        "3 نوفمبر/",
        "تشرين ",
        "كانون كانون ",
        "2024 ",
        "2024-",
        "3،. ",
        "1445 هـ ",
        "نوفمبر 3 ",
    ],
)
def test_hostile_texts_come_to_an_end(piece: str) -> None:
    assert parse_date(piece * (100_000 // len(piece))) is None


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("3 يوليوز 2024", 7), ("3 غشت 2024", 8), ("3 شتنبر 2024", 9), ("3 نونبر 2024", 11), ("3 دجنبر 2024", 12),
        ("3 جانفي 2024", 1), ("3 جويلية 2024", 7), ("3 إبريل 2024", 4), ("3 مايس 2024", 5), ("3 يونيه 2024", 6),
        ("3 كانون 2 2024", 1), ("3 كانون 1 2024", 12), ("3 تشرين 1 2024", 10), ("3 تشرين ثانٍ 2024", 11),
        ("3 آب/أغسطس 2024", 8), ("3 شباط (فبراير) 2024", 2), ("Aug 3, 2024", 8),
    ],
)  # fmt: skip
def test_months_of_every_country_are_read(text: str, month: int) -> None:
    day = parse_date(text)
    assert day is not None
    assert (day.day, day.month, day.year) == (3, month, 2024)
