"""Room on the disks that the site writes to, and whether it may write there."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from newsroom.backups.trees import media_store
from newsroom.checkup.findings import Finding, fault, ok, warning
from newsroom.checkup.places import backup_folder, existing

MB, GB = 1024**2, 1024**3
# Less than this much, or than this share of the disk.
FAULT_BELOW, FAULT_SHARE = 300 * MB, 0.02
WARNING_BELOW, WARNING_SHARE = 2 * GB, 0.10


def folders() -> dict[str, Path]:
    found = {"data": Path(settings.DATA_DIR), "backups": backup_folder()}
    return found if media_store() else found | {"media": Path(settings.MEDIA_ROOT)}


def check_disks() -> Iterator[Finding]:
    for name, folder in folders().items():
        yield _check(name, folder)


def _check(name: str, named: Path) -> Finding:
    about, place, folder = f"disk.{name}", str(named), existing(named)
    if not os.access(folder, os.W_OK):
        return fault(
            about,
            _("%(place)s cannot be written to."),
            _("Give it to the user that the site runs as."),
            place=place,
        )
    usage = shutil.disk_usage(folder)
    free, share = _printed(usage.free), usage.free / usage.total
    if usage.free < FAULT_BELOW or share < FAULT_SHARE:
        return fault(
            about,
            _("%(place)s is nearly full: %(free)s are free."),
            _("Make room now: what people save would be lost."),
            place=place,
            free=free,
        )
    if usage.free < WARNING_BELOW or share < WARNING_SHARE:
        return warning(
            about,
            _("%(place)s is filling up: %(free)s are free."),
            _("Make room, or move it to a larger disk."),
            place=place,
            free=free,
        )
    return ok(about, _("%(place)s has room: %(free)s are free."), place=place, free=free)


def _printed(size: int) -> str:
    return f"{size / GB:.1f} GB" if size >= GB else f"{size / MB:.0f} MB"
