from datetime import timedelta

import pytest
from django.utils import timezone

from audit.enums import Action
from audit.models import AuditEntry
from newsletter.enums import DeliveryState, Frequency, IssueState, SkipReason, SubscriptionStatus, SuppressionReason
from newsletter.models import Delivery, Issue, SendingIdentity, Subscription
from newsletter.sending import freezing, identity, lifecycle, resolving, waking
from newsletter.sending.cancelling import skip_the_rest
from newsletter.sending.finishing import finish
from newsletter.suppressing import suppress
from tests.conftest import NOW
from tests.factories import make_issue, make_subscription
from tests.newsletter.sending.conftest import claimed_by, prepared, send, states


def test_the_whole_way_by_tasks_alone(server, mailing_list, run_tasks):
    for number in range(3):
        make_subscription(mailing_list, email=f"reader{number}@example.com")
    issue = make_issue(mailing_list, text="افتُتحت الحديقة.")
    lifecycle.send_now(issue, by=None, expected_count=3)
    run_tasks()
    issue.refresh_from_db()
    assert issue.state == IssueState.FINISHED
    assert len(server.taken()) == 3
    deeds = list(AuditEntry.objects.order_by("id").values_list("action", flat=True))
    assert deeds == [Action.SENT, Action.FINISHED]


def test_the_number_that_was_agreed_to_must_be_true(mailing_list):
    make_subscription(mailing_list)
    issue = make_issue(mailing_list, text="نص")
    with pytest.raises(lifecycle.CountChanged) as changed:
        lifecycle.send_now(issue, by=None, expected_count=2)
    assert changed.value.now == 1
    issue.refresh_from_db()
    assert issue.state == IssueState.DRAFT


def test_of_two_who_send_one_is_told(being_sent):
    issue = being_sent(1)
    with pytest.raises(lifecycle.NotInState):
        lifecycle.send_now(issue, by=None, expected_count=1)


def test_a_scheduled_issue_takes_late_edits_and_begins_at_its_time(mailing_list, clock):
    make_subscription(mailing_list, confirmed_at=NOW - timedelta(days=1))
    issue = make_issue(mailing_list, text="نص")
    lifecycle.schedule(issue, by=None, at=NOW + timedelta(hours=1), expected_count=1)
    waking.wake_senders()
    issue.refresh_from_db()
    assert issue.state == IssueState.SCHEDULED
    issue.items.update(summary="عنوان جديد")
    clock.shift(3600)
    assert waking.wake_senders()["issues started"] == 1
    issue.refresh_from_db()
    assert issue.state == IssueState.PREPARING
    assert "عنوان جديد" in str(issue.compiled_mails.get().content["text"])


def test_a_stale_issue_waits_for_a_person(mailing_list, clock):
    make_subscription(mailing_list, confirmed_at=NOW - timedelta(days=1))
    issue = make_issue(mailing_list, text="نص")
    lifecycle.schedule(issue, by=None, at=NOW + timedelta(hours=1), expected_count=1)
    clock.shift(3600 * 6)
    assert waking.wake_senders()["issues started"] == 0
    issue.refresh_from_db()
    assert issue.state == IssueState.PAUSED
    assert issue.paused_reason
    lifecycle.resume(issue, by=None)
    assert issue.state == IssueState.PREPARING


def test_off_the_schedule_it_is_a_draft_again(mailing_list):
    issue = make_issue(mailing_list, text="نص")
    lifecycle.schedule(issue, by=None, at=timezone.now() + timedelta(hours=1), expected_count=0)
    lifecycle.unschedule(issue, by=None)
    assert (issue.state, issue.send_at) == (IssueState.DRAFT, None)


def test_pause_and_resume_send_the_rest_once(server, being_sent, run_tasks):
    issue = being_sent(3)
    lifecycle.pause(issue, reason="خطأ في العنوان")
    run_tasks()
    assert server.log.read_text() == ""
    lifecycle.resume(issue, by=None)
    run_tasks()
    issue.refresh_from_db()
    assert issue.state == IssueState.FINISHED
    assert len(server.taken()) == 3


def test_cancelling_keeps_what_was_sent_and_skips_the_rest(being_sent, run_tasks):
    issue = being_sent(3)
    first = issue.deliveries.earliest("id")
    Delivery.objects.filter(pk=first.pk).update(state=DeliveryState.SENT, sent_at=timezone.now())
    Issue.objects.filter(pk=issue.pk).update(sent_count=1)
    lifecycle.cancel(issue, by=None)
    run_tasks()
    issue.refresh_from_db()
    assert states(issue) == [DeliveryState.SENT, DeliveryState.SKIPPED, DeliveryState.SKIPPED]
    assert (issue.sent_count, issue.skipped_count, issue.state) == (1, 2, IssueState.CANCELLED)
    assert issue.finished_at
    assert issue.deliveries.latest("id").skip_reason == SkipReason.CANCELLED


def test_nothing_is_finished_while_something_waits(being_sent):
    issue = being_sent(1)
    assert not finish(issue.pk)
    claimed_by(issue, "somebody", lease_until=timezone.now() + timedelta(minutes=1))
    assert not finish(issue.pk)


def test_counters_are_those_of_the_rows(being_sent):
    issue = being_sent(2)
    Delivery.objects.update(state=DeliveryState.SENT, sent_at=timezone.now())
    Issue.objects.filter(pk=issue.pk).update(sent_count=17)
    assert finish(issue.pk)
    issue.refresh_from_db()
    assert issue.sent_count == 2


def test_frequency_suppression_and_pause_exclude_with_their_reason(mailing_list):
    yesterday = timezone.now() - timedelta(days=1)
    make_subscription(mailing_list, email="each@example.com", last_issue_at=timezone.now())
    make_subscription(mailing_list, frequency=Frequency.DAILY, last_issue_at=timezone.now())
    weekly = make_subscription(mailing_list, frequency=Frequency.WEEKLY, last_issue_at=yesterday - timedelta(days=9))
    make_subscription(mailing_list, frequency=Frequency.WEEKLY, last_issue_at=yesterday)
    resting = make_subscription(mailing_list)
    resting.subscriber.paused_until = timezone.now() + timedelta(days=1)
    resting.subscriber.save()
    make_subscription(mailing_list, status=SubscriptionStatus.PENDING, confirmed_at=None)
    suppressed = make_subscription(mailing_list)
    suppress(
        suppressed.subscriber.email,
        reason=SuppressionReason.SOFT_BOUNCES,
        expires_at=timezone.now() + timedelta(days=1),
    )
    excluded = {SkipReason.FREQUENCY: 2, SkipReason.PAUSED: 1, SkipReason.SUPPRESSED: 1}
    assert lifecycle.candidate_count(mailing_list) == (2, excluded)
    issue = prepared(make_issue(mailing_list, text="نص"))
    assert issue.excluded_counts == excluded
    assert issue.candidate_count == 6
    assert issue.deliveries.count() == 2
    assert Subscription.objects.get(pk=weekly.pk).last_issue_at == issue.snapshot_at


def test_preparing_goes_on_where_it_stopped_and_makes_nobody_twice(mailing_list, monkeypatch):
    for number in range(7):
        make_subscription(mailing_list, email=f"reader{number}@example.com")
    issue = make_issue(mailing_list, text="نص", subject_b="عنوان ثان")
    lifecycle.send_now(issue, by=None, expected_count=7)
    assert freezing._freeze_chunk(issue.pk, 3)
    assert issue.deliveries.count() == 3
    monkeypatch.setattr(freezing, "FIRST_CHUNK", 2)
    assert freezing.freeze(issue.pk)
    issue.refresh_from_db()
    assert issue.deliveries.count() == issue.candidate_count == 7
    assert {row.variant for row in issue.deliveries.all() if row.subscriber_id % 2} == {"b"}
    assert freezing.freeze(issue.pk)
    assert issue.deliveries.count() == 7


def test_a_restored_database_sends_nothing_until_somebody_accepts_it(server, being_sent, settings):
    issue = being_sent(2)
    identity.note(identity.count_run())
    SendingIdentity.objects.update(generation=0)
    assert send(issue) is None
    assert server.log.read_text() == ""
    with pytest.raises(lifecycle.RefusesToSend):
        lifecycle.send_now(make_issue(issue.mailing_list, text="نص"), by=None, expected_count=2)
    assert waking.wake_senders() == {}
    assert identity.accept_database() == 1
    assert identity.reason_to_refuse() == ""
    issue.refresh_from_db()
    assert issue.state == IssueState.PAUSED


def test_a_copy_for_another_site_sends_nothing(being_sent, settings):
    being_sent(1)
    identity.note(identity.count_run())
    settings.SITE_URL = "https://copy.example"
    assert "http://127.0.0.1:8000" in identity.reason_to_refuse()


def test_a_person_decides_about_what_is_uncertain(server, being_sent, run_tasks):
    issue = being_sent(2)
    Delivery.objects.update(state=DeliveryState.UNCERTAIN)
    Issue.objects.filter(pk=issue.pk).update(uncertain_count=2)
    assert finish(issue.pk)
    first, second = issue.deliveries.order_by("id")
    resolving.count_as_sent(first, by=None)
    with pytest.raises(resolving.NotUncertain):
        resolving.resend(first, by=None)
    resolving.resend(second, by=None)
    run_tasks()
    issue.refresh_from_db()
    assert server.taken() == ["reader1@example.com"]
    assert (issue.state, issue.sent_count, issue.uncertain_count) == (IssueState.FINISHED, 2, 0)


def test_a_lost_task_is_found_within_a_minute(server, being_sent, run_tasks):
    issue = being_sent(2)
    assert waking.wake_senders()["senders woken"] == 2
    run_tasks()
    issue.refresh_from_db()
    assert issue.state == IssueState.FINISHED


def test_skipping_the_rest_twice_changes_nothing(being_sent):
    issue = being_sent(2)
    lifecycle.cancel(issue, by=None)
    assert skip_the_rest(issue.pk) == 2
    assert skip_the_rest(issue.pk) == 0
