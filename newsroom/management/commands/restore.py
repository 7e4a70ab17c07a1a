import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from newsroom.backups.refusals import BackupRefused
from newsroom.backups.restoring import mark_recovered, other_secret, restore, verify

ACCEPT = "It sends no newsletter until somebody has looked: manage.py accept_database"


class Command(BaseCommand):
    help = "Make an empty site what it was when the backup FOLDER was made; with --verify only try whether that works."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", help="one backup: the folder with manifest.json")
        parser.add_argument("--verify", action="store_true", help="check it, restore it beside, count, change nothing")
        parser.add_argument("--replace", action="store_true", help="a site that is not empty: back it up, replace it")
        parser.add_argument("--other-key", action="store_true", help="although SUPPRESSION_KEY is another one")
        parser.add_argument(
            "--mark-recovered",
            action="store_true",
            help="no FOLDER: PostgreSQL itself has brought this database back; let it send nothing that was sent since",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["folder"]) == options["mark_recovered"]:
            raise CommandError("Give FOLDER, one backup, or --mark-recovered.")
        if options["mark_recovered"]:
            self._mark_recovered()
        else:
            self._restore(Path(options["folder"]), options)

    def _mark_recovered(self) -> None:
        try:
            mark_recovered()
        except (BackupRefused, DatabaseError) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"This database says now that it is a copy. {ACCEPT}")

    def _restore(self, folder: Path, options: dict[str, Any]) -> None:
        say = self.stdout.write
        try:
            if options["verify"]:
                told = verify(folder, say=say)
            else:
                told = restore(folder, replace=options["replace"], say=say, other_key=options["other_key"])
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        say(f"Backup of {told.site_url}, made {told.made_at:%Y-%m-%d %H:%M:%S} UTC by version {told.version}.")
        if other_secret(told):
            say("SECRET_KEY is another one: links in mails that were sent, and sessions, work under the old one only.")
        for sentence in told.left_out:
            say(sentence)
        if not options["verify"]:
            say(ACCEPT)
