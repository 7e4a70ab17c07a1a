"""What a sender did since the database last heard of it: small records, read by whoever finds the sender dead.

"Intent" is written before the first byte of a message leaves, the other two as soon as the mail server's answer is
read. So a message with an intent and no answer is the only kind of which nobody knows whether it was taken: one for
each open connection (RFC 5321 §4.5.4.1 and RFC 1047 on the window after the final dot).

The records outlive the process, not a power cut: they are not forced to the disk.
"""

import os
import struct
import zlib
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple


class Mark(IntEnum):
    INTENT = 1
    ACCEPTED = 2
    NOT_ACCEPTED = 3  # refused, deferred, or broken off before its last byte


class Entry(NamedTuple):
    """`attempt` counts from 1 for each delivery, so that an earlier attempt is never taken for this one."""

    mark: Mark
    delivery_id: int
    attempt: int
    code: int = 0


# Mark, attempt, code of the answer, delivery; then the CRC-32 of these: 16 bytes.
_BODY = struct.Struct("<BBHQ")
_CHECK = struct.Struct("<I")
RECORD_SIZE = _BODY.size + _CHECK.size


_MARKS = frozenset(mark.value for mark in Mark)


class JournalBroken(Exception):
    """It cannot be written (a full disk): nothing more may be sent."""


class Journal:
    """Open for writing. Threads may share it: each record is one write at the end of the file."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)

    def write(self, entry: Entry) -> None:
        """Raises JournalBroken."""
        try:
            written = os.write(self._file, packed(entry))
        except OSError as error:
            raise JournalBroken(str(error)) from error
        if written != RECORD_SIZE:
            raise JournalBroken("a record was cut off")

    def close(self) -> None:
        os.close(self._file)


def packed(entry: Entry) -> bytes:
    body = _BODY.pack(entry.mark, entry.attempt & 0xFF, entry.code, entry.delivery_id)
    return body + _CHECK.pack(zlib.crc32(body))


def read(content: bytes) -> list[Entry]:
    """The records up to the first that is cut off or damaged."""
    entries = []
    for start in range(0, len(content) - RECORD_SIZE + 1, RECORD_SIZE):
        body, check = content[start : start + _BODY.size], content[start + _BODY.size : start + RECORD_SIZE]
        mark, attempt, code, delivery_id = _BODY.unpack(body)
        if _CHECK.unpack(check)[0] != zlib.crc32(body) or mark not in _MARKS:
            break
        entries.append(Entry(Mark(mark), delivery_id, attempt, code))
    return entries


def last_words(content: bytes) -> dict[tuple[int, int], Entry]:
    """What is known at last of each attempt, by delivery and attempt."""
    return {(entry.delivery_id, entry.attempt): entry for entry in read(content)}
