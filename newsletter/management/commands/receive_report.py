import os
import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.db import Error

from newsletter.returns.messages import LONGEST
from newsletter.returns.receiving import receive

# What a mail server understands as «try again later» (sysexits.h).
EX_TEMPFAIL = 75
_CHUNK = 64 * 1024


class Command(BaseCommand):
    help = "Read one report of a mail server (bounce, complaint) from standard input; for the pipe of an MTA."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--recipient", default="", help="address that it came to; else ORIGINAL_RECIPIENT")

    def handle(self, *args: str, recipient: str, **options: object) -> None:
        known = [recipient, os.environ.get("ORIGINAL_RECIPIENT", ""), os.environ.get("RECIPIENT", "")]
        raw = self._read()
        try:
            outcome = receive(raw, recipients=[address for address in known if address])
        except Error as error:
            self.stderr.write(f"The database does not answer: {error}")
            sys.exit(EX_TEMPFAIL)
        self.stdout.write(outcome.value)

    @staticmethod
    def _read() -> bytes:
        """To the end, since mail servers take a pipe that closes early for a failure; only the beginning is kept."""
        kept = b""
        while chunk := sys.stdin.buffer.read(_CHUNK):
            kept += chunk[: max(LONGEST - len(kept), 0)]
        return kept
