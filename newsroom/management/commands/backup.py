import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from newsroom.backups import manifest
from newsroom.backups.making import make_backup
from newsroom.backups.refusals import BackupRefused
from newsroom.backups.trees import MEDIA

KEPT = 7
# The exit status of a backup that was made of a site which had lost pictures.
OF_A_GAP = 3


class Command(BaseCommand):
    help = (
        "Copy the database as it is at one moment, and the files that belong to it, into a new folder below FOLDER. "
        "Readers and editors go on meanwhile."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", help="where backups lie (BACKUP_FOLDER, else DATA_DIR/backups)")
        parser.add_argument("--keep", type=int, default=KEPT, help=f"how many stay, the new one too ({KEPT}); 0: all")
        parser.add_argument("--whole", action="store_true", help="copy unchanged files too, instead of sharing them")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["keep"] < 0:
            raise CommandError("--keep is a number of backups, or 0 for all.")
        folder = Path(options["folder"] or settings.BACKUP_FOLDER)
        try:
            made = make_backup(folder, keep=options["keep"] or None, say=self.stdout.write, whole=options["whole"])
            told = manifest.read(made)
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        if told.gap:
            advice = f"Is the disk of {settings.MEDIA_ROOT} mounted?"
            if told.brought_count:
                advice += f" Copy back what was deleted from {made / MEDIA}."
            raise CommandError(f"{told.gap} {advice}", returncode=OF_A_GAP)
