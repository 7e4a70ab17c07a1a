"""The large runs of killing.py: five seeds under both policies. Prints a line for each; 1 where one breaks a rule."""

import json
import os
import subprocess
import sys
from typing import Any

from tests.newsletter.mailroom import ROOT

SEEDS = range(1, 6)
MAILS, KILLS = 10_000, 20
CONNECTIONS = 2 * 4  # of one worker, which may fill both places: NEWSLETTER_SENDERS, NEWSLETTER_CONNECTIONS


def run(policy: str, *, seed: int, mails: int = MAILS, kills: int = KILLS) -> dict[str, Any]:
    """The outcome, as killing.Outcome has it; what the workers complained of goes to stderr."""
    command = [sys.executable, "-m", "tests.newsletter.killing", f"--policy={policy}", f"--seed={seed}"]
    arguments = [f"--mails={mails}", f"--kills={kills}", "--show-log"]
    done = subprocess.run(
        [*command, *arguments], cwd=ROOT, env=dict(os.environ), check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def broken_rules(outcome: dict[str, Any], policy: str, *, kills: int = KILLS) -> list[str]:
    """What the outcome of a run must not show (newsletter invariant 2)."""
    in_doubt = outcome["extra"] if policy == "resend" else outcome["uncertain"]
    rules = {
        "not finished": outcome["state"] == "finished",
        "not all kills": outcome["kills"] == kills,
        "somebody is lost": outcome["lost"] == 0,
        "somebody who had left got it": outcome["unwanted"] == 0,
        "sent by the rows alone": outcome["unexplained"] == 0,
        "copies differ": outcome["identities"] == outcome["received"],
        "does not add up": outcome["adds_up"],
        "more in doubt than connections": in_doubt <= kills * CONNECTIONS,
        "copies although held": policy == "resend" or outcome["extra"] == 0,
        "uncertain although sent again": policy == "hold" or outcome["uncertain"] == 0,
        "too many copies of one mail": outcome["most_copies"] <= 1 + kills,
    }
    return [name for name, holds in rules.items() if not holds]


def main() -> int:
    broken = 0
    for policy in ("resend", "hold"):
        for seed in SEEDS:
            outcome = run(policy, seed=seed)
            found = broken_rules(outcome, policy)
            broken += bool(found)
            print(policy, seed, json.dumps(outcome), *found, flush=True)  # noqa: T201 - the result
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
