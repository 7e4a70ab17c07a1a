"""What is forgotten, and that the sums stay."""

from datetime import timedelta
from time import monotonic

import pytest
from django.utils import timezone
from pytest_django import Settings

from newsletter.enums import DeliveryState, EventKind, IssueState
from newsletter.hit_counting import PROVIDER
from newsletter.models import Delivery, DeliveryEvent, HitCount, Issue, RawReport
from newsletter.returns import housekeeping
from newsletter.returns.housekeeping import fold_deliveries, forget, is_folded
from newsletter.statistics import issue_figures
from tests.newsletter.returns.sent import make_delivery, make_sent_issue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
DAY = timedelta(days=1)


def event(kind: EventKind, days: float, delivery: Delivery | None = None, provider: str = PROVIDER) -> DeliveryEvent:
    number = DeliveryEvent.objects.count()
    return DeliveryEvent.objects.create(
        provider=provider, provider_event_id=str(number), kind=kind, at=timezone.now() - days * DAY, delivery=delivery
    )


def test_raw_reports_are_kept_for_seven_days():
    for days in (6.9, 7.1):
        RawReport.objects.create(provider="mail", body=str(days), received_at=timezone.now() - days * DAY)
    assert forget()["raw reports forgotten"] == 1
    assert RawReport.objects.get().body == "6.9"


def test_names_behind_opens_are_forgotten_and_the_sums_stay(settings: Settings):
    settings.NEWSLETTER_NAMES_DAYS = 10
    issue = make_sent_issue()
    HitCount.objects.create(issue=issue, number=0, hour=timezone.now() - 11 * DAY, count=2)
    fresh = event(EventKind.OPENED, 9)
    event(EventKind.OPENED, 11)
    event(EventKind.CLICKED, 11)
    bounce = event(EventKind.HARD_BOUNCE, 11)
    assert forget()["names behind opens and clicks forgotten"] == 2
    assert set(DeliveryEvent.objects.all()) == {fresh, bounce}
    assert HitCount.objects.get().count == 2


def test_arrivals_are_forgotten_after_a_month_and_bounces_never():
    event(EventKind.DELIVERED, 31, provider="mailgun")
    event(EventKind.DELIVERED, 29, provider="mailgun")
    event(EventKind.DEFERRED, 100)
    event(EventKind.DEFERRED, 181)
    event(EventKind.COMPLAINED, 4000)
    forget()
    assert sorted(DeliveryEvent.objects.values_list("kind", flat=True)) == ["complained", "deferred", "delivered"]


@pytest.fixture
def old_issue() -> Issue:
    """Four messages: one came back, one is uncertain."""
    issue = make_sent_issue(at=timezone.now() - 181 * DAY, sent_count=3, uncertain_count=1)
    deliveries = [make_delivery(issue=issue, email=f"r{number}@example.com") for number in range(4)]
    Delivery.objects.filter(pk=deliveries[3].pk).update(state=DeliveryState.UNCERTAIN)
    event(EventKind.HARD_BOUNCE, 180, deliveries[0])
    event(EventKind.OPENED, 180, deliveries[1])
    return issue


def test_deliveries_of_old_issues_are_folded_and_what_came_back_stays(old_issue: Issue):
    assert forget()["deliveries folded"] == 2
    left = set(Delivery.objects.values_list("state", flat=True))
    assert (Delivery.objects.count(), left) == (2, {DeliveryState.SENT, DeliveryState.UNCERTAIN})
    old_issue.refresh_from_db()
    figures = issue_figures(old_issue)
    assert (old_issue.sent_count, figures.total.sent, figures.total.hard) == (3, 3, 1)
    assert is_folded(old_issue)


@pytest.mark.parametrize("fields", [{"state": IssueState.SENDING, "finished_at": None}, {"days": 179}])
def test_issue_that_is_not_over_for_long_keeps_its_rows(fields, old_issue: Issue):
    days = fields.pop("days", None)
    Issue.objects.update(**fields or {"finished_at": timezone.now() - days * DAY})
    assert forget()["deliveries folded"] == 0
    old_issue.refresh_from_db()
    assert not is_folded(old_issue)


def test_much_is_forgotten_in_chunks_and_the_rest_another_day(old_issue: Issue, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(housekeeping, "_CHUNK", 1)
    assert fold_deliveries(timezone.now(), until=monotonic() - 1) == 0
    assert fold_deliveries(timezone.now(), until=monotonic() + 60) == 2
