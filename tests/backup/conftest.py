"""A site of its own to copy, and a second one, empty, to bring the copy to."""

import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import Settings

# Everything here commits: a backup is another connection.
Run = Callable[..., str]


@pytest.fixture(autouse=True)
def own_folders(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"
    settings.BACKUP_FOLDER = tmp_path / "backups"
    for name, below in (("MEDIA_ROOT", "media"), ("MAIL_FOLDER", "mail"), ("SENDERS_FOLDER", "senders")):
        setattr(settings, name, settings.DATA_DIR / below)


@pytest.fixture
def run() -> Run:
    """A command of manage.py; returns what it said."""

    def told(*args: object) -> str:
        out = StringIO()
        call_command(*map(str, args), stdout=out)
        return out.getvalue()

    return told


@pytest.fixture
def put(settings: Settings) -> Callable[[str, bytes], Path]:
    """A file below DATA_DIR."""

    def write(name: str, content: bytes) -> Path:
        path = Path(settings.DATA_DIR, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    return write


@pytest.fixture
def elsewhere(transactional_db: None, settings: Settings, tmp_path: Path) -> Iterator[Callable[[], None]]:
    """Call it to be on another, empty machine: another database, and DATA_DIR with nothing in it."""
    ours = connection.settings_dict["NAME"]
    other = "newsroom_elsewhere"

    def leave() -> None:
        connection.close()
        if getattr(connection, "pool", None):
            # It would go on lending connections to the database before.
            connection.close_pool()

    def move() -> None:
        settings.DATA_DIR = tmp_path / "elsewhere"
        for name, below in (("MEDIA_ROOT", "media"), ("MAIL_FOLDER", "mail"), ("SENDERS_FOLDER", "senders")):
            setattr(settings, name, settings.DATA_DIR / below)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"DROP DATABASE IF EXISTS {other} WITH (FORCE)")
                cursor.execute(f"CREATE DATABASE {other} TEMPLATE template0")
        leave()
        is_sqlite = connection.vendor == "sqlite"
        connection.settings_dict["NAME"] = str(settings.DATA_DIR / "newsroom.sqlite3") if is_sqlite else other

    yield move
    leave()
    connection.settings_dict["NAME"] = ours
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {other} WITH (FORCE)")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """A disk of so many bytes; where nobody may mount one, no file may grow beyond that."""
    mounted: list[Path] = []
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)

    def mount(size: int) -> Path:
        folder = tmp_path / "small"
        folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
        if not shutil.which("mount") or subprocess.run(command, capture_output=True, check=False).returncode:
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
        else:
            mounted.append(folder)
        return folder

    yield mount
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    for folder in mounted:
        subprocess.run(["umount", str(folder)], check=True)
