import argparse
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from newsroom import maintenance


class Command(BaseCommand):
    help = "Close the site for everybody with a page that says so (on), open it again (off), or tell which (status)."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("what", choices=["on", "off", "status"])
        when = "when it is back: 22:00, or 2026-11-22T22:00, on the clock of the site (without its database: UTC)"
        parser.add_argument("--until", help=when)
        parser.add_argument("--note", default="", help="a sentence for the readers, in Arabic")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "status":
            self.stdout.write("closed" if maintenance.notice().exists() else "open")
        elif options["what"] == "off":
            self.stdout.write("The site is open again." if maintenance.open_site() else "The site was open.")
        else:
            until = moment(options["until"]) if options["until"] else None
            maintenance.close_site(until=until, note=options["note"])
            self.stdout.write("The site is closed. Open it again with: manage.py maintenance off")


def moment(typed: str) -> datetime:
    """The next such time of the day, or the time of that day. Raises CommandError."""
    zone = ZoneInfo(maintenance.known_settings().time_zone)
    now = timezone.now().astimezone(zone)
    try:
        if "T" in typed:
            found = datetime.fromisoformat(typed)
            found = found if found.tzinfo else found.replace(tzinfo=zone)
        else:
            found = datetime.combine(now.date(), time.fromisoformat(typed), tzinfo=zone)
            found += timedelta(days=found <= now)
    except ValueError as error:
        raise CommandError(f"not a time: {typed} (write 22:00, or 2026-11-22T22:00)") from error
    if found <= now:
        raise CommandError(f"this time has passed: {typed}")
    return found
