"""The record of consent is added to, never changed: the database itself refuses."""

import pytest
from django.db import DatabaseError, connection, transaction

from newsletter.models import ConsentRecord, Subscription
from tests.newsletter.conftest import Post, unsubscribe_path

pytestmark = pytest.mark.django_db


def refused():
    return pytest.raises(DatabaseError, match="append-only")


@pytest.mark.parametrize(
    "change",
    [
        {"action": "erased"},
        {"wording": "x"},
        {"mailing_list_name": "x"},
        {"place": "desk"},
        {"address_hash": "0" * 32},
        {"at": "2020-01-01T00:00Z"},
        {"network": "203.0.113.0"},
        {"subscriber": None, "wording": "x"},
        {"subscriber": None, "network": "203.0.113.0"},
    ],
)
def test_nothing_in_a_record_is_changed(subscription: Subscription, change: dict[str, object]) -> None:
    before = list(ConsentRecord.objects.values())
    with refused(), transaction.atomic():
        ConsentRecord.objects.update(**change)
    assert list(ConsentRecord.objects.values()) == before


def test_record_loses_its_subscriber_and_its_network_and_gets_no_other(subscription: Subscription) -> None:
    ConsentRecord.objects.update(subscriber=None, network="")
    with refused(), transaction.atomic():
        ConsentRecord.objects.update(subscriber=subscription.subscriber)
    assert set(ConsentRecord.objects.values_list("subscriber", "network")) == {(None, "")}


def test_no_record_is_deleted(subscription: Subscription) -> None:
    count = ConsentRecord.objects.count()
    with refused(), transaction.atomic():
        ConsentRecord.objects.all().delete()
    with refused(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM newsletter_consentrecord")
    assert ConsentRecord.objects.count() == count > 0


def test_record_says_from_which_region_a_reader_agreed(sign_up: Post) -> None:
    sign_up(REMOTE_ADDR="198.51.100.7")
    assert ConsentRecord.objects.get().network == "198.51.100.0"


def test_button_of_a_mail_program_says_nothing_of_the_reader(subscription: Subscription, post: Post) -> None:
    post(unsubscribe_path(subscription), {"List-Unsubscribe": "One-Click"}, REMOTE_ADDR="198.51.100.7")
    assert ConsentRecord.objects.latest("id").network == ""
