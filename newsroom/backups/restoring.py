from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from newsroom.backups import manifest
from newsroom.backups.databases import IDENTITY, Counted, Database, mark_of_copy
from newsroom.backups.making import alone, database, make_backup, refuse_without_room
from newsroom.backups.manifest import Manifest, key_print, named_some, read_files
from newsroom.backups.refusals import BackupRefused, NotABackup, NoWholeDatabase, told_in_a_sentence
from newsroom.backups.trees import (
    Say,
    bring_back_media,
    bring_back_traces,
    check_file,
    found_files,
    path_of_media,
)
from newsroom.lib.generations import bump_everything


def verify(folder: Path, *, say: Say) -> Manifest:
    """Try the backup for what it is for: each file by its hash, the database restored beside the real one and counted.

    Raises NotABackup for what is wrong with it, BackupRefused for what does not let it be tried. Nothing is changed.
    """
    told, target = manifest.read(folder), database()
    with told_in_a_sentence(settings.DATA_DIR):
        _refuse_other_engine(told, target)
        check_files(folder, told, say=say)
        say(f"Restoring the database beside the one in use ({target.name}) ...")
        with target.restored_beside(folder / target.file_name) as counted:
            _compare(told, counted)
            _refuse_gaps(folder, told, counted)
    say(f"Database restored and removed again: {sum(told.rows.values())} rows in {len(told.rows)} tables, as counted.")
    return told


def restore(folder: Path, *, replace: bool, say: Say, other_key: bool = False) -> Manifest:
    """Make this site what the backup was. Everything is checked before anything is changed.

    Only into an empty site, unless `replace`, which makes a backup of what is there first; a damaged database, of which
    none can be made, is moved aside. The database then refuses to send newsletters until `manage.py accept_database`.
    Raises NotABackup, BackupRefused.
    """
    told, target = manifest.read(folder), database()
    data = Path(settings.DATA_DIR)
    with told_in_a_sentence(data):
        data.mkdir(parents=True, exist_ok=True)
        with alone(data / "restore.lock"):
            _refuse_other_engine(told, target)
            _refuse_newer(told)
            _refuse_other_key(told, other_key)
            is_empty = target.is_empty() and not any(True for _found in found_files())
            if not (is_empty or replace):
                raise BackupRefused("This site is not empty: --replace makes a backup of it, then replaces it.")
            check_files(folder, told, say=say)
            if told.missing_count:
                say(f"What this backup has not: {told.gap}")
            refuse_without_room(data, told.size + sum(sealed.size for sealed in told.files.values()))
            with target.held():
                # Whoever is told that a word is saved was told so before this copy: nothing is written after it.
                is_kept = is_empty or _is_backed_up(say)
                target.refuse_others()
                count = bring_back_media(folder, say=say)
                _bring_in_database(folder, told, target, keeps_old=not is_kept, say=say)
            _bring_in_rest(folder, told, count, say=say)
    return told


def _is_backed_up(say: Say) -> bool:
    """False for a database of which nothing can be copied: that is what somebody restores one for."""
    try:
        made = make_backup(Path(settings.BACKUP_FOLDER), keep=None, say=say)
    except NoWholeDatabase as problem:
        say(f"No backup of what is there: {problem}")
        return False
    if gap := manifest.read(made).gap:
        say(gap)
    return True


def _bring_in_database(folder: Path, told: Manifest, target: Database, *, keeps_old: bool, say: Say) -> None:
    """After the pictures: no row may be seen that names one which is not there yet."""
    say(f"Restoring the database ({target.name}) ...")
    mark = mark_of_copy(told.site_url, told.made_at) if IDENTITY in told.rows else ""
    aside = target.replace(folder / target.file_name, mark=mark, keeps_old=keeps_old)
    say(f"Database restored: {sum(told.rows.values())} rows in {len(told.rows)} tables.")
    if aside:
        say(f"The old database was moved to {aside}.")


def _bring_in_rest(folder: Path, told: Manifest, count: int, *, say: Say) -> None:
    """`count`: how many files were put back before the database."""
    count += bring_back_traces(folder, say=say)
    say(f"Files put back: {count}.")
    if missing := _migrations() - set(told.migrations):
        say(f"The backup is of an older version: {len(missing)} migrations follow.")
        call_command("migrate", interactive=False, verbosity=0)
    bump_everything(recall=True)


def mark_recovered() -> None:
    """Say in this database that it is a copy: PostgreSQL itself brought it back to a moment, and nobody noted that.

    Raises BackupRefused where there is no site in it.
    """
    with connections["default"].cursor() as cursor:
        if IDENTITY not in connections["default"].introspection.table_names(cursor):
            raise BackupRefused("This database has no site in it (DATABASE_URL).")
        cursor.execute(mark_of_copy(settings.SITE_URL, timezone.now()))


def check_files(folder: Path, told: Manifest, *, say: Say) -> None:
    """Raises NotABackup."""
    for name, sealed in told.files.items():
        check_file(folder, name, sealed)
    count = size = 0
    for copied in read_files(folder):
        check_file(folder, copied.path, copied)
        count, size = count + 1, size + copied.size
    if (count, size) != (told.copied_count, told.copied_size):
        raise NotABackup(f"{folder} lists {count} files and had {told.copied_count}.")
    say(f"Files as they were written: {count + len(told.files)}.")


def _compare(told: Manifest, counted: Counted) -> None:
    differing = {table for table, _count in told.rows.items() ^ counted.rows.items()}
    if differing or told.migrations != counted.migrations:
        raise NotABackup(f"The restored database is another than the manifest says: {', '.join(sorted(differing))}.")


def _refuse_gaps(folder: Path, told: Manifest, counted: Counted) -> None:
    """Raises NotABackup when the database names pictures that were not copied, whatever the manifest says of them."""
    if not told.has_media:
        return
    missing = set(map(path_of_media, counted.named)) - {copied.path for copied in read_files(folder)}
    if missing:
        raise NotABackup(
            f"The database of {folder} names {len(missing)} files that are not in it: "
            f"{named_some(missing, len(missing))}."
        )


def _refuse_other_engine(told: Manifest, target: Database) -> None:
    if told.engine != target.engine:
        raise BackupRefused(f"This is a backup of {told.engine}, and this site runs on {target.engine} (DATABASE_URL).")


def _refuse_newer(told: Manifest) -> None:
    if unknown := set(told.migrations) - _migrations():
        names = ", ".join(sorted(unknown)[:3])
        raise BackupRefused(f"The backup is of a newer version, or of another TASKS_ENGINE ({told.version}: {names}).")


def _migrations() -> set[str]:
    # Those that replaced others and those that were replaced: a database may have either.
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return {f"{app}.{name}" for app, name in loader.disk_migrations}


def _refuse_other_key(told: Manifest, other_key: bool) -> None:
    """Addresses that must not be mailed are known by hashes under this key; with another, none would be."""
    is_same = told.keys.get("SUPPRESSION_KEY") == key_print(settings.SUPPRESSION_KEY)
    if not (is_same or other_key):
        raise BackupRefused(
            "SUPPRESSION_KEY is another than when the backup was made, so addresses that asked for no mail would not "
            "be known again: set the old one, or give --other-key."
        )


def other_secret(told: Manifest) -> bool:
    """Links in mails and sessions of before the backup do not work under another SECRET_KEY."""
    known = [key_print(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return told.keys.get("SECRET_KEY") not in known
