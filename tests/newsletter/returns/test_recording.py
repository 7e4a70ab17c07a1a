"""What follows from a report, whenever and however often it comes (invariant 13 of the newsletter)."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from django.utils import timezone

from newsletter.address_keys import address_hash
from newsletter.enums import ConsentPlace, DeliveryState, EndReason, EventKind, SubscriptionStatus, SuppressionReason
from newsletter.models import ConsentRecord, Delivery, DeliveryEvent, Subscriber, Subscription, Suppression
from newsletter.returns.recording import SOFT_BOUNCES, record_event
from newsletter.suppressing import is_suppressed
from tests.factories import make_mailing_list, make_subscription
from tests.newsletter.returns.sent import EMAIL, make_deliveries, make_delivery, make_sent_issue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def report(kind: EventKind, delivery: Delivery | None = None, event_id: str = "", **fields: Any) -> bool:
    defaults = {"provider": "test", "event_id": event_id or f"{kind}:{delivery and delivery.pk}"}
    if delivery and delivery.sent_at:
        defaults["at"] = delivery.sent_at + timedelta(minutes=1)
    return record_event(**{"at": timezone.now(), **defaults, "kind": kind, "delivery": delivery, **fields})


def test_hard_bounce_suppresses_the_address_everywhere():
    delivery = make_delivery()
    other = make_subscription(make_mailing_list(), delivery.subscriber)

    assert report(EventKind.HARD_BOUNCE, delivery, detail="550 5.1.1 no such user")

    suppression = Suppression.objects.get()
    assert (suppression.reason, suppression.mailing_list, suppression.expires_at) == ("hard_bounce", None, None)
    assert set(Subscription.objects.values_list("status", "end_reason")) == {("unsubscribed", EndReason.BOUNCED)}
    assert is_suppressed(EMAIL, mailing_list=other.mailing_list)


def test_delivery_stays_sent_after_a_bounce():
    delivery = make_delivery()
    report(EventKind.HARD_BOUNCE, delivery)
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.SENT


def test_complaint_suppresses_for_good_and_ends_subscriptions():
    delivery = make_delivery()
    report(EventKind.COMPLAINED, delivery)
    assert Suppression.objects.get().reason == SuppressionReason.COMPLAINT
    assert Subscription.objects.get().end_reason == EndReason.COMPLAINED
    assert ConsentRecord.objects.get().place == ConsentPlace.MAIL_PROVIDER


_ORDERS = list(permutations([EventKind.DELIVERED, EventKind.HARD_BOUNCE, EventKind.COMPLAINED]))


@pytest.mark.parametrize("kinds", _ORDERS)
def test_invariant_13_order_of_reports_does_not_matter(kinds):
    """Complaint after bounce, bounce after delivered and the other way round end alike."""
    delivery = make_delivery()
    for kind in kinds:
        assert report(kind, delivery)
    assert Suppression.objects.get().reason == SuppressionReason.COMPLAINT
    assert Suppression.objects.get().expires_at is None
    assert DeliveryEvent.objects.count() == 3
    assert Subscription.objects.get().status == SubscriptionStatus.UNSUBSCRIBED


def test_invariant_13_replay_changes_nothing():
    delivery = make_delivery()
    assert report(EventKind.UNSUBSCRIBED, delivery, "event-1")
    Subscription.objects.update(status=SubscriptionStatus.CONFIRMED, ended_at=None)  # the reader came back since

    assert not report(EventKind.UNSUBSCRIBED, delivery, "event-1")

    assert DeliveryEvent.objects.count() == 1
    assert Subscription.objects.get().status == SubscriptionStatus.CONFIRMED


def test_same_number_of_another_provider_is_another_report():
    delivery = make_delivery()
    assert report(EventKind.DELIVERED, delivery, "7", provider="one")
    assert report(EventKind.DELIVERED, delivery, "7", provider="two")


def test_invariant_13_unknown_delivery_is_stored():
    assert report(EventKind.DELIVERED, delivery=None, event_id="lost")
    assert record_event(
        provider="test", event_id="folded", kind=EventKind.SOFT_BOUNCE, at=timezone.now(), delivery=987_654
    )
    assert list(DeliveryEvent.objects.values_list("delivery", "domain").order_by("id")) == [(None, ""), (None, "")]


def test_report_by_address_alone_suppresses_it():
    """Complaints about old mail name nobody but the reader."""
    report(EventKind.COMPLAINED, event_id="c1", address=" Layla@EXAMPLE.com ")
    event = DeliveryEvent.objects.get()
    assert (event.address_hash, event.domain) == (address_hash(EMAIL), "example.com")
    assert Suppression.objects.get().address_hash == address_hash(EMAIL)


@pytest.mark.parametrize("address", ["", "nobody", "@example.com", "a@", "x@" + "a" * 300, "a@\ud800.com", "a@b..c"])
def test_nonsense_for_an_address_suppresses_nobody(address):
    assert report(EventKind.HARD_BOUNCE, event_id="h1", address=address)
    assert not Suppression.objects.exists()


def test_unsubscribed_at_the_provider_ends_that_list_alone():
    delivery = make_delivery()
    other = make_subscription(make_mailing_list(), delivery.subscriber)
    report(EventKind.UNSUBSCRIBED, delivery)
    other.refresh_from_db()
    assert other.is_confirmed
    assert Subscription.objects.get(pk=delivery.subscription_id).status == SubscriptionStatus.UNSUBSCRIBED
    assert not Suppression.objects.exists()


def test_unsubscribed_without_a_message_ends_all_of_the_address():
    for _number in range(2):
        make_subscription(make_mailing_list(), Subscriber.objects.first(), email=EMAIL)
    report(EventKind.UNSUBSCRIBED, event_id="u1", address=EMAIL)
    assert set(Subscription.objects.values_list("status", flat=True)) == {SubscriptionStatus.UNSUBSCRIBED}


@pytest.mark.parametrize("kind", [EventKind.REJECTED, EventKind.DEFERRED, EventKind.DELIVERED])
def test_what_says_nothing_about_the_reader_changes_nothing(kind):
    report(kind, make_delivery())
    assert not Suppression.objects.exists()
    assert Subscriber.objects.get().soft_bounce_count == 0


def test_five_soft_bounces_in_a_row_over_a_week_rest_the_address():
    deliveries = make_deliveries(SOFT_BOUNCES)
    for delivery in deliveries[:-1]:
        report(EventKind.SOFT_BOUNCE, delivery)
    assert not Suppression.objects.exists()

    report(EventKind.SOFT_BOUNCE, deliveries[-1])

    suppression = Suppression.objects.get()
    assert suppression.reason == SuppressionReason.SOFT_BOUNCES
    assert suppression.expires_at == timezone.now() + timedelta(days=90)
    assert Subscriber.objects.get().soft_bounce_count == SOFT_BOUNCES
    assert Subscription.objects.get().is_confirmed, "it only rests"


def test_five_soft_bounces_within_a_bad_week_suppress_nobody():
    for delivery in make_deliveries(SOFT_BOUNCES, days_apart=1):
        report(EventKind.SOFT_BOUNCE, delivery)
    assert Subscriber.objects.get().soft_bounce_count == SOFT_BOUNCES
    assert not Suppression.objects.exists()


def test_message_that_arrived_in_between_begins_the_count_anew():
    deliveries = make_deliveries(SOFT_BOUNCES + 1)
    for delivery in [*deliveries[:2], *deliveries[3:]]:
        report(EventKind.SOFT_BOUNCE, delivery)
    assert Subscriber.objects.get().soft_bounce_count == 3
    assert not Suppression.objects.exists()


def test_soft_bounces_are_counted_alike_in_any_order():
    deliveries = make_deliveries(SOFT_BOUNCES)
    for delivery in [deliveries[2], deliveries[4], deliveries[0], deliveries[3], deliveries[1]]:
        report(EventKind.SOFT_BOUNCE, delivery)
    assert Subscriber.objects.get().soft_bounce_count == SOFT_BOUNCES
    assert Suppression.objects.exists()


def test_two_soft_bounces_of_one_message_are_one():
    delivery = make_delivery()
    report(EventKind.SOFT_BOUNCE, delivery, "s1")
    report(EventKind.SOFT_BOUNCE, delivery, "s2")
    assert Subscriber.objects.get().soft_bounce_count == 1


def test_delivered_takes_the_count_back():
    delivery = make_delivery()
    report(EventKind.SOFT_BOUNCE, delivery)
    report(EventKind.DELIVERED, delivery, at=timezone.now() + timedelta(seconds=1))
    assert Subscriber.objects.get().soft_bounce_count == 0


def test_report_about_an_erased_reader_is_kept_without_him():
    delivery = make_delivery()
    Delivery.objects.update(subscriber=None)
    Subscriber.objects.all().delete()
    assert report(EventKind.HARD_BOUNCE, delivery)
    assert DeliveryEvent.objects.get().address_hash == ""


def test_no_address_stands_in_what_was_said():
    report(
        EventKind.HARD_BOUNCE, make_delivery(), detail="550 5.1.1 <layla@example.com>: \x00 layla@example.com unknown"
    )
    assert DeliveryEvent.objects.get().detail == "550 5.1.1 <•@example.com>: •@example.com unknown"
    assert "layla" not in Suppression.objects.get().note


def test_clock_of_a_server_that_is_ahead_is_not_believed():
    report(EventKind.DELIVERED, make_delivery(), at=timezone.now() + timedelta(days=400))
    assert DeliveryEvent.objects.get().at == timezone.now()


def test_long_numbers_of_providers_are_told_apart():
    for letter in "ab":
        assert report(EventKind.DELIVERED, make_sent_delivery(), "x" * 300 + letter)
    assert not report(EventKind.DELIVERED, make_sent_delivery(), "x" * 300 + "a")


def make_sent_delivery() -> Delivery:
    return Delivery.objects.first() or make_delivery(issue=make_sent_issue())
