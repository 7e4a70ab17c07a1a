"""The worker dies while it sends a newsletter."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.asking import wait_until
from tests.faults.deeds import done
from tests.faults.house import House
from tests.newsletter.kill_runs import CONNECTIONS
from tests.newsletter.mailroom import lines, running_sink

READERS = 300
KILLS = (80, 190)  # when the mail server has taken so many
SLOW = 0.15  # s for each mail, so that some are always in flight
LEASE = "8"  # s: what a dead worker had in hand is taken up again so soon; 90 in earnest


@pytest.fixture
def impatient(stack: House) -> Iterator[House]:
    """The house with a worker that waits LEASE for a dead one."""
    given = dict(stack.there.given)
    stack.there.given["NEWSLETTER_LEASE_SECONDS"] = LEASE
    begin_again(stack)
    yield stack
    stack.there.given = given
    begin_again(stack)


def begin_again(house: House) -> None:
    house.there.crew.stop(house.there.service("worker"))
    house.there.crew.start(house.there.service("worker"))


def state_of(house: House, pk: int) -> str:
    return str(house.sql("SELECT state FROM newsletter_issue WHERE id = %s", pk)[0][0])


def kill_worker(house: House) -> None:
    """With all senders that it has started, and another one at once."""
    house.there.crew.kill(house.there.service("worker"))
    house.there.crew.start(house.there.service("worker"))


@pytest.mark.parametrize("policy", ["resend", "hold"])
def test_r16_worker_that_dies_twice_loses_nobody(
    impatient: House, smtp_port: int, tmp_path: Path, note: Any, policy: str
) -> None:
    with running_sink(tmp_path, port=smtp_port, slow=SLOW) as (_port, log):
        began = time.monotonic()
        issue = done(impatient, "send_newsletter", readers=READERS, policy=policy)["pk"]
        for mark in KILLS:
            wait_until(lambda mark=mark: lines(log) >= mark, 40)
            kill_worker(impatient)
        wait_until(lambda: state_of(impatient, issue) in {"finished", "paused"}, 60)
        seconds = time.monotonic() - began
        outcome = done(impatient, "look_at_newsletter", pk=issue, log=str(log))
    doubtful = outcome["extra"] if policy == "resend" else outcome["uncertain"]
    note(
        f"R16 {policy}",
        f"kill -9 of the worker twice while it sends {READERS} mails",
        expected="nobody lost, nobody twice but the mails in flight",
        measured=f"{outcome['received']} of {outcome['owed']} readers have it, {outcome['lost']} lost, "
        f"{outcome['extra']} twice, {outcome['uncertain']} uncertain; {seconds:.0f} s",
    )
    assert (outcome["state"], outcome["owed"], outcome["lost"]) == ("finished", READERS, 0)
    assert doubtful <= len(KILLS) * CONNECTIONS
    assert (outcome["extra"] if policy == "hold" else outcome["uncertain"]) == 0
    assert outcome["most_copies"] <= 1 + len(KILLS)
    assert (outcome["unexplained"], outcome["adds_up"]) == (0, True)
