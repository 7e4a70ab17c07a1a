"""The age of the last backup. Whether it can be read is what `manage.py restore --verify` is for."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.checkup.configuration import is_public
from newsroom.checkup.findings import Finding, fault, ok, warning
from newsroom.checkup.places import backup_folder

OLD, TOO_OLD = timedelta(hours=26), timedelta(days=7)


def check_backups() -> Iterator[Finding]:
    made_at = newest(backup_folder())
    advice = _("Run manage.py backup every night (docs/operations.md) and copy what it made to another machine.")
    if made_at is None:
        if is_public():
            yield fault("backups", _("There is no backup."), advice)
        else:
            yield warning("backups", _("There is no backup."), advice)
        return
    age = timezone.now() - made_at
    hours = round(age.total_seconds() / 3600)
    if age > TOO_OLD:
        yield fault("backups", _("The last backup is %(hours)s hours old."), advice, hours=hours)
    elif age > OLD:
        yield warning("backups", _("The last backup is %(hours)s hours old."), advice, hours=hours)
    else:
        yield ok("backups", _("The last backup is %(hours)s hours old."), hours=hours)


def newest(folder: Path) -> datetime | None:
    """When the newest backup in this folder was made, by its manifest; a folder without one is no backup."""
    found = [moment for path in folder.glob("*/manifest.json") if (moment := _made_at(path))]
    return max(found, default=None)


def _made_at(manifest: Path) -> datetime | None:
    try:
        moment = datetime.fromisoformat(json.loads(manifest.read_text(encoding="utf-8"))["made_at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
