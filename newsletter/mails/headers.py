"""Header lines as they leave: ASCII alone, folded, and nothing that a value holds can begin another one."""

import base64
import re

from newsletter.address_keys import mail_domain

_BROKEN = re.compile(r"[\x00-\x1f\x7f]")
_LINE = 76  # characters, RFC 2047 §2
_PLAIN = re.compile(r"(?!.*=\?)[\x20-\x7e]{0,60}")
_WORD_START, _WORD_END = "=?utf-8?b?", "?="


class HeaderRefused(ValueError):
    """A value that would end its line: somebody tried to smuggle in a header."""


def header(name: str, value: str) -> str:
    """One line, or several when `value` is folded already. Raises HeaderRefused."""
    unfolded = value.replace("\r\n ", " ")
    if _BROKEN.search(unfolded) or not unfolded.isascii():
        raise HeaderRefused(name)
    return f"{name}: {value}\r\n"


def encoded(text: str, *, after: int) -> str:
    """A text for a header whose line has `after` characters already: as it is, or as encoded words (RFC 2047).

    No encoded word ends inside a character, and no line is longer than 76 characters. Line breaks and other control
    characters become spaces.
    """
    text = _BROKEN.sub(" ", text)
    return text if _PLAIN.fullmatch(text) else encoded_words(text, after=after)


def encoded_words(text: str, *, after: int) -> str:
    """The same, in encoded words whatever the text."""
    words, word, room = [], b"", _bytes_in(_LINE - after)
    for char in _BROKEN.sub(" ", text):
        # A lone surrogate, half of a character, has no bytes of its own.
        octets = char.encode(errors="replace")
        if len(word) + len(octets) > room:
            words.append(word)
            word, room = b"", _bytes_in(_LINE - 1)
        word += octets
    words.append(word)
    return "\r\n ".join(f"{_WORD_START}{base64.b64encode(each).decode()}{_WORD_END}" for each in words)


def _bytes_in(characters: int) -> int:
    return (min(characters, 75) - len(_WORD_START) - len(_WORD_END)) // 4 * 3


def mailbox(name: str, address: str, *, after: int) -> str:
    """`name <address>`; the name in encoded words, so that no sign in it means anything."""
    name = " ".join(name.split())
    if not name:
        return address
    words = encoded_words(name, after=after)
    fits = len(words.rpartition("\r\n")[2]) + len(address) + 3 <= _LINE - after
    return f"{words}{' ' if fits else chr(13) + chr(10) + ' '}<{address}>"


def ascii_address(address: str) -> str:
    """An address with its domain in ASCII. Raises HeaderRefused for what is no address in one line."""
    try:
        local, at, _domain = address.rpartition("@")
        written = address if address.isascii() else f"{local}@{mail_domain(address)}"
    except UnicodeError as error:
        raise HeaderRefused("address") from error
    if not at or not written.isascii() or _NO_ADDRESS.search(written):
        raise HeaderRefused("address")
    return written


_NO_ADDRESS = re.compile(r"[\x00-\x20\x7f<>,;:\"()\[\]\\]")
