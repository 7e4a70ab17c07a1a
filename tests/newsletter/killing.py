"""Workers are killed at random while they send; what the mail server took is compared with what was owed.

    python -m tests.newsletter.killing --mails 10000 --kills 20 --policy resend --seed 1

On SQLite, or on a new database of the server that DATABASE_URL names. Prints the outcome as one line of JSON. The sink
logs before it answers, so that its log is what readers got.
"""

import argparse
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.newsletter import mailroom

WORKERS = 2
LEAVE_BEFORE = 50
LEAVE_MEANWHILE = 20
SECONDS = int(os.environ.get("SECONDS", "420"))


@dataclass
class Outcome:
    """`lost`: owed, and neither sent nor uncertain. `unwanted`: sent to who had left before the claim.

    Who left in the middle is owed the mail unless a sender that took the row afterwards skipped it.
    """

    seconds: float = 0
    kills: int = 0
    state: str = ""
    owed: int = 0
    received: int = 0
    lost: int = 0
    unwanted: int = 0
    extra: int = 0
    most_copies: int = 0
    identities: int = 0  # Message-IDs in all; as many as readers when copies are told by them
    uncertain: int = 0
    unexplained: int = 0  # rows that say sent and whose mail the server never took
    adds_up: bool = False


def main() -> None:
    options = _options()
    with mailroom.folder() as folder, mailroom.running_sink(folder, **options.faults) as (port, log):
        mailroom.set_up(folder / "data", port=port, database_url=options.database_url)
        outcome = run(options, folder=folder, log=log)
        if options.show_log:
            sys.stderr.write((folder / "workers.log").read_text())
    print(json.dumps(asdict(outcome)))  # noqa: T201 - the result


def run(options: argparse.Namespace, *, folder: Path, log: Path) -> Outcome:
    from newsletter.sending import freezing, lifecycle  # noqa: PLC0415 - models need the set-up

    choice = random.Random(options.seed)  # noqa: S311 - the same run each time
    issue = mailroom.fill(options.mails, policy=options.policy)
    count = lifecycle.candidate_count(issue.mailing_list)[0]
    lifecycle.send_now(issue, by=None, expected_count=count)
    freezing.freeze(issue.pk)  # so that those who leave now have a row already
    left = _leave(choice.sample(_subscriptions(), LEAVE_BEFORE * options.mails // 10_000))
    leavers = set(left)
    started = time.monotonic()
    outcome = Outcome()
    marks = sorted(choice.randrange(options.mails) for _ in range(options.kills))
    leaving = sorted(choice.randrange(options.mails) for _ in range(LEAVE_MEANWHILE * options.mails // 10_000))

    def is_over() -> bool:
        taken = mailroom.lines(log)
        while marks and taken >= marks[0]:
            workers.kill_one(choice)
            outcome.kills += 1
            del marks[0]
        while leaving and taken >= leaving[0]:
            address, is_unclaimed = leave_unclaimed(issue, choice)
            leavers.update(address)
            left.update(address if is_unclaimed else ())
            del leaving[0]
        issue.refresh_from_db()
        return issue.state in {"finished", "paused"}

    with mailroom.working(options.workers, log=folder / "workers.log") as workers:
        mailroom.wait_until(is_over, seconds=SECONDS, every=0.02)
    outcome.seconds = round(time.monotonic() - started, 1)
    return compare(issue, outcome, log=log, left=left, leavers=leavers)


def compare(
    issue: Any, outcome: Outcome, *, log: Path, left: Collection[str] = (), leavers: Collection[str] = ()
) -> Outcome:
    """Fill in what became of the issue, by the rows and by the log of the mail server."""
    from newsletter.enums import DeliveryState  # noqa: PLC0415 - models need the set-up
    from newsletter.models import Delivery, Subscriber  # noqa: PLC0415

    taken = [line.split() for line in log.read_text().splitlines()]
    copies = Counter(line[0] for line in taken)
    by_state = {
        state: set(Delivery.objects.filter(issue=issue, state=state).values_list("subscriber__email", flat=True))
        for state in DeliveryState
    }
    uncertain = by_state[DeliveryState.UNCERTAIN]
    readers = Subscriber.objects.filter(subscriptions__mailing_list=issue.mailing_list)
    everybody = set(readers.values_list("email", flat=True))
    owed = everybody - set(left) - (by_state[DeliveryState.SKIPPED] & set(leavers))
    issue.refresh_from_db()
    settled = issue.sent_count + issue.failed_count + issue.skipped_count + issue.uncertain_count
    outcome.state = issue.state
    outcome.owed, outcome.received, outcome.uncertain = len(owed), len(copies), len(uncertain)
    outcome.lost = len(owed - copies.keys() - uncertain)
    outcome.unwanted = len(set(left) & copies.keys())
    outcome.extra = copies.total() - len(copies)
    outcome.most_copies = max(copies.values(), default=0)
    outcome.identities = len({line[1] for line in taken})
    outcome.unexplained = len(by_state[DeliveryState.SENT] - copies.keys())
    outcome.adds_up = issue.candidate_count == settled + issue.excluded_count == len(everybody)
    return outcome


def _subscriptions() -> list[Any]:
    from newsletter.models import Subscription  # noqa: PLC0415 - models need the set-up

    return list(Subscription.objects.select_related("subscriber", "mailing_list"))


def _leave(subscriptions: list[Any]) -> set[str]:
    """They leave, and their addresses."""
    from newsletter.enums import ConsentPlace  # noqa: PLC0415 - models need the set-up
    from newsletter.subscribing import unsubscribe  # noqa: PLC0415

    for subscription in subscriptions:
        unsubscribe(subscription, place=ConsentPlace.ONE_CLICK)
    return {subscription.subscriber.email for subscription in subscriptions}


def leave_unclaimed(issue: Any, choice: random.Random) -> tuple[set[str], bool]:
    """Somebody leaves in the middle: the address, and whether no sender had the row when that was committed.

    The row is locked to be looked at: a sender that was just taking it has then said so.
    """
    from django.db import transaction  # noqa: PLC0415

    from newsletter.enums import DeliveryState, SkipReason  # noqa: PLC0415 - models need the set-up
    from newsletter.models import Delivery, Subscription  # noqa: PLC0415

    waiting = Delivery.objects.filter(issue=issue, state=DeliveryState.PENDING, attempts=0).order_by("-id")[:500]
    rows = [row for row in waiting if row.subscriber_id]
    if not rows:
        return set(), False
    row = choice.choice(rows)
    subscription = Subscription.objects.select_related("subscriber", "mailing_list").get(pk=row.subscription_id)
    address = _leave([subscription])
    with transaction.atomic():
        row = Delivery.objects.select_for_update().get(pk=row.pk)
    is_untouched = row.state == DeliveryState.PENDING and not row.attempts
    return address, is_untouched or row.skip_reason == SkipReason.UNSUBSCRIBED


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--workers", type=int, default=WORKERS)
    parser.add_argument("--policy", choices=["resend", "hold"], default="resend")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", type=json.loads, default={})
    parser.add_argument("--show-log", action="store_true")
    options = parser.parse_args()
    url = os.environ.get("DATABASE_URL", "")
    options.database_url = new_database(url) if url.startswith("postgres") else ""
    return options


def new_database(url: str) -> str:
    """The address of a new database beside the one of `url`."""
    import psycopg2  # noqa: PLC0415 - not needed on SQLite
    from psycopg2 import sql  # noqa: PLC0415

    base, _slash, _name = url.rpartition("/")
    name = f"killing_{os.getpid()}"
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    connection.close()
    return f"{base}/{name}"


if __name__ == "__main__":
    main()
