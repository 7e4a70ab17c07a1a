"""Made articles by the thousand, to see how the site behaves with a large archive."""

import argparse
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from articles.filling.making import PROCESSES, make_articles

MOST = 5_000_000
TELL_EVERY = 10  # seconds, where nobody watches a line


class Command(BaseCommand):
    help = (
        "Add N published articles of made-up Arabic news of three years to the database, with what belongs to them: "
        "sections, tags, authors, sources, pictures, links, search; no revisions. For trying how a site behaves with a "
        "large archive. Nothing tells them from real articles and nothing takes them away again but a new database."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("count", type=int, metavar="N", help=f"how many, at most {MOST:,}")
        parser.add_argument("--yes", action="store_true", help="also into a database that seems to be in use")
        parser.add_argument(
            "--processes", type=int, default=PROCESSES, metavar="P", help="that work at it on PostgreSQL (%(default)s)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        count, processes = options["count"], options["processes"]
        if not 1 <= count <= MOST:
            raise CommandError(f"N is a number from 1 to {MOST:,}, not {count}.")
        if not 1 <= processes <= 64:
            raise CommandError(f"The number of processes is from 1 to 64, not {processes}.")
        if not options["yes"] and (reason := seems_in_use()):
            raise CommandError(f"{reason} Made articles cannot be taken away again. If that is what you want: --yes")
        start = time.monotonic()
        done = self._with_progress(count, processes)
        took = time.monotonic() - start
        self.stdout.write(f"{done} articles made in {took:.1f} s, {done / took:.0f} a second.")

    def _with_progress(self, count: int, processes: int) -> int:
        start = told = time.monotonic()
        done = 0
        for made in make_articles(count, processes=processes):
            done += made
            now = time.monotonic()
            line = f"{done} of {count}, {done / (now - start):.0f} a second"
            if sys.stderr.isatty():
                self.stderr.write(f"\r{line} ", ending="")
            elif now - told > TELL_EVERY:
                told = now
                self.stderr.write(line)
        if sys.stderr.isatty():
            self.stderr.write("")
        return done


def seems_in_use() -> str:
    """A sentence why this is no database to play with; '' for one that `prepare_site` has made on this machine."""
    if not settings.LOOPBACK:
        return f"This is the database of {settings.SITE_URL}, which readers can reach."
    people = User.objects.filter(is_active=True).count()
    return f"In this database {people} people have an account." if people > 1 else ""
