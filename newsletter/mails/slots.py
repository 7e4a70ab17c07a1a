"""The few places of a compiled mail that differ from reader to reader.

While a mail is rendered a slot is a word that no text holds; afterwards the text is cut there (`cut`). What is cut is
a list of fixed pieces and names of slots by turns, beginning and ending with a piece.
"""

import re
import secrets
from collections.abc import Mapping
from typing import NamedTuple


class Recipient(NamedTuple):
    """Who a message is for, as a batch of deliveries is read."""

    delivery_id: int
    subscriber_id: int
    subscription_id: int
    variant: str
    email: str
    name: str


class Slots:
    """Marks of one rendering: `slots.name`, `slots.email`, ... in templates, `slots["click3"]` in code."""

    def __init__(self) -> None:
        self._nonce = f"slot{secrets.token_hex(8)}"

    def __getitem__(self, name: str) -> str:
        # Letters and digits alone: neither an address nor HTML escapes them.
        return f"{self._nonce}Q{name}Q"

    def cut(self, text: str) -> list[str]:
        return re.split(rf"{self._nonce}Q([a-z0-9]+)Q", text)


def fill(pieces: list[str], values: Mapping[str, str]) -> str:
    return "".join(values[piece] if place % 2 else piece for place, piece in enumerate(pieces))


def names(pieces: list[str]) -> set[str]:
    return set(pieces[1::2])
