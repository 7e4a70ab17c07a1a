"""What a line of the log looks like: for people, or as JSON for what collects logs. One event is one line.

A name that a reader made up must not look like an event of ours (CVE-2025-48432), nor may it say who he is.
Read by gunicorn before there are settings, so it needs nothing of Django.
"""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

from newsroom.lib.current_work import current_work
from newsroom.lib.redacting import redacted

FORMATS = ("line", "json")
# Letters of a message or a traceback; its beginning and its end say most.
LONGEST = 16_000
# What ends a line somewhere, turns one round, or tells a terminal to do something.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class _Formatter(logging.Formatter):
    def told(self, record: logging.LogRecord) -> dict[str, Any]:
        """`record.fields` are more of them (`extra={"fields": {...}}`): names and numbers, never what a reader sent."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told: dict[str, Any] = {"at": moment, "level": record.levelname, "logger": record.name}
        told["message"] = _told(record.getMessage())
        if work := current_work():
            told |= {"request": work.id, "work": work.name} if work.name else {"request": work.id}
        return told | getattr(record, "fields", {})

    def broken(self, record: logging.LogRecord) -> str:
        """The traceback, '' for none."""
        if record.exc_info:
            return _told(self.formatException(record.exc_info))
        return _told(record.exc_text) if record.exc_text else ""


class JsonFormatter(_Formatter):
    def format(self, record: logging.LogRecord) -> str:
        told = self.told(record)
        if broken := self.broken(record):
            told["exception"] = broken
        # json writes controls below U+0020 as \n and \u0000 itself; the others would end a line for some readers.
        return _CONTROLS.sub(_escaped, json.dumps(told, ensure_ascii=False, default=str))


class LineFormatter(_Formatter):
    def format(self, record: logging.LogRecord) -> str:
        told = self.told(record)
        line = f"{told.pop('at')} {told.pop('level')} {told.pop('logger')}: {told.pop('message')}"
        rest = " ".join(f"{name}={value}" for name, value in told.items())
        line = _CONTROLS.sub(_escaped, f"{line} {rest}".rstrip())
        # Pushed in, so that nothing in it looks like the beginning of an event.
        broken = "".join(f"\n    {_CONTROLS.sub(_escaped, each)}" for each in self.broken(record).splitlines())
        return line + broken


def formatter_of(name: str) -> logging.Formatter:
    return JsonFormatter() if name == "json" else LineFormatter()


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}" if found[0] != "\n" else "\\n"


def _told(text: str) -> str:
    return redacted(_cut(text))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST // 2]} […] {text[-LONGEST // 2 :]}"
