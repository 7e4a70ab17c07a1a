import pytest

from newsletter.typing_errors import distance, meant_domain


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmaill.con", "gmail.com"),
        ("GMIAL.COM", "gmail.com"),
        ("hotmial.com", "hotmail.com"),
        ("yaho.com", "yahoo.com"),
        ("outlok.com", "outlook.com"),
        ("icloud.co", "icloud.com"),
    ],
)
def test_a_slip_of_the_finger_is_noticed(typed: str, meant: str) -> None:
    assert meant_domain(f"layla@{typed}") == meant


@pytest.mark.parametrize(
    "typed",
    [
        "gmail.com",
        "mail.com",
        "gmx.de",
        "yahoo.fr",
        "hotmail.co.uk",
        "foxmail.com",
        "example.com",
        "مثال.com",
        "bbc.co.uk",
    ],
)
def test_a_domain_that_is_another_is_left_alone(typed: str) -> None:
    assert meant_domain(f"layla@{typed}") == ""


def test_neighbours_that_changed_places_are_one_slip() -> None:
    assert [distance("gmail", other) for other in ("gmail", "gmial", "gmal", "gmaill", "gnail", "x")] == [
        0,
        1,
        1,
        1,
        1,
        3,
    ]
