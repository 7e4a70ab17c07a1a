"""Invariant 2: killed workers lose nobody and mail nobody twice beyond what SMTP itself leaves open.

A small run in every suite; `make test-kills` does the large ones.
"""

import pytest

from tests.newsletter.kill_runs import broken_rules, run

KILLS = 5


@pytest.mark.parametrize(("policy", "seed"), [("resend", 1), ("hold", 2)])
def test_killed_workers_lose_nobody_and_mail_nobody_twice_beyond_the_policy(policy: str, seed: int) -> None:
    outcome = run(policy, seed=seed, mails=2_000, kills=KILLS)
    assert broken_rules(outcome, policy, kills=KILLS) == [], outcome


def test_rules_of_a_run_can_be_broken() -> None:
    """The comparison would notice: a reader who got nothing, a copy that the policy forbids, a sum that is wrong."""
    right = {
        "state": "finished", "kills": KILLS, "owed": 10, "received": 10, "lost": 0, "unwanted": 0, "extra": 0,
        "most_copies": 1, "identities": 10, "uncertain": 0, "unexplained": 0, "adds_up": True,
    }  # fmt: skip
    assert broken_rules(right, "hold", kills=KILLS) == []
    for wrong in ({"lost": 1}, {"extra": 1}, {"adds_up": False}, {"unwanted": 1}, {"state": "sending"}):
        assert broken_rules(right | wrong, "hold", kills=KILLS) != []
