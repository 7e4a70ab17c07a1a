"""Lines of the log: one event is one line, and it says of which request."""

import json
import logging
import sys

import pytest

from newsroom.lib.current_work import Work, is_id, working_on
from newsroom.lib.logs import JsonFormatter, LineFormatter

FORGED = "/x\n2026-11-20T06:40:00.000+00:00 INFO accounts: Signed in\r\u2028\x1b[2J\u202e"


def record(message: str, *args: object, **more: object) -> logging.LogRecord:
    made = logging.LogRecord("django.request", logging.WARNING, __file__, 1, message, args, None)
    made.__dict__.update(more)
    return made


def failed(text: str) -> logging.LogRecord:
    made = record("It failed")
    try:
        raise ValueError(text)
    except ValueError:
        made.exc_info = sys.exc_info()
    return made


@pytest.mark.parametrize("formatter", [JsonFormatter(), LineFormatter()])
def test_a_name_that_a_reader_made_up_cannot_begin_a_line(formatter: logging.Formatter) -> None:
    """CVE-2025-48432."""
    line = formatter.format(record("Not Found: %s", FORGED))
    assert len(line.splitlines()) == 1
    assert not {"\x1b", "\u2028", "\u202e", "\r"} & set(line)


def test_an_event_is_an_object_of_one_line() -> None:
    with working_on(Work("a-proxy-gave-this", "articles:article")):
        line = JsonFormatter().format(failed("first\nsecond"))
    told = json.loads(line)
    assert len(line.splitlines()) == 1
    assert (told["level"], told["logger"], told["message"]) == ("WARNING", "django.request", "It failed")
    assert (told["request"], told["work"]) == ("a-proxy-gave-this", "articles:article")
    assert "ValueError: first\nsecond" in told["exception"]


def test_a_traceback_for_people_is_pushed_in() -> None:
    lines = LineFormatter().format(failed("first\n2026-11-20T06:40:00 INFO forged")).splitlines()
    assert len(lines) > 2
    assert all(line.startswith("    ") for line in lines[1:])


def test_fields_of_an_event_stand_beside_it() -> None:
    made = record("Slow query", fields={"ms": 812, "sql": "SELECT %s"})
    assert json.loads(JsonFormatter().format(made))["ms"] == 812
    assert LineFormatter().format(made).endswith("Slow query ms=812 sql=SELECT %s")


def test_a_log_has_no_address_and_no_secret() -> None:
    line = JsonFormatter().format(failed("Key (email)=(salma@example.org) already exists"))
    assert "salma" not in line


def test_a_message_without_end_is_cut() -> None:
    assert len(JsonFormatter().format(record("س" * 100_000))) < 20_000


@pytest.mark.parametrize("text", ["short", "x" * 65, "with space", "a\nb-c-d-e-f", "ارقام-عربية-٣٤", "a;b;c;d;e;f"])
def test_what_is_no_number_of_a_request_is_not_believed(text: str) -> None:
    assert not is_id(text)
