import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.utils import timezone

from newsroom.backups import manifest
from newsroom.backups.databases import Counted, Database
from newsroom.backups.gaps import LACKING, Gap, had_some
from newsroom.backups.manifest import FILES, MEDIA_ELSEWHERE, MOST_NAMED, Manifest, key_prints, seal
from newsroom.backups.postgresql import PostgresDatabase
from newsroom.backups.refusals import BackupRefused, told_in_a_sentence
from newsroom.backups.sqlite import SqliteDatabase
from newsroom.backups.standing import NAME, our_backups
from newsroom.backups.trees import MEDIA, CopiedFiles, Earlier, Say, found_files, media_store, size_to_copy, trees
from newsroom.lib.version import VERSION

# What a disk has for others while a backup is made.
SPARE = 64 * 1024 * 1024
NEVER_COPIED = "Secrets (SECRET_KEY, SUPPRESSION_KEY, passwords, .env) are in no backup: keep them elsewhere."


def database() -> Database:
    return SqliteDatabase() if connections["default"].vendor == "sqlite" else PostgresDatabase()


def make_backup(folder: Path, *, keep: int | None, say: Say, whole: bool = False) -> Path:
    """Make a backup below `folder` and return where it is. Older ones beyond `keep` are removed; None keeps all.

    Media are copied before the database and what is new after it: a picture that is discarded, or cropped anew, while
    the backup is made is there as the rows of the snapshot name it. What the site had lost before is taken from earlier
    backups; `manifest.gap` says so, and no backup that has it from the site itself is removed. With `whole` no file is
    shared with the backup before. Raises BackupRefused.
    """
    _refuse_public(folder)
    with told_in_a_sentence(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with alone(folder / ".lock"):
            _remove_unfinished(folder)
            earlier = Earlier(None if whole else next(our_backups(folder), None))
            source = database()
            refuse_without_room(folder, source.size() + size_to_copy(earlier))
            made_at = timezone.now()
            target = _new_folder(folder, made_at)
            try:
                lacking = _fill(target, source, earlier, made_at, say)
            except BaseException:
                shutil.rmtree(target, ignore_errors=True)
                raise
            if keep is not None:
                remove_older(folder, keep=keep, lacking=lacking, say=say)
    return target


def _fill(target: Path, source: Database, earlier: Earlier, made_at: datetime, say: Say) -> set[str]:
    """Returns the paths of what the site lacks, although its database names it."""
    copy = target / source.file_name
    with CopiedFiles(target, earlier, say) as files:
        files.copy(found_files(MEDIA))
        say(f"Copying the database ({source.name}, {_mb(source.size())}) ...")
        counted = source.dump(copy)
        count, tables = sum(counted.rows.values()), len(counted.rows)
        say(f"Database copied: {count} rows in {tables} tables, {_mb(copy.stat().st_size)}.")
        files.copy(found_files())
        gap = _gap(target, files, counted, whole=not earlier.folder)
        files.say_how_many()
    left_out = [NEVER_COPIED]
    if store := media_store():
        advice = "let that store keep versions, or copy it itself"
        left_out.append(f"{MEDIA_ELSEWHERE}{store} and are not copied: {advice}.")
    for sentence in left_out:
        say(sentence)
    manifest.write(_manifest(target, source, counted, files, left_out, gap, made_at), target)
    say(f"Backup: {target}")
    return gap.lacking


def _gap(target: Path, files: CopiedFiles, counted: Counted, *, whole: bool) -> Gap:
    """What the site has lost, with as much of it as earlier backups have. An object store looks after its own."""
    lacking = set() if media_store() else files.lacking(counted.named)
    if not lacking:
        return Gap()
    brought = files.bring(lacking, our_backups(target.parent), whole=whole)
    return Gap(brought, lacking - brought)


def _manifest(
    target: Path,
    source: Database,
    counted: Counted,
    files: CopiedFiles,
    left_out: list[str],
    gap: Gap,
    made_at: datetime,
) -> Manifest:
    names = [source.file_name, FILES]
    if gap.lacking:
        gap.write(target)
        names.append(LACKING)
    return Manifest(
        made_at=made_at,
        site_url=settings.SITE_URL,
        version=VERSION,
        engine=source.engine,
        server=source.server(),
        migrations=counted.migrations,
        rows=counted.rows,
        files={name: seal(target / name) for name in names},
        copied_count=files.count,
        copied_size=files.size,
        keys=key_prints(),
        left_out=left_out,
        brought_count=len(gap.brought),
        missing_count=len(gap.missing),
        missing=sorted(gap.missing)[:MOST_NAMED],
    )


def remove_older(folder: Path, *, keep: int, lacking: set[str], say: Say) -> None:
    """`lacking`: what the site has lost. A backup that was made while the site had some of it stays."""
    for old in list(our_backups(folder))[max(keep, 1) :]:
        if lacking and had_some(old, lacking):
            say(f"Kept: {old}, which has files that the site lacks.")
            continue
        # First what makes it a backup: half of one must not be taken for it.
        (old / manifest.MANIFEST).unlink()
        shutil.rmtree(old)
        say(f"Removed: {old}")


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Raises BackupRefused while another process is at it. The lock ends with the process, however it ends."""
    handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupRefused(f"Another backup or restore is at work ({lock}).") from error
        yield
    finally:
        os.close(handle)


def refuse_without_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed + SPARE:
        raise BackupRefused(f"The disk of {folder} has {_mb(free)} left, and {_mb(needed + SPARE)} may be needed.")


def _refuse_public(folder: Path) -> None:
    for tree in trees().values():
        if folder.resolve().is_relative_to(tree.resolve()):
            raise BackupRefused(f"{folder} lies in {tree}, which is copied (and may be served to readers).")


def _remove_unfinished(folder: Path) -> None:
    """What a backup that was killed has left."""
    for entry in folder.iterdir():
        if NAME.fullmatch(entry.name) and entry.is_dir() and not (entry / manifest.MANIFEST).exists():
            shutil.rmtree(entry)


def _new_folder(folder: Path, made_at: datetime) -> Path:
    name, number = f"{made_at:%Y%m%dT%H%M%SZ}", 1
    target = folder / name
    while target.exists():
        number += 1
        target = folder / f"{name}-{number}"
    target.mkdir(mode=0o700)
    return target


def _mb(size: int) -> str:
    return f"{size / 1e6:.1f} MB"
