import random

import pytest
from django.core.exceptions import ValidationError

from newsletter.addresses import clean_address, mask, normalise, readable, validate_address


def encoded(letters: str) -> str:
    """An xn-- label as an attacker makes it: without any of the rules that a registry has."""
    return "xn--" + letters.encode("punycode").decode("ascii")


GOOD = [
    "name@example.com",
    "first.last+news@mail.example.co",
    "o'neil@example.com",
    "_x@example.com",
    "7@example.com",
    "name@مثال.السعودية",
    "name@xn--mgbh0fb.xn--mgberp4a5d4ar",
    "name@XN--MGBH0FB.com",
    "name@col·legi.cat",
    "a@" + "b" * 63 + ".com",
    "a" * 64 + "@example.com",
]
BAD = {
    "header in one line": "a@b.co Bcc: victim@example.com",
    "two addresses": "a@b.co,c@d.co",
    "formula": "=cmd|x@x.com",
    "formula with plus": "+1@x.com",
    "formula with minus": "-1@x.com",
    "comment in a spreadsheet": "'--@x.com",
    "formula with at": "@sum@x.com",
    "host without a dot": "a@localhost",
    "address literal": "a@[127.0.0.1]",
    "address of a machine": "a@127.0.0.1",
    "quoted": '"a b"@x.com',
    "angle brackets": "<a@x.com>",
    "letters no mail server takes": "ليلى@example.com",
    "dot at the end": "a.@x.com",
    "two dots": "a..b@x.com",
    "hyphen first": "a@-x.com",
    "underscore in the domain": "a@x_y.com",
    "empty label": "a@x..com",
    "encoded label that holds nothing": "a@xn--a.example",
    "encoded label that holds nothing but a digit": "a@xn--0.example",
    "encoded label of capitals that holds nothing": "a@XN--A.example",
    "encoded label at the end": "a@example.xn--a",
    "encoded label that is no shortest form": "a@xn--example-.com",
    "encoded full stop": f"a@{encoded('x。y')}.example",
    "encoded end of a direction": f"a@{encoded('x' + chr(0x2069) + 'y')}.example",
    "encoded slash": f"a@{encoded('x/é')}.example",
    "encoded at": f"a@{encoded('x@é')}.example",
    "encoded tag": f"a@{encoded('<b>é')}.example",
    "encoded capital": f"a@{encoded('É')}.example",
    "label of 64": "a@" + "b" * 64 + ".com",
    "one letter at the end": "a@x.c",
    "local part of 65": "a" * 65 + "@x.com",
    "more than 254": "a@" + ".".join(["b" * 49] * 5) + ".com" + "m",
    "more than 254 in its ASCII form": "a@" + ".".join(["سشيبلاتنمكطذءؤرىةوزظ"] * 8) + ".com",
    "nothing before the at": "@x.com",
    "nothing after it": "a@",
    "nothing at all": "",
    "no at": "example.com",
}


@pytest.mark.parametrize("address", GOOD)
def test_address_that_can_receive_mail_is_accepted(address: str) -> None:
    assert validate_address(address) is None, "a validator says no by raising"


@pytest.mark.parametrize("address", BAD.values(), ids=BAD.keys())
def test_address_that_cannot_or_must_not_is_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        validate_address(address)


def test_longest_address_is_accepted_and_one_more_is_not() -> None:
    longest = "a@" + ".".join(["b" * 61] * 4) + ".com"
    assert len(longest) == 253
    validate_address("a" + longest)
    with pytest.raises(ValidationError):
        validate_address("aa" + longest)


@pytest.mark.parametrize(
    "typed",
    [
        "  name7@example.com\n",
        "\u200fname7@example.com\u200f",
        "\u202ename7@example.com\u202c",
        "name٧@example.com",
        "name۷@example.com",
        "\u00a0name7@exa\u200bmple.com\ufeff",
    ],
)
def test_what_a_keyboard_or_a_copy_adds_is_cleaned_away(typed: str) -> None:
    assert clean_address(typed) == "name7@example.com"


@pytest.mark.parametrize("smuggled", ["a@b.co\r\nBcc: victim@example.com", "a@b.co\u2028Bcc: x@example.com"])
def test_cleaning_never_makes_a_smuggled_header_valid(smuggled: str) -> None:
    with pytest.raises(ValidationError):
        validate_address(clean_address(smuggled))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Name@Example.COM", "name@example.com"),
        ("a@مثال.السعودية", "a@xn--mgbh0fb.xn--mgberp4a5d4ar"),
        ("a@b\u3002com", "a@b.com"),
        ("a@caf\u00e9.fr", "a@cafe\u0301.fr"),
    ],
)
def test_two_spellings_of_one_address_have_one_normal_form(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


def test_normal_form_is_shown_in_letters() -> None:
    assert readable(normalise("Name@مثال.السعودية")) == "name@مثال.السعودية"


def test_mask_shows_the_first_letter_and_the_domain() -> None:
    assert mask(normalise("Layla@example.com")) == "l•••@example.com"
    assert mask(normalise("a@مثال.السعودية")) == "a•••@مثال.السعودية"


def hostile_address(chance: random.Random) -> str:
    """One out of pieces that are right, nearly right or meant to break something."""
    letters = ["a", "z", "0", "-", "é", "ß", "İ", "ς", "م", "٣", "ـ", "中", "·", "。", ".", "/", "@", "<", " ", "_"]
    letters += [chr(code) for code in (0x300, 0x200D, 0x202E, 0x2069, 0xAD, 0xD800, 0xE000, 0xFEFF, 0x1F600, 0x10FFFF)]

    def text() -> str:
        return "".join(chance.choices(letters, weights=[9] * 4 + [1] * (len(letters) - 4), k=chance.randint(1, 9)))

    def label() -> str:
        junk = "".join(chance.choices("abcxyz0189-", k=chance.randint(0, 12)))
        good = chance.choice(["example", "مثال", "xn--mgbh0fb", "caf\u00e9", "b" * 63])
        return chance.choice([good, good, text(), "xn--" + junk, "XN--" + junk, "xn--" + text()])

    def smuggled() -> str:
        return encoded("".join(letter for letter in text() if letter != chr(0xD800)))

    labels = [chance.choice([label, label, smuggled])() for _ in range(chance.randint(1, 3))]
    local = chance.choice(["a", "a", "A.b", text(), "x" * 64])
    return f"{local}@{'.'.join([*labels, chance.choice(['com', 'com', label()])])}"


def test_whatever_is_accepted_can_be_compared_shown_and_masked() -> None:
    chance, accepted = random.Random(2026), 0  # noqa: S311 - the same ones in every run
    for _ in range(3000):
        address = hostile_address(chance)
        try:
            validate_address(address)
        except ValidationError:
            continue
        accepted += 1
        normal = normalise(address)
        shown = readable(normal)
        assert normalise(normal) == normalise(shown) == normal, address
        assert normal.isascii()
        assert len(normal) <= 254
        assert shown.isprintable()
        assert shown.count("@") == mask(normal).count("@") == 1, address
        assert shown.count(".") == normal.count("."), address
        assert mask(normal).endswith(shown.rpartition("@")[2])
    assert accepted > 100
