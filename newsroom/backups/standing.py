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
    """`damage` is a sentence, or '' for one with the files that it names (by size, not by hash), of a site that had
    all that its database names."""

    folder: Path
    age: timedelta
    size: int  # bytes
    damage: str

    @property
    def is_old(self) -> bool:
        return self.age > OLD

    @property
    def is_ok(self) -> bool:
        return not (self.damage or self.is_old)


def backups_in(folder: Path) -> Iterator[Path]:
    """The finished ones, newest first."""
    entries = folder.iterdir() if folder.is_dir() else ()
    named = sorted((entry for entry in entries if NAME.fullmatch(entry.name)), reverse=True, key=_order)
    return (entry for entry in named if (entry / manifest.MANIFEST).is_file())


def _order(folder: Path) -> tuple[str, int]:
    name, _dash, number = folder.name.partition("-")
    return name, int(number or 0)


def our_backups(folder: Path) -> Iterator[Path]:
    """Those of this site, newest first: several sites may share the folder. None whose manifest cannot be read."""
    for found in backups_in(folder):
        try:
            is_ours = _is_ours(manifest.read(found))
        except NotABackup:
            continue
        if is_ours:
            yield found


def _is_ours(told: Manifest) -> bool:
    return told.site_url == settings.SITE_URL


def newest_backup() -> NewestBackup | None:
    """Of this site; None where there is no finished one. It never raises for a damaged backup.

    One whose manifest cannot be read may be of any site, and counts as ours: somebody has to look.
    """
    for found in backups_in(Path(settings.BACKUP_FOLDER)):
        try:
            told = manifest.read(found)
        except NotABackup as refusal:
            return NewestBackup(found, timedelta(), 0, str(refusal))
        if _is_ours(told):
            return NewestBackup(found, timezone.now() - told.made_at, told.size, _damage(found, told))
    return None


def _damage(folder: Path, told: Manifest) -> str:
    for name, sealed in told.files.items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != sealed.size:
            return f"{path} is missing or cut off."
    return told.gap
