from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from newsletter import operating
from newsletter.enums import DeliveryState, EventKind, IssueState, SkipReason
from newsletter.models import Delivery, DeliveryEvent, Issue, RateBucket, SenderSlot
from tests.newsletter.on_its_way import S, make_delivery, make_sending

pytestmark = pytest.mark.django_db


def test_line_adds_up(clock) -> None:
    issue = make_sending(
        candidate_count=10, excluded_counts={SkipReason.SUPPRESSED: 2}, sent_count=3, failed_count=1, uncertain_count=1
    )
    for state in (S.SENT, S.SENT, S.SENT, S.FAILED, S.UNCERTAIN, S.PENDING, S.PENDING, S.CLAIMED):
        make_delivery(issue, state)
    make_delivery(make_sending(), S.SENT)
    line = operating.accounting(issue)
    assert (line.sent, line.failed, line.skipped, line.uncertain, line.excluded, line.under_way) == (3, 1, 0, 1, 2, 3)
    assert line.total == line.candidates == 10
    assert line.adds_up


def test_counter_that_differs_from_the_rows_is_told(clock) -> None:
    issue = make_sending(candidate_count=1, sent_count=2)
    make_delivery(issue, S.SENT)
    line = operating.accounting(issue)
    assert line.differing == (("sent_count", 2, 1),)
    assert not line.adds_up


def test_lost_row_is_told(clock) -> None:
    issue = make_sending(candidate_count=2, sent_count=1)
    make_delivery(issue, S.SENT)
    assert not operating.accounting(issue).adds_up


def test_counters_are_those_of_now_and_not_of_when_the_issue_was_read(clock) -> None:
    issue = make_sending(candidate_count=1)
    make_delivery(issue, S.SENT)
    Issue.objects.update(sent_count=1)
    assert operating.accounting(issue).adds_up


def test_before_recipients_are_frozen_nothing_has_to_add_up(clock) -> None:
    issue = make_sending(IssueState.PREPARING, frozen_at=None, candidate_count=0)
    make_delivery(issue)
    assert operating.accounting(issue).adds_up


def test_issue_whose_rows_were_folded_is_told_by_its_counters(clock) -> None:
    long_ago = timezone.now() - timedelta(days=400)
    issue = make_sending(IssueState.FINISHED, finished_at=long_ago, candidate_count=3, sent_count=2, failed_count=1)
    make_delivery(issue, S.FAILED)
    line = operating.accounting(issue)
    assert (line.sent, line.failed, line.total, line.adds_up) == (2, 1, 3, True)
    Issue.objects.update(candidate_count=4)
    assert not operating.accounting(issue).adds_up


def test_rate_is_that_of_the_last_minutes_and_leads_to_an_end(clock) -> None:
    issue = make_sending(started_at=timezone.now() - timedelta(hours=1), candidate_count=130, sent_count=90)
    long_ago = timezone.now() - timedelta(minutes=30)
    for _number in range(50):
        make_delivery(issue, S.SENT, sent_at=long_ago)
    for _number in range(40):
        make_delivery(issue, S.SENT)
    for _number in range(40):
        make_delivery(issue)
    found = operating.progress(issue)
    assert (found.done, found.left) == (90, 40)
    assert found.per_minute == 40
    assert found.ends_at == timezone.now() + timedelta(minutes=1)


def test_rows_that_wait_for_another_attempt_do_not_hide_the_rate(clock) -> None:
    issue = make_sending(started_at=timezone.now() - timedelta(hours=1), candidate_count=50, sent_count=40)
    make_delivery(issue, attempts=1, next_attempt_at=timezone.now())
    for _number in range(40):
        make_delivery(issue, S.SENT)
    make_delivery(issue)
    assert operating.progress(issue).per_minute == 40


def test_paused_issue_has_no_rate(clock) -> None:
    issue = make_sending(IssueState.PAUSED, candidate_count=2, sent_count=1)
    make_delivery(issue, S.SENT)
    found = operating.progress(issue)
    assert (found.per_minute, found.ends_at) == (None, None)


def test_failed_are_grouped_by_what_the_server_said(clock) -> None:
    issue = make_sending()
    for _number in range(3):
        make_delivery(issue, S.FAILED, smtp_code=550, enhanced_code="5.1.1", reply="no mailbox")
    make_delivery(issue, S.FAILED, smtp_code=552, enhanced_code="5.2.2", reply="full")
    assert [(group["smtp_code"], group["count"]) for group in operating.failed_by_reply(issue)] == [(550, 3), (552, 1)]


def test_domains_that_asked_for_patience_are_named_with_the_end_of_their_rest(clock) -> None:
    issue = make_sending()
    later = timezone.now() + timedelta(minutes=5)
    for _number in range(2):
        make_delivery(issue, email=f"a{_number}@slow.example", attempts=2, next_attempt_at=later, reply="later")
    make_delivery(issue, email="b@fresh.example")
    RateBucket.objects.create(name="domain:slow.example", closed_until=later)
    (group,) = operating.deferred_by_domain(issue)
    assert group["closed_until"] == later
    assert (group["domain"], group["count"], group["attempts"], group["next_at"]) == ("slow.example", 2, 2, later)


def test_what_came_back_is_counted_by_kind_for_this_issue_alone(clock) -> None:
    issue, other = make_sending(), make_sending()
    for number, (of, kind) in enumerate(
        [
            (issue, EventKind.HARD_BOUNCE),
            (issue, EventKind.COMPLAINED),
            (other, EventKind.HARD_BOUNCE),
            (issue, EventKind.OPENED),
        ]
    ):
        DeliveryEvent.objects.create(
            provider="p",
            provider_event_id=str(number),
            kind=kind,
            delivery=make_delivery(of, S.SENT),
            at=timezone.now(),
        )
    found = operating.events_back(issue)
    assert [(event["kind"], event["count"]) for event in found] == [("hard_bounce", 1), ("complained", 1)]


@pytest.mark.parametrize("state", [None, *DeliveryState])
def test_pages_by_key_show_every_delivery_once(state: DeliveryState | None, clock, monkeypatch) -> None:
    monkeypatch.setattr(operating, "PER_PAGE", 2)
    issue = make_sending()
    wanted = {make_delivery(issue, of).pk for of in DeliveryState for _number in range(5) if state in {None, of}}
    make_delivery(make_sending())
    seen: list[int] = []
    after = 0
    while True:
        page = operating.deliveries(issue, state=state, after=after)
        assert len(page.rows) <= 2
        seen += [row.pk for row in page.rows]
        if page.next_after is None:
            break
        after = page.next_after
    assert len(seen) == len(set(seen))
    assert set(seen) == wanted


def test_delivery_is_found_by_the_address_however_it_is_typed(clock) -> None:
    issue = make_sending()
    wanted = make_delivery(issue, email="Layla@Example.com")
    make_delivery(issue, email="other@example.org")
    for typed in ("layla@example.com", "LAYLA@EXAMPLE.COM", "@example.com", "@Example.COM"):
        assert [row.pk for row in operating.deliveries(issue, typed=typed).rows] == [wanted.pk], typed
    for typed in ("layla", "nobody@example.com", "@", "@@", "x" * 254, "a@" + "é" * 200):
        assert operating.deliveries(issue, typed=typed).rows == [], typed


def test_erased_readers_are_counted_and_not_listed(clock) -> None:
    issue = make_sending()
    Delivery.objects.filter(pk=make_delivery(issue, S.SENT).pk).update(subscriber=None)
    make_delivery(issue, S.SENT)
    assert len(operating.deliveries(issue).rows) == 1
    assert operating.erased_count(issue) == 1


def test_sender_that_gives_no_sign_is_not_at_work(clock) -> None:
    issue = make_sending()
    SenderSlot.objects.create(issue=issue, number=0, owner="a", beat_at=timezone.now())
    SenderSlot.objects.create(issue=issue, number=1, owner="b", beat_at=timezone.now() - timedelta(seconds=31))
    SenderSlot.objects.create(issue=issue, number=2, owner="", beat_at=timezone.now())
    assert operating.senders_at([issue]) == {issue.pk: 1}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads a table of three rows whole")
def test_what_has_to_be_looked_at_is_found_by_its_index(clock) -> None:
    issue = make_sending()
    for state in (S.FAILED, S.UNCERTAIN):
        rows = Delivery.objects.filter(operating._TO_LOOK_AT, issue=issue, state=state).order_by("id")
        assert "delivery_to_look_at" in rows.explain()
