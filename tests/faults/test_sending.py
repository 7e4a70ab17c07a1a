"""The worker dies while it sends a newsletter."""

import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from newsletter.sending.journal import Mark, last_words
from tests.faults.asking import wait_until
from tests.faults.deeds import done
from tests.faults.house import House
from tests.newsletter.mailroom import lines, running_sink

READERS = 300
KILLS = (80, 190)  # when the mail server has taken so many
SLOW = 0.15  # s for each mail, so that some are always in flight

InDoubt = dict[str, list[int]]


def state_of(house: House, pk: int) -> str:
    return str(house.sql("SELECT state FROM newsletter_issue WHERE id = %s", pk)[0][0])


def in_doubt(house: House) -> InDoubt:
    """Deliveries whose mail had begun to leave and was not answered, by the journals of dead senders."""
    journals = house.there.folder.glob("*/senders/*/journal")
    words = {path.parent.name: last_words(path.read_bytes()).values() for path in journals}
    return {
        run: [entry.delivery_id for entry in entries if entry.mark == Mark.INTENT] for run, entries in words.items()
    }


def kill_worker(house: House) -> InDoubt:
    """With all senders that it has started, and another one at once. Returns what they had in flight."""
    house.there.crew.kill(house.there.service("worker"))
    left = in_doubt(house)
    house.there.crew.start(house.there.service("worker"))
    return left


@pytest.mark.parametrize("policy", ["resend", "hold"])
def test_r16_worker_that_dies_twice_loses_nobody(
    stack: House, smtp_port: int, tmp_path: Path, note: Any, policy: str
) -> None:
    """Only what its journals name may be sent twice: one mail of each connection. Nothing waits for a lease."""
    kills: list[InDoubt] = []
    with running_sink(tmp_path, port=smtp_port, slow=SLOW) as (_port, log):
        began = time.monotonic()
        issue = done(stack, "send_newsletter", readers=READERS, policy=policy)["pk"]
        for mark in KILLS:
            wait_until(lambda mark=mark: lines(log) >= mark, 40)
            kills.append(kill_worker(stack))
        wait_until(lambda: state_of(stack, issue) in {"finished", "paused"}, 60)
        seconds = time.monotonic() - began
        outcome = done(stack, "look_at_newsletter", pk=issue, log=str(log))
    runs = [left for kill in kills for left in kill.values()]
    times = Counter(delivery for left in runs for delivery in left)
    note(
        f"R16 {policy}",
        f"kill -9 of the worker twice while it sends {READERS} mails",
        expected="nobody lost, nobody twice but the one mail in flight of each connection",
        measured=f"{outcome['received']} of {outcome['owed']} readers have it, {outcome['lost']} lost, "
        f"{outcome['extra']} twice, {outcome['uncertain']} uncertain; in flight "
        f"{[sum(map(len, kill.values())) for kill in kills]}; {seconds:.0f} s",
    )
    assert (outcome["state"], outcome["owed"], outcome["lost"]) == ("finished", READERS, 0)
    assert all(0 < len(kill) <= settings.NEWSLETTER_SENDERS for kill in kills)
    assert max(map(len, runs)) <= settings.NEWSLETTER_CONNECTIONS
    if policy == "resend":
        assert outcome["extra"] <= times.total()
        assert outcome["uncertain"] == 0
        # Three copies only for who was in flight both times.
        assert outcome["most_copies"] <= 1 + max(times.values())
    else:
        assert outcome["extra"] == 0
        assert outcome["uncertain"] == len(times)
    assert (outcome["unexplained"], outcome["adds_up"]) == (0, True)
    assert seconds < settings.NEWSLETTER_LEASE_SECONDS
