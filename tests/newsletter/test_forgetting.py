from datetime import timedelta

import pytest

from newsletter.enums import ConsentPlace
from newsletter.forgetting import forget_networks, forget_requests_without_mail, forget_unconfirmed
from newsletter.models import ConfirmationRequest, ConsentRecord, Subscriber, Subscription
from newsletter.subscribing import unsubscribe
from newsroom.ticking import EVERY_DAY, tick
from tests.newsletter.conftest import EMAIL, Post

pytestmark = pytest.mark.django_db


def test_who_never_confirmed_is_forgotten_after_thirty_days(clock, sign_up: Post) -> None:
    sign_up()
    clock.shift(timedelta(days=30, seconds=-1))
    assert forget_unconfirmed() == 0
    clock.shift(timedelta(seconds=1))
    assert forget_unconfirmed() == 1
    assert not Subscriber.objects.exists()
    assert ConsentRecord.objects.get().subscriber is None


def test_asking_again_begins_the_thirty_days_anew(clock, sign_up: Post) -> None:
    sign_up()
    clock.shift(timedelta(days=20))
    sign_up()
    clock.shift(timedelta(days=20))
    assert forget_unconfirmed() == 0
    assert Subscription.objects.exists()


def test_subscriber_is_never_forgotten_nor_who_has_left(clock, subscription: Subscription) -> None:
    clock.shift(timedelta(days=400))
    assert forget_unconfirmed() == 0
    unsubscribe(subscription, place=ConsentPlace.ONE_CLICK)
    clock.shift(timedelta(days=400))
    assert forget_unconfirmed() == 0
    assert Subscription.objects.get().status == "unsubscribed"


def test_who_left_and_was_asked_again_in_vain_has_left_still(clock, subscription: Subscription, sign_up: Post) -> None:
    clock.shift(timedelta(days=1))
    unsubscribe(subscription, place=ConsentPlace.ONE_CLICK)
    sign_up()
    assert Subscription.objects.get().status == "pending"
    clock.shift(timedelta(days=31))
    assert forget_unconfirmed() == 0
    assert Subscription.objects.get().status == "unsubscribed"


def test_address_that_a_program_typed_leaves_nothing_in_the_end(clock, post: Post, client) -> None:
    post("/newsletter/subscribe/", {"email": EMAIL, "website": "x"})
    clock.shift(timedelta(days=31))
    forget_requests_without_mail()
    assert forget_unconfirmed() == 1
    assert not ConfirmationRequest.objects.exists()


def test_networks_are_forgotten_after_a_day(clock, sign_up: Post) -> None:
    sign_up()
    clock.shift(timedelta(days=1, seconds=-1))
    assert forget_networks() == 0
    clock.shift(timedelta(seconds=1))
    assert (forget_networks(), ConfirmationRequest.objects.get().network_hash) == (1, "")


def test_many_are_forgotten_in_parts(clock, monkeypatch) -> None:
    for number in range(5):
        Subscriber.objects.create(email=f"reader{number}@example.com")
    clock.shift(timedelta(days=31))
    monkeypatch.setattr("newsletter.forgetting.AT_ONCE", 2)
    assert forget_unconfirmed() == 5


def test_the_clock_does_it_every_day(clock, sign_up: Post) -> None:
    assert "forget_requests" in {step.__name__ for step in EVERY_DAY}
    sign_up()
    clock.shift(timedelta(days=31))
    assert "forget_requests" not in tick(daily=True).failed
    assert not Subscriber.objects.exists()
