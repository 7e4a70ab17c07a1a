from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from newsletter.enums import SubscriptionStatus, SuppressionReason
from newsletter.models import ConsentRecord, MailingList, Subscription, Suppression
from newsletter.suppressing import FINAL, is_suppressed, lift, suppress
from tests.factories import make_user
from tests.newsletter.conftest import EMAIL, Post, path_in

pytestmark = pytest.mark.django_db

MILD = [reason for reason in SuppressionReason if reason not in FINAL]


@pytest.mark.parametrize("spelling", [EMAIL, "LAYLA@Example.com"])
def test_address_is_kept_away_from_mail_in_every_spelling_and_as_a_hash_alone(spelling: str) -> None:
    suppress(spelling, reason=SuppressionReason.COMPLAINT)
    assert is_suppressed(EMAIL)
    assert not is_suppressed("other@example.com")
    [row] = Suppression.objects.values()
    assert "layla" not in str(row).lower()


def test_suppressing_ends_what_it_covers_and_is_recorded_once(subscription: Subscription) -> None:
    for _ in range(2):
        suppress(EMAIL, reason=SuppressionReason.COMPLAINT)
    subscription.refresh_from_db()
    assert (subscription.status, subscription.end_reason) == (SubscriptionStatus.UNSUBSCRIBED, "complained")
    records = ConsentRecord.objects.filter(action="unsubscribed")
    assert [(row.place, row.mailing_list_name) for row in records] == [("mail_provider", "نشرة الصباح")]
    assert Suppression.objects.count() == 1


def test_suppressing_on_one_list_leaves_the_others(subscription: Subscription) -> None:
    sport = MailingList.objects.create(name="نشرة الرياضة")
    other = Subscription.objects.create(
        subscriber=subscription.subscriber,
        mailing_list=sport,
        status=SubscriptionStatus.CONFIRMED,
        confirmed_at=timezone.now(),
    )
    suppress(EMAIL, reason=SuppressionReason.MANUAL, mailing_list=sport)
    for item in (subscription, other):
        item.refresh_from_db()
    assert (subscription.is_confirmed, other.is_confirmed) == (True, False)
    assert is_suppressed(EMAIL, mailing_list=sport)
    assert not is_suppressed(EMAIL, mailing_list=subscription.mailing_list)
    assert not is_suppressed(EMAIL)


def test_what_ends_by_itself_ends_no_subscription(clock, subscription: Subscription) -> None:
    suppress(EMAIL, reason=SuppressionReason.SOFT_BOUNCES, expires_at=timezone.now() + timedelta(days=7))
    subscription.refresh_from_db()
    assert subscription.is_confirmed
    assert is_suppressed(EMAIL)
    clock.shift(timedelta(days=7))
    assert not is_suppressed(EMAIL)


def test_graver_and_longer_reason_stays(clock) -> None:
    week = timezone.now() + timedelta(days=7)
    suppress(EMAIL, reason=SuppressionReason.SOFT_BOUNCES, expires_at=week)
    suppress(EMAIL, reason=SuppressionReason.COMPLAINT, note="ARF")
    suppress(EMAIL, reason=SuppressionReason.HARD_BOUNCE, expires_at=week)
    row = Suppression.objects.get()
    assert (row.reason, row.note, row.expires_at) == ("complaint", "ARF", None)


def test_one_that_has_ended_begins_anew(clock) -> None:
    suppress(EMAIL, reason=SuppressionReason.COMPLAINT, expires_at=timezone.now() + timedelta(days=7))
    clock.shift(timedelta(days=8))
    week = timezone.now() + timedelta(days=7)
    suppress(EMAIL, reason=SuppressionReason.SOFT_BOUNCES, expires_at=week)
    row = Suppression.objects.get()
    assert (row.reason, row.created_at, row.expires_at) == ("soft_bounces", timezone.now(), week)


@pytest.mark.parametrize("reason", MILD)
def test_fresh_confirmation_of_the_owner_lifts_it(reason, sign_up: Post, post: Post, mailoutbox) -> None:
    suppress(EMAIL, reason=reason)
    sign_up()
    assert is_suppressed(EMAIL)
    post(path_in(mailoutbox[0]))
    assert not is_suppressed(EMAIL)
    assert Subscription.objects.get().is_confirmed


@pytest.mark.parametrize("reason", sorted(FINAL))
def test_who_complained_is_not_even_asked_until_an_editor_lifts_it(reason, sign_up: Post, mailoutbox) -> None:
    row = suppress(EMAIL, reason=reason)
    assert sign_up().status_code == 302
    assert (mailoutbox, Subscription.objects.count()) == ([], 0)
    lift(row, by=make_user())
    sign_up()
    assert len(mailoutbox) == 1
    line = AuditEntry.objects.get(action="suppression_lifted")
    assert "layla" not in f"{line.subject_title}{line.note}"


def test_who_complained_about_one_list_may_ask_for_another(mailing_list, sign_up: Post, mailoutbox) -> None:
    MailingList.objects.create(name="نشرة الجمعة", is_default=True, position=1)
    suppress(EMAIL, reason=SuppressionReason.COMPLAINT, mailing_list=mailing_list)
    sign_up()
    assert "نشرة الجمعة" in mailoutbox[0].body
    assert "نشرة الصباح" not in mailoutbox[0].body


def test_mail_that_was_promised_is_not_sent_to_who_complained_meanwhile(
    client, mailing_list, mailoutbox, run_tasks
) -> None:
    client.post("/newsletter/subscribe/", {"email": EMAIL})
    suppress(EMAIL, reason=SuppressionReason.COMPLAINT)
    run_tasks()
    assert mailoutbox == []
