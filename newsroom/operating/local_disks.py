"""The disks that this machine writes to."""

import shutil
from dataclasses import dataclass

from newsroom.checkup import disks
from newsroom.checkup.places import existing


@dataclass(frozen=True)
class Disk:
    """Bytes."""

    name: str
    free: int
    total: int

    @property
    def share(self) -> float:
        return self.free / self.total if self.total else 0.0


def local_disks() -> list[Disk]:
    """Those that the site writes to; two names of one disk are one. Raises OSError for one that cannot be looked at."""
    found: dict[int, Disk] = {}
    for name, folder in disks.folders().items():
        place = existing(folder)
        usage = shutil.disk_usage(place)
        found.setdefault(place.stat().st_dev, Disk(name, usage.free, usage.total))
    return list(found.values())
