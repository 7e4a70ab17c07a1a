"""Outgoing mail as files, for machines without a mail server: settings.MAIL_FOLDER/20261120/0940/094012-….eml (UTC).

A folder for each minute, so that none grows without end, and names that sort by time.
"""

import os
import re
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

_DAY, _MINUTE = re.compile("[0-9]{8}"), re.compile("[0-9]{4}")
_FILE = re.compile(r"[0-9]{6}-[0-9]{6}-[0-9a-f]{8}\.eml")


class EmlFileBackend(BaseEmailBackend):
    """Keeps each message as one `.eml` file, which every mail program opens."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            made: Any = message.message()  # Django's own class, which the stubs do not name
            keep(made.as_bytes(linesep="\r\n"))
        return len(email_messages)


def keep(message: bytes) -> str:
    """Write one message as it would have left; its name below the folder. Nobody but the site may read it."""
    now = timezone.now()
    folder = Path(settings.MAIL_FOLDER, f"{now:%Y%m%d}", f"{now:%H%M}")
    name = f"{now:%H%M%S-%f}-{uuid.uuid4().hex[:8]}.eml"
    for attempt in (1, 2):
        try:
            descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            break
        except FileNotFoundError:
            if attempt == 2:
                raise
            _make(folder)
    with os.fdopen(descriptor, "wb") as file:
        file.write(message)
    return f"{folder.parent.name}/{folder.name}/{name}"


def kept_names(*, before: str = "") -> Iterator[str]:
    """Names below the folder, newest first; with `before` only those that sort before that name."""
    for day in _entries(Path(settings.MAIL_FOLDER), _DAY, before[:8]):
        rest = before[9:13] if day.name == before[:8] else ""
        for minute in _entries(day, _MINUTE, rest):
            here = f"{day.name}/{minute.name}"
            last = before[14:] if here == before[:13] else ""
            yield from (f"{here}/{file.name}" for file in _entries(minute, _FILE, last) if file.name != last)


def kept_path(name: str) -> Path | None:
    """The file of that name; None for whatever is no name of ours, so that nothing outside is ever read."""
    parts = name.split("/")
    patterns = (_DAY, _MINUTE, _FILE)
    if len(parts) != len(patterns) or not all(
        pattern.fullmatch(part) for pattern, part in zip(patterns, parts, strict=True)
    ):
        return None
    path = Path(settings.MAIL_FOLDER, *parts)
    return path if path.is_file() and not path.is_symlink() else None


def _make(folder: Path) -> None:
    """Each level for us alone: mkdir(parents=True) would give the mode to the last one only."""
    root = Path(settings.MAIL_FOLDER)
    root.parent.mkdir(parents=True, exist_ok=True)
    for level in (root, folder.parent, folder):
        level.mkdir(mode=0o700, exist_ok=True)


def _entries(folder: Path, pattern: re.Pattern[str], last: str) -> list[Path]:
    """What of ours is in a folder, newest first, not after `last`."""
    try:
        names = [name for name in os.listdir(folder) if pattern.fullmatch(name) and (not last or name <= last)]
    except FileNotFoundError:
        return []
    return [folder / name for name in sorted(names, reverse=True)]
