"""Invariant 2: killed workers lose nobody and mail nobody twice beyond what SMTP itself leaves open.

A small run of killing.py in every suite; `make test-kills` does the large ones with five seeds.
"""

import json
import os
import subprocess
import sys
from typing import Any

from tests.newsletter.mailroom import ROOT

MAILS = 2_000
KILLS = 5
CONNECTIONS = 4  # of one worker: settings.NEWSLETTER_CONNECTIONS


def kill(policy: str, **options: Any) -> dict[str, Any]:
    """The outcome of a run; a worker's own complaints are on stderr."""
    arguments = [f"--{name}={value}" for name, value in {"mails": MAILS, "kills": KILLS, **options}.items()]
    command = [sys.executable, "-m", "tests.newsletter.killing", f"--policy={policy}", "--show-log", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=dict(os.environ), check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def assert_nobody_is_lost(outcome: dict[str, Any]) -> None:
    assert outcome["state"] == "finished"
    assert outcome["kills"] == KILLS
    assert outcome["lost"] == 0
    assert outcome["unwanted"] == 0
    assert outcome["unexplained"] == 0
    assert outcome["identities"] == outcome["received"], "copies of a mail have one Message-ID"
    assert outcome["adds_up"]


def test_killed_workers_lose_nobody_and_resend_only_what_was_on_its_way():
    outcome = kill("resend")
    assert_nobody_is_lost(outcome)
    assert outcome["received"] == outcome["owed"]
    assert outcome["uncertain"] == 0
    assert outcome["extra"] <= KILLS * CONNECTIONS
    assert outcome["most_copies"] <= 1 + KILLS


def test_killed_workers_mail_nobody_twice_where_uncertain_mail_is_held():
    outcome = kill("hold", seed=2)
    assert_nobody_is_lost(outcome)
    assert outcome["extra"] == 0
    assert outcome["uncertain"] <= KILLS * CONNECTIONS
