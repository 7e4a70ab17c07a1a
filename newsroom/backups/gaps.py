"""What a site had lost when a backup was made: files that its database names and its media have not."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from newsroom.backups.manifest import read_files
from newsroom.backups.refusals import NotABackup

LACKING = "lacking.json"


@dataclass(frozen=True)
class Gap:
    """Paths in the backup: `brought` are there, from earlier backups; `missing` are in none."""

    brought: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)

    @property
    def lacking(self) -> set[str]:
        return self.brought | self.missing

    def write(self, folder: Path) -> None:
        document = {"brought": sorted(self.brought), "missing": sorted(self.missing)}
        (folder / LACKING).write_text(json.dumps(document, ensure_ascii=False, indent=0), encoding="utf-8")


def had_some(folder: Path, paths: set[str]) -> bool:
    """Whether the site still had one of them when this backup was made; True where nobody can tell."""
    try:
        brought = _brought(folder)
        return any(copied.path in paths and copied.path not in brought for copied in read_files(folder))
    except (NotABackup, OSError, ValueError, KeyError, TypeError):
        return True


def _brought(folder: Path) -> set[str]:
    place = folder / LACKING
    return set(json.loads(place.read_text(encoding="utf-8"))["brought"]) if place.exists() else set()
