import pytest
from django.core.exceptions import ValidationError

from newsletter.addresses import clean_address, mask, normalise, readable, validate_address

GOOD = [
    "name@example.com",
    "first.last+news@mail.example.co",
    "o'neil@example.com",
    "_x@example.com",
    "7@example.com",
    "name@مثال.السعودية",
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
    validate_address(address)


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
