import base64
import random

from newsletter.mails.encoding import EncodedPart, lines


def test_filled_part_is_the_base64_of_the_whole_text() -> None:
    """In pieces and slots of every length modulo three, empty ones among them."""
    choice = random.Random(11)  # noqa: S311 - a fixed draw
    for _ in range(500):
        count = choice.randint(0, 6)
        fixed = [
            "".join(choice.choices("a1<ب😀", k=choice.choice([0, 1, 2, 3, 4, 56, 57, 58, 300])))
            for _ in range(count + 1)
        ]
        names = [f"s{number}" for number in range(count)]
        values = {name: ("x" * choice.choice([0, 1, 2, 3, 60, 254])).encode() for name in names}
        pieces = [fixed[0]]
        for name, piece in zip(names, fixed[1:], strict=True):
            pieces += [name, piece]
        whole = b"".join(values[piece] if place % 2 else piece.encode() for place, piece in enumerate(pieces))
        made = EncodedPart(pieces).filled(values)
        assert base64.b64decode(made.replace(b"\r\n", b""), validate=True) == whole
        assert all(len(line) <= 76 for line in made.split(b"\r\n"))
        assert not whole or made.endswith(b"\r\n")


def test_one_slot_may_stand_in_many_places() -> None:
    assert EncodedPart(["a", "s", "b", "s", "c"]).filled({"s": b"xy"}) == lines(b"axybxyc")


def test_padding_stands_at_the_very_end_alone() -> None:
    """A decoder stops at it (RFC 4648 §3.3)."""
    made = EncodedPart(["a" * 58, "s", "b" * 58]).filled({"s": b"1"})
    assert b"=" not in made.rstrip(b"=\r\n")
