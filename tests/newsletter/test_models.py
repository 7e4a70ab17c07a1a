from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from newsletter.enums import SubscriptionStatus
from newsletter.models import ConfirmationRequest, ConsentRecord, MailingList, Subscriber, Subscription

pytestmark = pytest.mark.django_db


def refused(constraint: str):
    return pytest.raises(IntegrityError, match=constraint)


def test_one_address_in_two_spellings_is_one_subscriber() -> None:
    Subscriber.objects.create(email="Name@Example.com")
    with pytest.raises(IntegrityError), transaction.atomic():
        Subscriber.objects.create(email="name@EXAMPLE.com")


def test_subscription_is_unique_for_a_list(mailing_list: MailingList) -> None:
    subscriber = Subscriber.objects.create(email="a@example.com")
    Subscription.objects.create(subscriber=subscriber, mailing_list=mailing_list)
    with pytest.raises(IntegrityError), transaction.atomic():
        Subscription.objects.create(subscriber=subscriber, mailing_list=mailing_list)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"status": "maybe"}, "subscription_status_known"),
        ({"status": "confirmed"}, "subscription_confirmed_is_dated"),
        ({"status": "unsubscribed"}, "subscription_unsubscribed_is_dated"),
        (
            {"status": "confirmed", "confirmed_at": timezone.now(), "ended_at": timezone.now()},
            "subscription_confirmed_is_dated",
        ),
    ],
)
def test_subscription_that_contradicts_itself_is_refused(mailing_list, fields, constraint) -> None:
    subscriber = Subscriber.objects.create(email="a@example.com")
    with refused(constraint), transaction.atomic():
        Subscription.objects.create(subscriber=subscriber, mailing_list=mailing_list, **fields)
    assert not Subscription.objects.exists()


def test_request_cannot_be_used_without_a_link_or_expire_before_it_was_made() -> None:
    subscriber, now = Subscriber.objects.create(email="a@example.com"), timezone.now()
    later = now + timedelta(hours=1)
    with refused("confirmation_request_used_has_token"), transaction.atomic():
        ConfirmationRequest.objects.create(subscriber=subscriber, expires_at=later, used_at=now)
    with refused("confirmation_request_expires_later"), transaction.atomic():
        ConfirmationRequest.objects.create(subscriber=subscriber, created_at=now, expires_at=now)
    assert not ConfirmationRequest.objects.exists()


def test_requests_without_a_link_yet_do_not_clash() -> None:
    subscriber, later = Subscriber.objects.create(email="a@example.com"), timezone.now() + timedelta(hours=1)
    for _ in range(2):
        ConfirmationRequest.objects.create(subscriber=subscriber, expires_at=later)
    ConfirmationRequest.objects.create(subscriber=subscriber, expires_at=later, token_hash="f" * 64)
    with pytest.raises(IntegrityError), transaction.atomic():
        ConfirmationRequest.objects.create(subscriber=subscriber, expires_at=later, token_hash="f" * 64)


def test_consent_record_of_an_unknown_kind_is_refused() -> None:
    subscriber = Subscriber.objects.create(email="a@example.com")
    with refused("consent_action_known"), transaction.atomic():
        ConsentRecord.objects.create(subscriber=subscriber, action="guessed", place="sign_up_form")
    with refused("consent_place_known"), transaction.atomic():
        ConsentRecord.objects.create(subscriber=subscriber, action="requested", place="street")
    assert not ConsentRecord.objects.exists()


def test_list_with_readers_and_reader_with_consent_are_not_deleted(subscription: Subscription) -> None:
    with pytest.raises(ProtectedError):
        subscription.mailing_list.delete()
    with pytest.raises(ProtectedError):
        subscription.subscriber.delete()


def test_list_without_a_name_for_the_address_gets_one_from_its_name() -> None:
    assert MailingList.objects.create(name="نشرة الاقتصاد").slug == "نشرة-الاقتصاد"
    with refused("mailing_list_slug_not_empty"), transaction.atomic():
        MailingList.objects.create(name="؟!")


def test_box_stands_for_the_marked_lists_or_for_the_first() -> None:
    second = MailingList.objects.create(name="الأسبوع", position=2)
    first = MailingList.objects.create(name="الصباح", position=1)
    assert list(MailingList.objects.in_box()) == [first]
    second.is_default = True
    second.save(update_fields=["is_default"])
    assert list(MailingList.objects.in_box()) == [second]


def test_only_confirmed_is_confirmed() -> None:
    confirmed = [status for status in SubscriptionStatus if Subscription(status=status).is_confirmed]
    assert confirmed == [SubscriptionStatus.CONFIRMED]
