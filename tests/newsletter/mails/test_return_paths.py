"""Numbers of deliveries in addresses and message ids: ours are known again, nobody else's are taken for one."""

import pytest

from newsletter.mails.message_ids import delivery_of_message_id, message_id
from newsletter.mails.verp import bounce_address, delivery_leaving, delivery_of, leaving_address


@pytest.fixture(autouse=True)
def mailbox(settings) -> None:
    settings.BOUNCE_ADDRESS = "bounces@news.example.org"


def test_report_names_its_delivery() -> None:
    for number in (1, 123, 10**18 - 1):
        address = bounce_address(number)
        assert address.startswith(f"bounces+d{number}.")
        assert address.endswith("@news.example.org")
        assert len(address.partition("@")[0]) <= 64  # RFC 5321 §4.5.3.1.1
        assert delivery_of(address) == delivery_of(address.upper()) == delivery_of(f"<{address}>") == number


def test_made_up_address_names_nothing() -> None:
    address = bounce_address(123)
    for other in (address.replace("d123", "d124"), "bounces+d123@x", "bounces+d123.0000000000@x", "", "a@b", "d123"):
        assert delivery_of(other) is None


def test_no_mailbox_no_address(settings) -> None:
    settings.BOUNCE_ADDRESS = ""
    assert bounce_address(123) == leaving_address(123) == ""


def test_message_id_is_the_same_at_every_attempt_and_leads_back() -> None:
    assert message_id(123) == message_id(123) != message_id(124)
    assert delivery_of_message_id(message_id(123)) == 123
    assert delivery_of_message_id(f" {message_id(123)}\r\n") == 123
    assert delivery_of_message_id(message_id(123).strip("<>")) == 123


def test_message_id_of_somebody_else_leads_nowhere() -> None:
    own = message_id(123)
    for other in (own.replace("d123", "d124"), "<abc@example.org>", "", "<d123.00000000@x>", "<d٣.00000000@x>"):
        assert delivery_of_message_id(other) is None


def test_neither_stands_for_the_other() -> None:
    signature = message_id(123).partition(".")[2].partition("@")[0]
    assert signature not in bounce_address(123)
    assert delivery_leaving(leaving_address(123)) == 123
    assert delivery_of(leaving_address(123)) is delivery_leaving(bounce_address(123)) is None
    assert delivery_leaving(bounce_address(123).replace("+d", "+u")) is None


def test_change_of_the_key_loses_no_report(settings) -> None:
    address, identifier = bounce_address(123), message_id(123)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key" * 9
    assert delivery_of(address) == delivery_of_message_id(identifier) == 123
    settings.SECRET_KEY_FALLBACKS = []
    assert delivery_of(address) is delivery_of_message_id(identifier) is None
