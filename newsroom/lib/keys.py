"""Keys of rows and other whole numbers as a request names them."""

# Digits that a column for keys holds whatever they are: its largest number has one more.
LONGEST_KEY = 18


def read_number(text: str, digits: int = 9) -> int | None:
    """The number; None for anything but a few digits of ASCII, which is not to reach int() or the database."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else None


def read_key(text: str) -> int | None:
    return read_number(text, LONGEST_KEY)
