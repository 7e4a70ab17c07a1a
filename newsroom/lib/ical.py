"""Calendars for programs: iCalendar (RFC 5545), as much of it as a list of days and moments needs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

LONGEST_LINE = 75  # octets without the end of the line (RFC 5545, 3.1)
CONTENT_TYPE = "text/calendar; charset=utf-8"
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True)
class Event:
    """One entry. `start` is a moment, or a day for what has no hour; `sequence` grows with every change."""

    uid: str
    summary: str
    start: date | datetime
    changed_at: datetime
    sequence: int
    status: Literal["TENTATIVE", "CONFIRMED"]
    url: str = ""
    description: str = ""
    category: str = ""


def write_calendar(events: Iterable[Event], *, name: str, product: str, refresh: timedelta, now: datetime) -> bytes:
    """The calendar as programs fetch it; `refresh` is how often they are asked to come (RFC 7986, 5.7)."""
    every = f"PT{int(refresh.total_seconds()) // 60}M"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{escape(product)}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{escape(name)}",
        f"X-WR-CALNAME:{escape(name)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{every}",
        f"X-PUBLISHED-TTL:{every}",
        *(line for event in events for line in _lines_of(event, now)),
        "END:VCALENDAR",
    ]
    return b"".join(part + b"\r\n" for line in lines for part in fold_line(line))


def escape(text: str) -> str:
    """A TEXT value (RFC 5545, 3.3.11); controls, which it may not hold, are left out."""
    return "".join(char for char in text if char in "\n\t" or ord(char) >= 32 and ord(char) != 127).translate(_ESCAPES)


def fold_line(line: str) -> Iterator[bytes]:
    """The octets of a line in pieces that are short enough, none of which ends inside a character."""
    octets, room = line.encode(), LONGEST_LINE
    while len(octets) > room:
        cut = room
        while octets[cut] & 0xC0 == 0x80:  # inside a character of several octets
            cut -= 1
        yield octets[:cut] if room == LONGEST_LINE else b" " + octets[:cut]
        octets, room = octets[cut:], LONGEST_LINE - 1
    yield octets if room == LONGEST_LINE else b" " + octets


def _lines_of(event: Event, now: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escape(event.uid)}"
    yield f"DTSTAMP:{_moment(now)}"
    yield f"LAST-MODIFIED:{_moment(event.changed_at)}"
    yield f"SEQUENCE:{event.sequence}"
    yield _start(event.start)
    yield f"SUMMARY:{escape(event.summary)}"
    yield f"STATUS:{event.status}"
    # It takes nobody's time: other people may be met then.
    yield "TRANSP:TRANSPARENT"
    if event.description:
        yield f"DESCRIPTION:{escape(event.description)}"
    if event.category:
        yield f"CATEGORIES:{escape(event.category)}"
    if event.url:
        yield f"URL:{event.url}"
    yield "END:VEVENT"


def _start(start: date | datetime) -> str:
    return f"DTSTART:{_moment(start)}" if isinstance(start, datetime) else f"DTSTART;VALUE=DATE:{start:%Y%m%d}"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
