"""Which backups there are, and how the newest stands: what the operator's page and `manage.py doctor` say."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from newsroom.backups import manifest
from newsroom.backups.manifest import Manifest
from newsroom.backups.refusals import NotABackup

# A name of ours: nothing else in the folder is ever touched.
NAME = re.compile(r"\d{8}T\d{6}Z(-\d+)?")
# One each day, and two hours for one that takes long.
OLD = timedelta(hours=26)


@dataclass(frozen=True)
class NewestBackup:
    """`problem` is a sentence, or '' for a recent one with the files that it names (by size, not by hash)."""

    folder: Path
    age: timedelta
    size: int  # bytes
    problem: str

    @property
    def is_ok(self) -> bool:
        return not self.problem


def backups_in(folder: Path) -> Iterator[Path]:
    """The finished ones, newest first."""
    entries = folder.iterdir() if folder.is_dir() else ()
    named = sorted((entry for entry in entries if NAME.fullmatch(entry.name)), reverse=True, key=_order)
    return (entry for entry in named if (entry / manifest.MANIFEST).is_file())


def _order(folder: Path) -> tuple[str, int]:
    name, _dash, number = folder.name.partition("-")
    return name, int(number or 0)


def newest_backup(folder: Path | None = None) -> NewestBackup | None:
    """None where there is no finished one. It reads one small file and never raises for a damaged backup."""
    for found in backups_in(folder or Path(settings.BACKUP_FOLDER)):
        made = timezone.now()
        try:
            told = manifest.read(found)
        except NotABackup as refusal:
            return NewestBackup(found, timedelta(), 0, str(refusal))
        age = made - told.made_at
        return NewestBackup(found, age, told.size, _problem(found, told, age))
    return None


def _problem(folder: Path, told: Manifest, age: timedelta) -> str:
    for name, sealed in told.files.items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != sealed.size:
            return f"{path} is missing or cut off."
    if age > OLD:
        return f"The newest backup is {age.days * 24 + age.seconds // 3600} hours old."
    return ""
