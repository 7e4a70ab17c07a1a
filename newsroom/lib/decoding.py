"""Bytes of unknown origin to text: which of the encodings Arabic news is found in."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

MAX_BYTES = 5_000_000

Reason = Literal["empty", "binary", "too_large", "unreadable"]

_MAGIC = (
    b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"%PDF-", b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"RIFF",
    b"\xd0\xcf\x11\xe0\xa1\xb1", b"7z\xbc\xaf\x27\x1c", b"BZh", b"\x7fELF", b"SQLite format 3\x00",
)  # fmt: skip
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_ARABIC_LETTERS = re.compile("[\u0621-\u064a]")
_TWO_ALPHABETS = re.compile("[A-Za-z][\u0621-\u064a]|[\u0621-\u064a][A-Za-z]")
_COMMON_WORDS = (" في ", " من ", " على ", " ال")
# Shares: chosen so that one broken byte, even in a short text, does not turn it into another alphabet.
_CONTROLS_IN_BINARY = 0.01
_BROKEN_IN_UTF8 = 0.005  # of all characters
_BROKEN_SEQUENCES = 0.2  # of the characters that are not ASCII; Arabic of one byte breaks nearly all of them
_ARABIC_IN_ONE_BYTE = 0.3


@dataclass(frozen=True)
class Decoded:
    """Text, the name of the encoding it was in, and codes of what went wrong on the way."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


class Undecodable(Exception):
    """The bytes are no text we can read; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


def decode(raw: bytes) -> Decoded:
    """Return the text of `raw` in UTF-8, UTF-16 (with or without a mark), cp1256 or ISO-8859-6.

    Raises `Undecodable` for nothing, pictures, archives, more than 5 MB, and bytes that are no Arabic text.
    """
    if len(raw) > MAX_BYTES:
        raise Undecodable("too_large")
    if not raw.strip():
        raise Undecodable("empty")
    if raw.startswith(_MAGIC):
        raise Undecodable("binary")
    decoded = _with_mark(raw) or _utf16(raw) or _utf8(raw) or _one_byte(raw)
    if _share(_CONTROLS, decoded.text) > _CONTROLS_IN_BINARY:
        raise Undecodable("binary")
    if not any(_is_visible(char) for char in decoded.text):
        raise Undecodable("empty")
    return decoded


def decode_list(raw: bytes, *, most_bytes: int) -> Decoded:
    """The same for a table of names and addresses, which may hold few Arabic letters: UTF-8, UTF-16 or cp1256.

    Raises `Undecodable` for nothing, pictures, archives, spreadsheets and more than `most_bytes`.
    """
    if len(raw) > most_bytes:
        raise Undecodable("too_large")
    if not raw.strip():
        raise Undecodable("empty")
    if raw.startswith(_MAGIC):
        raise Undecodable("binary")
    decoded = _with_mark(raw) or _utf16(raw) or _mostly_utf8(raw) or _forgiving(raw, "cp1256")
    if _share(_CONTROLS, decoded.text) > _CONTROLS_IN_BINARY:
        raise Undecodable("binary")
    return decoded


def _with_mark(raw: bytes) -> Decoded | None:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if raw.startswith(mark):
            return _forgiving(raw, encoding)
    return None


def _utf16(raw: bytes) -> Decoded | None:
    """Without a mark: asked before UTF-8, because Arabic in UTF-16 happens to be made of ASCII bytes."""
    for encoding, high_bytes in (("utf-16-le", raw[1::2]), ("utf-16-be", raw[::2])):
        if high_bytes and high_bytes.count(0) + high_bytes.count(6) >= 0.7 * len(high_bytes):
            return _forgiving(raw, encoding)
    return None


def _utf8(raw: bytes) -> Decoded | None:
    decoded = _forgiving(raw, "utf-8")
    broken = decoded.text.count("\ufffd")
    beyond_ascii = sum(char > "\x7f" for char in decoded.text)
    is_utf8 = broken <= max(_BROKEN_IN_UTF8 * len(decoded.text), _BROKEN_SEQUENCES * beyond_ascii)
    return decoded if is_utf8 else None


def _mostly_utf8(raw: bytes) -> Decoded | None:
    """By the letters beyond ASCII alone: a few names among many addresses are a small share of everything."""
    decoded = _forgiving(raw, "utf-8")
    beyond_ascii = len(decoded.text) - len(decoded.text.encode("ascii", "ignore"))
    return decoded if decoded.text.count("\ufffd") <= _BROKEN_SEQUENCES * beyond_ascii else None


def _one_byte(raw: bytes) -> Decoded:
    if len(_CONTROLS.findall(raw.decode("latin-1"))) > _CONTROLS_IN_BINARY * len(raw):
        raise Undecodable("binary")
    candidates = [_forgiving(raw, encoding) for encoding in ("cp1256", "iso-8859-6")]
    best = max(candidates, key=lambda decoded: _likeness(decoded.text))
    if _share(_ARABIC_LETTERS, best.text) < _ARABIC_IN_ONE_BYTE or _share(_TWO_ALPHABETS, best.text) > 0.02:
        raise Undecodable("unreadable")
    return best


def _forgiving(raw: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(raw.decode(encoding), encoding)
    except UnicodeDecodeError:
        return Decoded(raw.decode(encoding, errors="replace"), encoding, ("broken_bytes",))


def _likeness(text: str) -> int:
    words = sum(text.count(word) for word in _COMMON_WORDS)
    return len(_ARABIC_LETTERS.findall(text)) + 20 * words - 3 * text.count("\ufffd")


def _share(pattern: re.Pattern[str], text: str) -> float:
    return len(pattern.findall(text)) / max(1, len(text))


def _is_visible(char: str) -> bool:
    return not char.isspace() and unicodedata.category(char) not in {"Cc", "Cf"}
