"""What a backup says of itself: manifest.json, and files.jsonl with a line for each file that was copied."""

import hashlib
import hmac
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings

from newsroom.backups.refusals import NotABackup
from newsroom.lib.durable import fsync_folder

FORMAT = 1
MANIFEST = "manifest.json"
FILES = "files.jsonl"
# What `left_out` says of media in an object store begins with it.
MEDIA_ELSEWHERE = "Media lie in "
# A version of before them reads a manifest without them.
ONLY_OF_GAPS = {"brought_count", "missing_count", "missing"}
MOST_NAMED = 100
BLOCK = 1024 * 1024  # bytes read at a time


@dataclass(frozen=True)
class Sealed:
    """What a file must be: SHA-256 in hexadecimal digits and bytes."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Copied(Sealed):
    """A file of media, mail or senders: `path` is below the backup, with '/' between its parts."""

    path: str
    mtime_ns: int


@dataclass(frozen=True)
class Manifest:
    """`rows` counts each table in the very snapshot that was copied; `migrations` are those applied to it."""

    made_at: datetime
    site_url: str
    version: str
    engine: str  # sqlite, postgresql
    server: str
    migrations: list[str]
    rows: dict[str, int]
    files: dict[str, Sealed]
    copied_count: int
    copied_size: int
    # Fingerprints, not the keys: who restores is told when a key is another one.
    keys: dict[str, str]
    left_out: list[str] = field(default_factory=list)
    # Files of media that rows of the snapshot name and the site had lost: how many an earlier backup still had, and how
    # many lie nowhere, the first of them by name. Written only where there are any.
    brought_count: int = 0
    missing_count: int = 0
    missing: list[str] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Bytes of the whole backup; files that it shares with an earlier one count too."""
        return self.copied_size + sum(file.size for file in self.files.values())

    @property
    def gap(self) -> str:
        """A sentence on what the site had lost when the backup was made, or ''."""
        count = self.brought_count + self.missing_count
        if not count:
            return ""
        told = [f"{self.brought_count} of them were taken from earlier backups"] if self.brought_count else []
        if self.missing_count:
            told.append(f"{self.missing_count} lie nowhere ({named_some(self.missing, self.missing_count)})")
        return f"The site lacks {count} files that its database names: {', '.join(told)}."

    @property
    def has_media(self) -> bool:
        """Whether pictures were to be copied: those in an object store are not."""
        return not any(sentence.startswith(MEDIA_ELSEWHERE) for sentence in self.left_out)


def write(manifest: Manifest, folder: Path) -> None:
    """The last act of a backup: everything else is on the disk before it, and it is there whole or not at all."""
    told = {name: value for name, value in asdict(manifest).items() if value or name not in ONLY_OF_GAPS}
    document = {"format": FORMAT, **told, "made_at": manifest.made_at.isoformat()}
    unfinished = folder / f"{MANIFEST}.unfinished"
    with unfinished.open("x", encoding="utf-8") as file:
        json.dump(document, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    # All files and folders at once: a backup has too many for one wait each.
    os.sync()
    unfinished.rename(folder / MANIFEST)
    fsync_folder(folder)
    fsync_folder(folder.parent)


def read(folder: Path) -> Manifest:
    """Raises NotABackup."""
    try:
        text = (folder / MANIFEST).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise NotABackup(f"{folder} is no finished backup: it has no {MANIFEST}.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise NotABackup(f"{folder / MANIFEST} cannot be read: {error}") from error
    try:
        return _parsed(json.loads(text))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NotABackup(f"{folder / MANIFEST} is damaged, or of another version: {error!r}") from error


def _parsed(document: dict[str, Any]) -> Manifest:
    if document.pop("format") != FORMAT:
        raise ValueError("format")
    document["made_at"] = datetime.fromisoformat(document["made_at"]).astimezone(UTC)
    document["files"] = {safe_path(name): Sealed(**sealed) for name, sealed in document["files"].items()}
    return Manifest(**document)


def read_files(folder: Path) -> Iterator[Copied]:
    """Raises NotABackup; also for a path that would lead out of the folder."""
    try:
        with (folder / FILES).open(encoding="utf-8") as lines:
            for line in lines:
                copied = Copied(**json.loads(line))
                safe_path(copied.path)
                yield copied
    except (OSError, ValueError, TypeError) as error:
        raise NotABackup(f"{folder / FILES} is damaged: {error}") from error


def named_some(names: Iterable[str], count: int) -> str:
    """The first three, and how many more."""
    some = sorted(names)[:3]
    return ", ".join(some) + (f" and {count - len(some)} more" if count > len(some) else "")


def safe_path(name: str) -> str:
    """Raises ValueError for what is no plain way down: a backup from elsewhere must not write where it likes."""
    parts = PurePosixPath(name).parts
    if not parts or name != "/".join(parts) or ".." in parts or name.startswith("/") or {"\0", "\\"} & set(name):
        raise ValueError(f"the path {name!r} leads out of the backup")
    return name


def seal(path: Path) -> Sealed:
    with path.open("rb") as file:
        return Sealed(hashlib.file_digest(file, "sha256").hexdigest(), os.fstat(file.fileno()).st_size)


def key_prints() -> dict[str, str]:
    """By which a key is known again and nothing is learnt of it."""
    return {name: key_print(getattr(settings, name)) for name in ("SUPPRESSION_KEY", "SECRET_KEY")}


def key_print(key: str) -> str:
    return hmac.new(key.encode(), b"newsroom.backups", hashlib.sha256).hexdigest()[:16]
