"""Base64 of a text with slots, most of it done once for all messages."""

from binascii import b2a_base64
from collections.abc import Mapping

_LINE = 57  # bytes that make 76 characters


def lines(data: bytes) -> bytes:
    """Base64 in lines of 76 characters (RFC 2045 §6.8), each with its CRLF; nothing for nothing."""
    whole = (b2a_base64(data[start : start + _LINE], newline=False) for start in range(0, len(data), _LINE))
    return b"".join(line + b"\r\n" for line in whole)


class EncodedPart:
    """The body of one part. Lines may be shorter than 76 characters, so a piece is encoded by itself.

    Three bytes make four characters. Where a slot leaves one or two bytes over, they are encoded together with the
    slot; hence each piece is kept in three forms, without its first 0, 1 and 2 bytes.
    """

    def __init__(self, pieces: list[str]) -> None:
        fixed = [piece.encode() for piece in pieces[::2]]
        self._start = _cut(fixed[0], 0)
        self._rest = [
            (name, piece, [_cut(piece, skipped) for skipped in range(3)] if len(piece) > 2 else [])
            for name, piece in zip(pieces[1::2], fixed[1:], strict=True)
        ]

    def filled(self, values: Mapping[str, bytes]) -> bytes:
        """`values` are bytes by the names of slots."""
        _head, encoded, over = self._start
        out = [encoded]
        for name, piece, forms in self._rest:
            here = over + values[name]
            if not forms:
                over = here + piece
                continue
            head, encoded, over = forms[-len(here) % 3]
            out += (lines(here + head), encoded)
        out.append(lines(over))
        return b"".join(out)


def _cut(piece: bytes, skipped: int) -> tuple[bytes, bytes, bytes]:
    """The bytes that go with the slot before, whole groups of three as lines, and the bytes left over."""
    end = len(piece) - (len(piece) - skipped) % 3
    return piece[:skipped], lines(piece[skipped:end]), piece[end:]
