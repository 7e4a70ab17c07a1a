"""Programs that know RFC 2369 alone unsubscribe by a mail to the address in the header."""

import pytest

from newsletter.enums import SubscriptionStatus
from newsletter.mails.verp import bounce_address, leaving_address
from newsletter.models import Subscription, Suppression
from newsletter.returns.receiving import Outcome, receive
from tests.newsletter.returns.sent import make_delivery

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mailbox(settings) -> None:
    settings.BOUNCE_ADDRESS = "bounces@news.example.org"


def mail(to: str, *headers: str) -> bytes:
    lines = [f"To: {to}", "From: Layla <layla@example.com>", "Subject: unsubscribe", *headers, "", "", ""]
    return "\r\n".join(lines).encode()


def status() -> str:
    return Subscription.objects.get().status


def test_mail_to_the_address_ends_the_subscription() -> None:
    delivery = make_delivery()
    for _ in range(2):
        assert receive(mail(leaving_address(delivery.pk))) == Outcome.NOTED
        assert status() == SubscriptionStatus.UNSUBSCRIBED
    assert not Suppression.objects.exists()


def test_address_of_the_envelope_is_enough() -> None:
    delivery = make_delivery()
    receive(mail("undisclosed-recipients:;"), recipients=[leaving_address(delivery.pk)])
    assert status() == SubscriptionStatus.UNSUBSCRIBED


def test_mail_to_any_other_address_ends_nothing() -> None:
    delivery = make_delivery()
    made_up = f"bounces+u{delivery.pk}.0000000000@news.example.org"
    for address in (bounce_address(delivery.pk), made_up, "bounces@news.example.org"):
        receive(mail(address))
    receive(mail(leaving_address(delivery.pk), "Auto-Submitted: auto-replied"))
    assert status() == SubscriptionStatus.CONFIRMED
