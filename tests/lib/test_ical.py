"""iCalendar as RFC 5545 has it: ends of lines, folding, escaping."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from newsroom.lib.ical import Event, escape, fold_line, write_calendar
from tests.lib.ical_reading import read_calendar

NOW = datetime(2026, 11, 20, 6, 40, tzinfo=UTC)


def event(**fields: Any) -> Event:
    defaults: dict[str, Any] = {
        "uid": "story-1@news.example",
        "summary": "مخطط: افتتاح حديقة",
        "start": date(2026, 11, 21),
        "changed_at": NOW,
        "sequence": 3,
        "status": "TENTATIVE",
    }
    return Event(**defaults | fields)


def written(*events: Event, **fields: Any) -> bytes:
    about: dict[str, Any] = {"name": "خطة", "product": "-//N//Newsroom//AR", "refresh": timedelta(hours=1), "now": NOW}
    return write_calendar(events, **about | fields)


def test_every_line_ends_as_it_must_and_is_short_enough() -> None:
    data = written(event(summary="خطة طويلة جدا، " * 30))
    lines = data.split(b"\r\n")
    assert lines[-1] == b""
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 75


def test_folding_breaks_no_character() -> None:
    pieces = list(fold_line("SUMMARY:" + "ﷺ😀خ" * 60))
    assert all(piece.decode() for piece in pieces)
    assert b"".join(piece if n == 0 else piece[1:] for n, piece in enumerate(pieces)).decode().endswith("😀خ")
    assert max(map(len, pieces)) <= 75


@pytest.mark.parametrize("length", range(70, 80))
def test_a_line_is_folded_when_it_is_longer_than_75_octets(length: int) -> None:
    assert len(list(fold_line("x" * length))) == (1 if length <= 75 else 2)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [("a,b;c\\d", "a\\,b\\;c\\\\d"), ("سطر\nآخر", "سطر\\nآخر"), ("a\r\nb", "a\\nb"), ("a\x07b\x7f", "ab"), ("،", "،")],
)
def test_what_has_a_meaning_is_escaped(text: str, escaped: str) -> None:
    assert escape(text) == escaped


def test_what_is_written_is_read_back() -> None:
    summary = "مخطط: قمة؛ أولا، وثانيا, ثم \\ و;\nسطر"
    calendar, events = read_calendar(written(event(summary=summary, url="https://news.example/a/1/?b=2,3")))
    assert calendar["X-WR-CALNAME"] == "خطة"
    assert calendar["METHOD"] == "PUBLISH"
    assert calendar["VERSION"] == "2.0"
    assert calendar["REFRESH-INTERVAL;VALUE=DURATION"] == "PT60M"
    assert events[0]["SUMMARY"] == summary
    assert events[0]["URL"] == "https://news.example/a/1/?b=2,3"
    assert events[0]["SEQUENCE"] == "3"


def test_a_day_has_no_hour_and_a_moment_is_in_world_time() -> None:
    at = datetime.fromisoformat("2026-11-20T09:40:00+03:00")
    _calendar, events = read_calendar(written(event(), event(start=at, status="CONFIRMED")))
    assert events[0]["DTSTART;VALUE=DATE"] == "20261121"
    assert events[1]["DTSTART"] == "20261120T064000Z"
    assert [one["STATUS"] for one in events] == ["TENTATIVE", "CONFIRMED"]


def test_no_words_become_lines_of_their_own() -> None:
    hostile = "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\nUID:y"
    _calendar, events = read_calendar(written(event(summary=hostile, description=hostile, category=hostile)))
    assert [one["UID"] for one in events] == ["story-1@news.example"]
