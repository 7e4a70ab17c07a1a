"""The search documents that are missing or old, made anew."""

import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.search import indexing
from articles.search.vocabulary import current_analyser

TELL_EVERY = 10  # seconds, where nobody watches a bar
BAR_WIDTH = 30


class Command(BaseCommand):
    help = (
        "Make the search documents that are missing, and those that were made with other rules or tables of words. "
        "It may be stopped at any time: what is done stays done, and the next run goes on from there. Readers go on "
        "searching meanwhile."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="make every document anew, also those that look right")
        parser.add_argument("--check", action="store_true", help="only say what is stale; status 1 if anything is")

    def handle(self, *args: Any, **options: Any) -> None:
        missing, old = indexing.count_stale()
        mark = current_analyser().fingerprint
        self.stdout.write(f"Analyser {mark}: {missing} articles without a document, {old} made by another analyser.")
        if options["check"]:
            if missing or old:
                raise CommandError("The search is not up to date: run reindex_search.", returncode=1)
            return
        if options["all"]:
            old = indexing.declare_all_old()
        try:
            done = self._with_progress(missing + old)
        except KeyboardInterrupt:
            raise CommandError("Stopped. The next run goes on from here.", returncode=130) from None
        self.stdout.write(f"{done} articles indexed.")

    def _with_progress(self, total: int) -> int:
        start = told = time.monotonic()
        done = 0
        for count in self._batches():
            done += count
            now = time.monotonic()
            rate = done / max(now - start, 0.001)
            line = f"{done} of {total}, {rate:.0f} a second, {max(total - done, 0) / rate:.0f} s left"
            if sys.stderr.isatty():
                filled = BAR_WIDTH * done // max(total, 1)
                self.stderr.write(f"\r[{'#' * filled:<{BAR_WIDTH}}] {line} ", ending="")
            elif now - told > TELL_EVERY:
                told = now
                self.stderr.write(line)
        if done and sys.stderr.isatty():
            self.stderr.write("")
        return done

    def _batches(self) -> Iterator[int]:
        yield from indexing.reindex()
        yield from indexing.complete()
