import threading
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from newsletter.enums import ConsentPlace, DeliveryPolicy, DeliveryState, IssueState, SkipReason, SuppressionReason
from newsletter.models import Delivery, DeliveryEvent, RateBucket, SenderSlot, Suppression
from newsletter.sending import lifecycle, runs, slices
from newsletter.sending.pacing import FIRST_REST, REFUSALS, close_domain
from newsletter.subscribing import unsubscribe
from newsletter.suppressing import suppress
from tests.newsletter.sending.conftest import send, states


def test_everybody_gets_one_message_and_the_issue_adds_up(server, being_sent):
    issue = being_sent(7)
    assert send(issue) is None
    assert sorted(server.taken()) == [f"reader{n}@example.com" for n in range(7)]
    assert issue.state == IssueState.FINISHED
    assert (issue.candidate_count, issue.sent_count, issue.failed_count) == (7, 7, 0)
    assert runs.folders() == []
    assert not SenderSlot.objects.exclude(owner="").exists()


def test_who_left_or_was_suppressed_after_the_preparation_gets_nothing(server, being_sent):
    issue = being_sent(4)
    first, second, third, _fourth = issue.deliveries.select_related("subscriber").order_by("id")
    unsubscribe(
        first.subscriber.subscriptions.select_related("subscriber", "mailing_list").get(), place=ConsentPlace.ONE_CLICK
    )
    suppress(second.subscriber.email, reason=SuppressionReason.MANUAL)
    third.subscriber.paused_until = timezone.now() + timedelta(days=1)
    third.subscriber.save()
    send(issue)
    assert server.taken() == ["reader3@example.com"]
    reasons = list(issue.deliveries.order_by("id").values_list("skip_reason", flat=True))
    assert reasons[1:] == [SkipReason.SUPPRESSED, SkipReason.PAUSED, ""]
    assert reasons[0] == SkipReason.UNSUBSCRIBED
    assert issue.skipped_count == 3
    assert issue.state == IssueState.FINISHED


def test_the_address_is_read_when_the_message_is_made(server, being_sent):
    issue = being_sent(1)
    subscriber = issue.deliveries.get().subscriber
    subscriber.email = "new@example.org"
    subscriber.save()
    send(issue)
    assert server.taken() == ["new@example.org"]


def test_an_erased_reader_is_skipped(server, being_sent):
    issue = being_sent(2)
    Delivery.objects.filter(pk=issue.deliveries.earliest("id").pk).update(subscriber=None)
    send(issue)
    assert server.taken() == ["reader1@example.com"]
    assert issue.deliveries.earliest("id").skip_reason == SkipReason.ERASED


def test_not_now_is_tried_again_later_and_given_up_after_eight_times(server, being_sent):
    server.faults["refusing"] = {"example.com": "450 4.2.1 Later"}
    issue = being_sent(1)
    delivery = issue.deliveries.get()
    for attempt in range(1, 9):
        Delivery.objects.filter(pk=delivery.pk).update(next_attempt_at=None)
        send(issue)
        delivery.refresh_from_db()
        assert delivery.attempts == attempt
        if attempt < 8:
            assert delivery.state == DeliveryState.PENDING
            assert delivery.next_attempt_at > timezone.now()
    assert delivery.state == DeliveryState.FAILED
    assert (delivery.smtp_code, delivery.enhanced_code) == (450, "4.2.1")
    assert issue.state == IssueState.FINISHED
    assert issue.failed_count == 1
    assert not Suppression.objects.filter(expires_at=None).exists()


def test_an_address_that_does_not_exist_fails_and_is_suppressed(server, being_sent):
    server.faults["refusing"] = {"example.com": "550 5.1.1 Reader0: no such user, see https://x.example/?u=reader0%40a"}
    issue = being_sent(1)
    send(issue)
    assert states(issue) == [DeliveryState.FAILED]
    assert Suppression.objects.get().reason == SuppressionReason.HARD_BOUNCE
    assert issue.state == IssueState.FINISHED
    kept = [Delivery.objects.get().reply, DeliveryEvent.objects.get().detail, Suppression.objects.get().note]
    for text in kept:
        assert "no such user" in text
        assert "reader0" not in text.lower()


def test_a_refusal_of_our_mail_pauses_and_suppresses_nobody(server, being_sent):
    server.faults["wave"] = [0, 1000]
    issue = being_sent(3)
    send(issue)
    assert issue.state == IssueState.PAUSED
    assert "5.7.1" in issue.paused_reason
    assert not Suppression.objects.exists()
    assert set(states(issue)) == {DeliveryState.PENDING}
    server.faults.clear()
    lifecycle.resume(issue, by=None)
    Delivery.objects.update(next_attempt_at=None)
    send(issue)
    assert issue.sent_count == 3


def test_a_wave_of_refusals_pauses(server, being_sent):
    server.faults["refusing"] = {"example.com": "550 5.2.1 <reader7@example.com> Mailbox disabled"}
    issue = being_sent(400)
    send(issue)
    assert issue.state == IssueState.PAUSED
    assert 25 < issue.failed_count < 400
    # What stays when a reader's data are erased names nobody.
    kept = [issue.paused_reason, *AuditEntry.objects.values_list("note", flat=True)]
    kept += Delivery.objects.values_list("reply", flat=True)
    assert "Mailbox disabled" in issue.paused_reason
    assert "reader7" not in " ".join(kept)


@pytest.mark.parametrize(
    ("policy", "state"),
    [(DeliveryPolicy.HOLD, DeliveryState.UNCERTAIN), (DeliveryPolicy.RESEND, DeliveryState.PENDING)],
)
def test_what_was_sent_whole_and_not_answered_follows_the_policy(server, being_sent, policy, state):
    server.faults["reset"] = 1
    issue = being_sent(1, policy=policy)
    send(issue)
    assert states(issue) == [state]
    assert issue.deliveries.get().attempts == 1


def test_a_connection_that_breaks_loses_nobody(server, being_sent):
    server.faults |= {"closing": 3}
    issue = being_sent(20)
    for _slice in range(8):
        Delivery.objects.update(next_attempt_at=None)
        if send(issue) is None:
            break
    assert sorted(set(server.taken())) == sorted(f"reader{n}@example.com" for n in range(20))
    assert len(server.taken()) == 20
    assert issue.sent_count == 20


def test_one_domain_that_says_not_now_does_not_hold_up_the_others(server, being_sent, mailing_list):
    server.faults["refusing"] = {"example.com": "451 4.7.1 Too fast"}
    issue = being_sent(30)
    others = issue.deliveries.order_by("-id")[:10]
    for delivery in others:
        delivery.subscriber.email = f"other{delivery.pk}@example.org"
        delivery.subscriber.save()
    send(issue)
    assert len(server.taken()) == 10
    assert issue.deliveries.filter(attempts__gt=1).count() == 0


def test_a_silent_server_that_cannot_be_reached_costs_no_attempt(server, being_sent, settings):
    settings.EMAIL_PORT = 1
    settings.NEWSLETTER_SLICE_SECONDS = 0.3
    issue = being_sent(3)
    assert send(issue) >= slices.FRUITLESS_REST
    assert set(issue.deliveries.values_list("state", "attempts")) == {(DeliveryState.PENDING, 0)}


def test_a_server_that_stays_away_is_a_matter_for_a_person(server, being_sent, settings):
    settings.EMAIL_PORT = 1
    settings.NEWSLETTER_SLICE_SECONDS = 1
    issue = being_sent(1)
    send(issue)
    assert issue.state == IssueState.SENDING
    RateBucket.objects.update(refilled_at=timezone.now() - timedelta(hours=3))
    send(issue)
    assert issue.state == IssueState.PAUSED
    assert states(issue) == [DeliveryState.PENDING]


def test_two_senders_at_one_place_are_one(server, being_sent):
    issue = being_sent(1)
    assert slices.take_slot(issue.pk, 0, owner="somebody")
    assert send(issue) is None
    assert server.log.read_text() == ""
    SenderSlot.objects.update(beat_at=timezone.now() - timedelta(minutes=1))
    send(issue)
    assert len(server.taken()) == 1


def test_a_sender_past_its_lease_sends_no_more(server, being_sent, settings, monkeypatch):
    server.faults["slow"] = 0.2
    settings.NEWSLETTER_CONNECTIONS = 1
    issue = being_sent(50)
    ticks = runs.ticks
    stopped = threading.Timer(0.6, lambda: monkeypatch.setattr(runs, "ticks", lambda: ticks() + 3600))
    stopped.start()
    send(issue)
    taken = len(server.taken())
    assert 0 < taken < 10
    time.sleep(0.5)
    assert len(server.taken()) == taken
    assert issue.sent_count == taken
    assert issue.deliveries.filter(state=DeliveryState.CLAIMED).count() == 0


def test_a_domain_that_rests_is_left_alone_by_the_next_slice_too(server, being_sent):
    issue = being_sent(3)
    close_domain("example.com", seconds=60)
    assert send(issue) >= slices.FRUITLESS_REST
    assert server.log.read_text() == ""
    assert set(issue.deliveries.values_list("state", "attempts")) == {(DeliveryState.PENDING, 0)}


def test_what_is_in_hand_for_a_domain_that_says_not_now_is_given_back(server, being_sent, settings):
    settings.NEWSLETTER_CONNECTIONS = 1
    server.faults["refusing"] = {"example.com": "451 4.7.1 Too fast"}
    issue = being_sent(150)
    send(issue)
    tried = issue.deliveries.filter(attempts=1).count()
    assert REFUSALS <= tried < 100
    assert issue.deliveries.filter(state=DeliveryState.PENDING).count() == 150
    rest = RateBucket.objects.get(name="domain:example.com").closed_until - timezone.now()
    assert rest <= timedelta(seconds=FIRST_REST), "one burst of refusals is one rest"


def test_a_refusal_of_our_mail_stops_what_is_in_hand_at_once(server, being_sent, settings):
    settings.NEWSLETTER_CONNECTIONS = 1
    server.faults |= {"wave": [0, 1000], "slow": 0.02}
    issue = being_sent(150)
    send(issue)
    assert issue.state == IssueState.PAUSED
    assert 1 <= issue.deliveries.filter(attempts=1).count() < 20
