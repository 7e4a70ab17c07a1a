import pytest

from newsroom.lib.networks import household, region


@pytest.mark.parametrize(
    ("address", "counted", "kept"),
    [
        ("198.51.100.7", "198.51.100.7", "198.51.100.0"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::", "2001:db8:1::"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::", "2001:db8:1::"),
    ],
)
def test_a_household_is_counted_and_a_region_is_kept(address: str, counted: str, kept: str) -> None:
    assert (household(address), region(address)) == (counted, kept)


def test_what_is_no_address_is_refused() -> None:
    for text in ("", "example.com", "1.2.3", "::1%eth0x/64"):
        with pytest.raises(ValueError, match="does not appear to be"):
            household(text)
