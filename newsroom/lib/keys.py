"""The key of a row as a request names it."""

# Digits that a column for keys holds whatever they are: its largest number has one more.
LONGEST_KEY = 18


def read_key(text: str) -> int | None:
    """The number; None for anything but a few digits of ASCII, which is not to reach int() or the database."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_KEY else None
