from datetime import timedelta

import pytest
from django.utils import timezone

from newsletter import reputation as module
from newsletter.admin.gauge import complaint_gauge
from newsletter.enums import EventKind, IssueState
from newsletter.models import Delivery, DeliveryEvent, Issue
from newsletter.providers import provider_of
from newsletter.reputation import Rate, reputation
from tests.newsletter.on_its_way import S, make_delivery, make_sending


@pytest.mark.parametrize(
    ("domain", "provider"),
    [
        ("gmail.com", "Gmail"),
        ("googlemail.com", "Gmail"),
        ("yahoo.co.uk", "Yahoo"),
        ("hotmail.fr", "Microsoft"),
        ("me.com", "Apple"),
        ("some.com", ""),
        ("gmail.com.example.org", ""),
        ("notyahoo.com", ""),
    ],
)
def test_provider_is_known_by_the_domain(domain: str, provider: str) -> None:
    assert provider_of(domain) == provider


@pytest.mark.parametrize(
    ("complaints", "level"), [(0, "good"), (9, "good"), (10, "warn"), (29, "warn"), (30, "bad"), (10_000, "bad")]
)
def test_limits_of_complaints_are_one_and_three_in_a_thousand(complaints: int, level: str) -> None:
    assert Rate("Gmail", 10_000, complaints, 0).complaint_level == level


def test_one_complaint_of_a_small_list_says_nothing() -> None:
    assert Rate("Gmail", 10, 1, 0).complaint_level == "few"
    assert Rate(None, 0, 0, 0).complaint_rate == 0.0


def back(row: Delivery, kind: str, number: int = 0) -> None:
    DeliveryEvent.objects.create(
        provider="p", provider_event_id=f"{row.pk}-{kind}-{number}", kind=kind, delivery=row, at=timezone.now()
    )


@pytest.mark.django_db
def test_complaints_are_counted_by_provider_and_message(clock) -> None:
    issue = make_sending(IssueState.FINISHED, sent_count=3)
    gmail = make_delivery(issue, S.SENT, email="a@gmail.com")
    make_delivery(issue, S.SENT, email="b@googlemail.com")
    other = make_delivery(issue, S.SENT, email="c@example.org")
    make_delivery(issue, S.FAILED, email="d@gmail.com")
    for number in range(2):
        back(gmail, EventKind.COMPLAINED, number)
    back(other, EventKind.HARD_BOUNCE)
    back(other, EventKind.OPENED)
    found = reputation()
    assert found.providers == [Rate("Gmail", 2, 1, 0), Rate("", 1, 0, 1)]
    assert found.total == Rate(None, 3, 1, 1)


@pytest.mark.django_db
def test_issues_of_earlier_months_do_not_count(clock) -> None:
    old = make_sending(IssueState.FINISHED, sent_count=1)
    make_delivery(old, S.SENT)
    Issue.objects.update(started_at=timezone.now() - timedelta(days=31))
    assert reputation().issues == 0


@pytest.mark.django_db
def test_rows_that_are_counted_have_a_limit_but_the_last_issue_always_counts(clock, monkeypatch) -> None:
    monkeypatch.setattr(module, "MOST_ROWS", 2)
    make_sending(IssueState.FINISHED, sent_count=3, started_at=timezone.now() - timedelta(days=2))
    newest = make_sending(IssueState.FINISHED, sent_count=3)
    make_delivery(newest, S.SENT)
    assert reputation().issues == 1
    assert reputation().total.sent == 1


def test_bars_grow_from_the_right_and_end_at_the_edge() -> None:
    found = module.Reputation(Rate(None, 1000, 1, 0), [Rate("Gmail", 1000, 900, 0)], 1)
    gauge = complaint_gauge(found)
    assert [(bar.x, bar.width) for bar in gauge.bars] == [("80.00%", "20.00%"), ("0.00%", "100.00%")]
    assert [(mark.level, mark.x) for mark in gauge.marks] == [("warn", "80.00%"), ("bad", "40.00%")]
