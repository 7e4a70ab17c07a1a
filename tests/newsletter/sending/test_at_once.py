"""Several processes at one issue, and a database that is locked or restarted; threads stand for the processes."""

import threading
import time
from typing import Any

import pytest
from django.db import OperationalError, connection

from newsletter.enums import DeliveryState, IssueState
from newsletter.models import Delivery
from newsletter.sending import freezing, lifecycle, sender
from newsletter.sending.claiming import claim
from tests.factories import make_issue, make_mailing_list, make_site, make_subscription
from tests.newsletter.sending.conftest import send

pytestmark = pytest.mark.django_db(transaction=True)
READERS = 60


@pytest.fixture
def issue():
    make_site(postal_address="شارع الميناء 7، المدينة")
    mailing_list = make_mailing_list()
    for number in range(READERS):
        make_subscription(mailing_list, email=f"reader{number}@example.com")
    issue = make_issue(mailing_list, text="نص")
    lifecycle.send_now(issue, by=None, expected_count=READERS)
    return issue


def at_once(count: int, deed: Any) -> list[Any]:
    results: list[Any] = []

    def run() -> None:
        try:
            results.append(deed())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_eight_who_prepare_at_once_make_one_delivery_for_each_reader(issue, monkeypatch):
    monkeypatch.setattr(freezing, "FIRST_CHUNK", 7)
    monkeypatch.setattr(freezing, "CHUNKS", (7, 7))
    assert at_once(8, lambda: freezing.freeze(issue.pk)) == [True] * 8
    issue.refresh_from_db()
    assert issue.state == IssueState.SENDING
    assert issue.candidate_count == READERS
    assert Delivery.objects.values("subscriber").distinct().count() == Delivery.objects.count() == READERS


def test_four_who_claim_at_once_share_the_deliveries(issue, settings):
    freezing.freeze(issue.pk)
    settings.NEWSLETTER_BATCH = 10
    owners = iter("abcd")
    claims = at_once(4, lambda: claim(issue, owner=next(owners)))
    ids = [letter.delivery_id for found in claims for letter in found.letters]
    assert len(ids) == len(set(ids)) == 40
    assert Delivery.objects.filter(state=DeliveryState.CLAIMED).count() == 40


def test_a_database_that_does_not_answer_is_waited_for(issue, server, monkeypatch):
    """What was sent meanwhile is written once it answers; nobody is mailed twice."""
    freezing.freeze(issue.pk)
    write, until = sender.write, time.monotonic() + 1.5

    def locked(*args: Any, **kwargs: Any) -> str:
        if time.monotonic() < until:
            raise OperationalError("database is locked")
        return write(*args, **kwargs)

    monkeypatch.setattr(sender, "write", locked)
    send(issue)
    assert len(server.taken()) == READERS
    assert issue.sent_count == READERS
    assert issue.state == IssueState.FINISHED


def test_a_pause_is_heard_within_two_seconds(issue, server, settings):
    server.faults["slow"] = 0.1
    settings.NEWSLETTER_CONNECTIONS = 1
    freezing.freeze(issue.pk)
    issue.refresh_from_db()
    begun = threading.Thread(target=at_once, args=[1, lambda: send(issue)])
    begun.start()
    time.sleep(1)
    lifecycle.pause(type(issue).objects.get(pk=issue.pk), reason="خطأ")
    time.sleep(2)
    taken = len(server.taken())
    begun.join()
    assert len(server.taken()) == taken < READERS
    issue.refresh_from_db()
    assert issue.sent_count == taken
    assert not Delivery.objects.filter(state=DeliveryState.CLAIMED).exists()


def test_a_connection_to_the_database_that_was_ended_is_made_anew(issue, server, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no connections to end")
    freezing.freeze(issue.pk)
    write, ended = sender.write, []

    def broken(*args: Any, **kwargs: Any) -> str:
        if not ended:
            ended.append(True)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return write(*args, **kwargs)

    monkeypatch.setattr(sender, "write", broken)
    send(issue)
    assert issue.sent_count == len(server.taken()) == READERS
