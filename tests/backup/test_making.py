"""A backup is consistent while others write, whole or not there, and shares what has not changed."""

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError
from django.db import connection, transaction
from pytest_django import Settings

from newsroom.backups import making, manifest
from newsroom.backups.refusals import BackupRefused
from newsroom.backups.trees import CopiedFiles
from newsroom.lib.version import VERSION, version_in
from pages.models import Redirect
from tests.backup.conftest import Run
from tests.house.files import REPOSITORY

pytestmark = pytest.mark.django_db(transaction=True)


def backups(settings: Settings) -> list[Path]:
    return sorted(path for path in Path(settings.BACKUP_FOLDER).iterdir() if path.is_dir())


def make_pair(number: int) -> None:
    """Two rows of one transaction: a copy has both or none."""
    with transaction.atomic():
        for half in "ab":
            Redirect.objects.create(old_path=f"/{number}{half}/", new_path="/")


class Writers:
    """Threads that write pairs; `acknowledged` are the numbers of those that were committed."""

    def __init__(self, count: int = 2) -> None:
        self.acknowledged: list[int] = []
        self._numbers = iter(range(1_000_000))
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._write) for _number in range(count)]

    def __enter__(self) -> "Writers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, count: int) -> None:
        while len(self.acknowledged) < count:
            assert any(thread.is_alive() for thread in self._threads)
            self._stopped.wait(0.005)

    def _write(self) -> None:
        try:
            while not self._stopped.is_set():
                with self._lock:
                    number = next(self._numbers)
                make_pair(number)
                self.acknowledged.append(number)
        finally:
            connection.close()


def test_no_acknowledged_row_is_missing_and_none_is_half(
    run: Run, settings: Settings, elsewhere: Callable[[], None]
) -> None:
    with Writers() as writers:
        writers.wait_for(20)
        before = set(writers.acknowledged)
        run("backup")
        writers.wait_for(len(writers.acknowledged) + 5)
    copy = backups(settings)[0]
    elsewhere()
    run("restore", copy)
    names = set(Redirect.objects.values_list("old_path", flat=True))
    halves = [{name[1:-2] for name in names if name.endswith(f"{half}/")} for half in "ab"]
    assert {str(number) for number in before} <= halves[0]
    assert halves[0] == halves[1]
    assert len(names) == manifest.read(copy).rows["pages_redirect"] < 2 * len(writers.acknowledged)


def test_the_manifest_says_what_a_backup_holds(run: Run, settings: Settings, put: Callable[..., Path]) -> None:
    make_pair(1)
    put("media/2026/a.jpg", b"picture")
    put("mail/1.eml", b"mail")
    put("senders/generation", b"3")
    put("secret_key", b"never copied")
    out = run("backup")
    (copy,) = backups(settings)
    told = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    assert told["engine"] == connection.vendor
    assert told["rows"]["pages_redirect"] == 2
    assert "articles.0009_growth" in told["migrations"]
    assert (told["copied_count"], told["copied_size"]) == (3, 12)
    assert manifest.seal(copy / "media/2026/a.jpg").sha256 in (copy / "files.jsonl").read_text(encoding="utf-8")
    everything = b"".join(path.read_bytes() for path in copy.rglob("*") if path.is_file())
    for secret in (settings.SECRET_KEY, settings.SUPPRESSION_KEY, "never copied"):
        assert secret.encode() not in everything
    assert "Files copied: 3" in out
    assert "are in no backup" in out
    assert copy.stat().st_mode & 0o077 == 0


def test_an_unchanged_file_is_shared_and_a_changed_one_copied(
    run: Run, settings: Settings, put: Callable[..., Path]
) -> None:
    put("media/same.jpg", b"same")
    changing = put("media/changing.jpg", b"before")
    run("backup")
    os.utime(put("media/changing.jpg", b"after!"), ns=(1, changing.stat().st_mtime_ns + 1))
    out = run("backup")
    first, second = backups(settings)
    assert (first / "media/same.jpg").samefile(second / "media/same.jpg")
    assert not (second / "media/same.jpg").samefile(Path(settings.MEDIA_ROOT, "same.jpg"))
    assert [(copy / "media/changing.jpg").read_bytes() for copy in (first, second)] == [b"before", b"after!"]
    assert "unchanged since the backup before: 1." in out
    run("restore", second, "--verify")
    run("backup", "--whole")
    assert not (first / "media/same.jpg").samefile(backups(settings)[2] / "media/same.jpg")


def test_older_backups_of_this_site_are_removed(run: Run, settings: Settings) -> None:
    for _number in range(2):
        run("backup")
    other = backups(settings)[0]
    text = (other / "manifest.json").read_text(encoding="utf-8").replace(settings.SITE_URL, "https://other.example")
    (other / "manifest.json").write_text(text, encoding="utf-8")
    Path(settings.BACKUP_FOLDER, "mine").mkdir()
    run("backup")
    out = run("backup", "--keep", "2")
    assert [path.name for path in backups(settings) if (path / "manifest.json").exists()].count(other.name) == 1
    assert len(backups(settings)) == 4
    assert out.count("Removed: ") == 1
    with pytest.raises(CommandError, match="--keep"):
        run("backup", "--keep", "-1")


def test_no_file_is_shared_with_a_backup_of_another_site(
    run: Run, settings: Settings, put: Callable[..., Path]
) -> None:
    put("media/a.jpg", b"picture")
    run("backup")
    ours = backups(settings)[0]
    settings.SITE_URL = "https://other.example"
    out = run("backup")
    assert "unchanged since the backup before: 0." in out
    settings.SITE_URL = manifest.read(ours).site_url
    run("backup")
    first, others, newest = (copy / "media/a.jpg" for copy in backups(settings))
    assert newest.samefile(first)
    assert not newest.samefile(others)


def test_a_backup_does_not_need_the_file_with_the_version(run: Run, settings: Settings, tmp_path: Path) -> None:
    settings.BASE_DIR = tmp_path
    run("backup")
    (copy,) = backups(settings)
    assert manifest.read(copy).version == VERSION
    assert version_in(tmp_path / "pyproject.toml") == "unknown"
    assert version_in(REPOSITORY / "pyproject.toml") == VERSION != "unknown"


def test_two_at_once_are_refused(run: Run, settings: Settings) -> None:
    folder = Path(settings.BACKUP_FOLDER)
    folder.mkdir()
    with making.alone(folder / ".lock"), pytest.raises(CommandError, match="at work"):
        run("backup")
    assert backups(settings) == []


def test_room_is_looked_at_first(run: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "SPARE", 10**15)
    with pytest.raises(CommandError, match="left, and"):
        run("backup")
    assert backups(settings) == []


@pytest.mark.parametrize("place", ["database", "files"])
def test_a_disk_that_fills_leaves_nothing_behind(
    place: str,
    run: Run,
    put: Callable[..., Path],
    small_disk: Callable[[int], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put("media/large.jpg", b"x" * 40_000_000)
    folder = small_disk(64_000 if place == "database" else 30_000_000)
    monkeypatch.setattr(making, "refuse_without_room", lambda folder, needed: None)
    with pytest.raises(CommandError) as refused:
        run("backup", folder)
    assert str(refused.value).count("\n") == 0
    assert [path.name for path in folder.iterdir()] == [".lock"]


def test_what_a_killed_backup_left_is_no_backup_and_goes(run: Run, settings: Settings) -> None:
    left = Path(settings.BACKUP_FOLDER, "20260101T000000Z")
    left.mkdir(parents=True)
    (left / "database.sqlite3").write_bytes(b"half")
    with pytest.raises(CommandError, match="no finished backup"):
        run("restore", left)
    run("backup")
    assert not left.exists()
    assert len(backups(settings)) == 1


def test_a_failure_half_way_leaves_nothing(run: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off(*args: object, **kwargs: object) -> None:
        raise BackupRefused("Broken off.")

    monkeypatch.setattr(CopiedFiles, "say_how_many", break_off)
    with pytest.raises(CommandError, match="Broken off"):
        run("backup")
    assert backups(settings) == []


def test_backups_never_lie_where_readers_could_get_them(run: Run, settings: Settings) -> None:
    with pytest.raises(CommandError, match="may be served to readers"):
        run("backup", Path(settings.MEDIA_ROOT, "backups"))
    assert not Path(settings.MEDIA_ROOT, "backups").exists()


def test_an_object_store_is_named_and_not_copied(
    run: Run, settings: Settings, put: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    put("media/a.jpg", b"picture")
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
    assert default_storage.__class__.__name__ == "InMemoryStorage"
    out = run("backup")
    (copy,) = backups(settings)
    told = manifest.read(copy)
    assert told.copied_count == 0
    assert any("InMemoryStorage" in sentence for sentence in told.left_out)
    assert "are not copied" in out


def test_links_in_media_are_not_followed(run: Run, settings: Settings, put: Callable[..., Path]) -> None:
    secret = put("secret_key", b"never copied")
    put("media/a.jpg", b"picture")
    Path(settings.MEDIA_ROOT, "link.jpg").symlink_to(secret)
    run("backup")
    (copy,) = backups(settings)
    assert [path.name for path in (copy / "media").iterdir()] == ["a.jpg"]
