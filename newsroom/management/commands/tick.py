import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from newsroom import ticking


class Command(BaseCommand):
    help = (
        "Do what is due at this minute: publish scheduled changes, send mail that was lost. "
        "With --daily also tidy up; with --forever both, at every full minute, until the parent process ends. "
        "Several at once do no harm."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--daily", action="store_true", help="also what is done once a day")
        parser.add_argument("--forever", action="store_true", help="go on, a tick each minute and the rest each day")
        parser.add_argument("--parent", type=int, help="with --forever: end when this process is not the parent")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["forever"]:
            ticking.run_forever(parent=options["parent"])
            return
        report = ticking.tick(daily=options["daily"])
        self.stdout.write(str(report))
        if report.failed:
            raise CommandError(f"failed: {', '.join(report.failed)}")
