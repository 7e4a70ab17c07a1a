import threading
import time

import pytest
from django.db import connection

from newsletter.mails.slots import Recipient
from newsletter.models import RateBucket
from newsletter.sending import pacing
from newsletter.sending.letters import Kind, Letter, Outcome
from newsletter.sending.pacing import Gate, close_domain, closed_domains, reserve


def letter(number: int, domain: str = "example.com") -> Letter:
    return Letter(Recipient(number, number, number, "a", "", ""), f"r{number}@{domain}", domain, 1)


def most_in_a_second(moments: list[float]) -> int:
    moments = sorted(moments)
    return max(sum(1 for other in moments if start <= other < start + 1) for start in moments)


@pytest.mark.django_db(transaction=True)
def test_four_senders_together_keep_to_the_limit():
    moments: list[float] = []

    def sender() -> None:
        try:
            until = time.monotonic() + 2
            while time.monotonic() < until:
                moments.extend(reserve({"server:x": 40})["server:x"])
                time.sleep(0.02)
        finally:
            connection.close()

    threads = [threading.Thread(target=sender) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(moments) > 20
    assert most_in_a_second(moments) <= 40


def test_letters_leave_at_their_moments_and_missed_ones_are_lost(db, settings, monkeypatch):
    settings.NEWSLETTER_RATE = 10
    gate = Gate("x")
    for number in range(100):
        gate.hold(letter(number))
    assert len(gate.released(at_most=50)) == 1
    assert gate.released(at_most=50) == []
    ticks = pacing.ticks
    monkeypatch.setattr(pacing, "ticks", lambda: ticks() + 60)  # a sender that was stopped for a minute
    assert len(gate.released(at_most=50)) <= 1


def test_a_slow_domain_does_not_hold_up_another(db, settings):
    settings.NEWSLETTER_DOMAIN_RATE = {"slow.example": 0.1}
    gate = Gate("x")
    for number in range(50):
        gate.hold(letter(number, "slow.example"))
        gate.hold(letter(number, "fast.example"))
    free = gate.released(at_most=1000)
    assert sum(each.domain == "fast.example" for each in free) == 50
    assert sum(each.domain == "slow.example" for each in free) <= 1
    assert gate.full_domains() == {"slow.example"}


def test_a_clock_that_was_set_back_does_not_stop_the_sending(db):
    reserve({"server:x": 10})
    bucket = RateBucket.objects.get()
    RateBucket.objects.update(refilled_at=bucket.refilled_at.replace(year=bucket.refilled_at.year + 1))
    assert reserve({"server:x": 10})["server:x"]


def test_a_domain_that_says_not_now_rests_longer_each_time(db):
    gate = Gate("x")
    later = Outcome(letter(1), Kind.DEFERRED, 451)
    assert [gate.heed(later) for _number in range(10)] == [""] * 9 + ["example.com"]
    assert gate.rest_of("example.com") < gate.rest_of("example.com")
    gate.heed(Outcome(letter(1), Kind.ACCEPTED, 250))
    assert gate.rest_of("example.com") == pacing.FIRST_REST


def test_a_closed_domain_is_known_to_all(db):
    close_domain("example.com", seconds=30)
    close_domain("example.org", seconds=-1)
    assert closed_domains() == {"example.com"}
