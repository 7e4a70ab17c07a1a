"""What a picture file is made of, read without a decoder: its size, and whether it is built to keep a machine busy.

Decoders meet only files that have passed here. A megabyte of tiny parts costs them minutes, a thousand passes over the
same pixels too, and WebP takes its memory before it tells its size. Formats: JPEG (ITU T.81, annex B), PNG (third
edition, 5), WebP (RFC 9649).
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from images import refusals

_PNG = b"\x89PNG\r\n\x1a\n"
# Photo editors write a few dozen, one for each 64 KB of their notes.
MOST_SEGMENTS, MOST_NOTES = 300, 4 * 1024 * 1024
# Of one progressive JPEG; encoders write about ten, the most thorough twenty.
MOST_SCANS = 40
# 8 KB of pixels each is what encoders write; some write less.
MOST_CHUNKS = 6_000
# A progressive JPEG is held as two bytes a sample until its last scan has come.
MOST_COEFFICIENTS = 60_000_000

_FRAMES = frozenset({0xC0, 0xC1, 0xC2})  # of these decoders know: baseline, extended, progressive
_OTHER_FRAMES = frozenset(range(0xC0, 0xD0)) - _FRAMES - {0xC4, 0xC8, 0xCC}
_SOI, _EOI, _SOS, _DHP = 0xD8, 0xD9, 0xDA, 0xDE
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
# Fill bytes before a marker; decoders step over each by itself.
_FILL = re.compile(rb"\xff{1,64}(?!\xff)")
# Read from the beginning of a run alone, and given back no more: a run that is followed by what ends no scan would be
# read again from each of its bytes.
_END_OF_SCAN = re.compile(rb"(?<!\xff)\xff++[^\x00\xd0-\xd7\xff]", re.DOTALL)


@dataclass(frozen=True)
class Anatomy:
    """`decoder` is Pillow's name of the format, sizes are in px as the file tells them, before it is turned."""

    decoder: str
    width: int
    height: int


def anatomy(raw: bytes) -> Anatomy:
    """Raises UploadRefused: no picture of ours, broken, moving, or of too many parts."""
    try:
        if raw.startswith(b"\xff\xd8\xff"):
            return _jpeg(raw)
        if raw.startswith(_PNG):
            return _png(raw)
        if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
            return _webp(raw)
    except (struct.error, IndexError) as error:
        raise refusals.unreadable() from error
    raise refusals.unreadable()


def _jpeg(raw: bytes) -> Anatomy:
    found: Anatomy | None = None
    notes = scans = 0
    for segments, (marker, body) in enumerate(_segments(raw), start=1):
        if marker == _SOS:
            scans += 1
        elif marker in _FRAMES:
            if found:
                raise refusals.unreadable()
            found = _frame(body, is_progressive=marker == 0xC2)
        elif marker in _OTHER_FRAMES or marker == _DHP:
            raise refusals.unreadable()
        elif marker >= 0xE0:
            notes += len(body)
        if scans > MOST_SCANS or segments - scans > MOST_SEGMENTS or notes > MOST_NOTES:
            raise refusals.too_intricate()
    if found is None or not scans:
        raise refusals.unreadable()
    return found


def _segments(raw: bytes) -> Iterator[tuple[int, memoryview]]:
    """(marker, body) up to the end of the first picture; what follows it, such as a preview, is nobody's business."""
    view, offset = memoryview(raw), 2
    while offset < len(raw):
        fill = _FILL.match(raw, offset)
        if fill is None:
            raise refusals.unreadable()
        marker, offset = raw[fill.end()], fill.end() + 1
        if marker == _EOI:
            return
        if marker in _ALONE:
            raise refusals.unreadable()
        (size,) = struct.unpack_from(">H", raw, offset)
        if size < 2:
            raise refusals.unreadable()
        yield marker, view[offset + 2 : offset + size]
        offset += size
        if marker == _SOS:
            end = _END_OF_SCAN.search(raw, offset)
            if end is None:
                return  # cut off: the decoder says how much is missing
            offset = end.start()


def _frame(body: memoryview, *, is_progressive: bool) -> Anatomy:
    precision, height, width, parts = struct.unpack_from(">BHHB", body)
    if precision != 8 or parts not in {1, 3, 4} or not width or not height:
        raise refusals.unreadable()
    if is_progressive and _coefficients(body, width, height, parts) > MOST_COEFFICIENTS:
        raise refusals.too_large(MOST_COEFFICIENTS // 3)
    return Anatomy("JPEG", width, height)


def _coefficients(body: memoryview, width: int, height: int, parts: int) -> float:
    """How many samples the components have: those of colour often have a quarter."""
    factors = [divmod(body[7 + 3 * number], 16) for number in range(parts)]
    widest, highest = max(each[0] for each in factors) or 1, max(each[1] for each in factors) or 1
    return sum(width * height * across / widest * down / highest for across, down in factors)


def _png(raw: bytes) -> Anatomy:
    offset, chunks = len(_PNG), 0
    while offset < len(raw):
        size, kind = struct.unpack_from(">I4s", raw, offset)
        if kind == b"acTL":
            raise refusals.animated()
        if kind == b"IEND":
            break
        offset += 12 + size
        chunks += 1
        if chunks > MOST_CHUNKS:
            raise refusals.too_intricate()
    size, kind, width, height = struct.unpack_from(">I4sII", raw, len(_PNG))
    if kind != b"IHDR" or not width or not height:
        raise refusals.unreadable()
    return Anatomy("PNG", width, height)


def _webp(raw: bytes) -> Anatomy:
    """Of an extended file the canvas, which is what the decoder makes room for."""
    size: tuple[int, int] | None = None
    offset, chunks = 12, 0
    while offset + 8 <= len(raw):
        kind, length = struct.unpack_from("<4sI", raw, offset)
        if kind in {b"ANIM", b"ANMF"}:
            raise refusals.animated()
        size = size or _webp_size(kind, raw[offset + 8 : offset + 18])
        offset += 8 + length + length % 2
        chunks += 1
        if chunks > MOST_SEGMENTS:
            raise refusals.too_intricate()
    if size is None:
        raise refusals.unreadable()
    return Anatomy("WEBP", *size)


def _webp_size(kind: bytes, head: bytes) -> tuple[int, int] | None:
    if kind == b"VP8X":
        return int.from_bytes(head[4:7], "little") + 1, int.from_bytes(head[7:10], "little") + 1
    if kind == b"VP8L":
        (packed,) = struct.unpack_from("<I", head, 1)
        return (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", head, 6)
        return width & 0x3FFF, height & 0x3FFF
    return None
