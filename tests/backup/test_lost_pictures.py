"""What the database names and the disk has not: no backup may say that all is well, or push out the one that has it."""

import json
import re
import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from images.cropping import make_crops
from images.models import Image
from images.preparing import make_files
from images.renditions import file_names
from images.storing import discard, take_in
from newsroom.backups import making, manifest
from newsroom.backups.standing import backups_in, newest_backup
from newsroom.checkup import Level
from newsroom.checkup.backups import check_backups
from newsroom.operating.figures import figures
from tests.backup.conftest import Run
from tests.factories import make_image
from tests.images.pictures import picture_file

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def picture() -> Image:
    """With its smaller files and its crops."""
    image = take_in(picture_file(), by=None, alt_text="ميناء")
    make_files(image)
    return image


def newest(settings: Settings) -> Path:
    return next(backups_in(Path(settings.BACKUP_FOLDER)))


def refused(*args: object) -> tuple[CommandError, str]:
    """The error of a backup that was made all the same, and what it said."""
    out = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("backup", *map(str, args), stdout=out)
    return error.value, out.getvalue()


@pytest.mark.parametrize("whole", [False, True])
def test_pictures_that_went_with_their_disk_stay_in_the_backups(
    whole: bool, picture: Image, run: Run, settings: Settings, elsewhere: Callable[[], None]
) -> None:
    run("backup")
    good, names = newest(settings), set(file_names(picture))
    shutil.rmtree(settings.MEDIA_ROOT)
    for _night in range(4):
        error, out = refused("--keep", 3, *(["--whole"] if whole else []))
        assert f"lacks {len(names)} files" in str(error)
        assert "mounted?" in str(error)
        assert error.returncode == 3
    assert "Removed" in out
    assert f"Kept: {good}" in out
    late = newest(settings)
    assert len(list(backups_in(Path(settings.BACKUP_FOLDER)))) == 4
    assert (late / "media" / picture.file_name).samefile(good / "media" / picture.file_name) != whole
    run("restore", late, "--verify")
    elsewhere()
    run("restore", late)
    assert all(Path(settings.MEDIA_ROOT, name).is_file() for name in names)


def test_older_backups_go_again_when_the_disk_is_back(picture: Image, run: Run, settings: Settings) -> None:
    run("backup")
    media = Path(settings.MEDIA_ROOT)
    media.rename(media.with_name("unmounted"))
    refused("--keep", 1)
    media.with_name("unmounted").rename(media)
    run("backup", "--keep", 1)
    assert [manifest.read(folder).gap for folder in backups_in(Path(settings.BACKUP_FOLDER))] == [""]


def test_the_operator_learns_of_lost_pictures(picture: Image, run: Run, settings: Settings) -> None:
    Path(settings.MEDIA_ROOT, picture.file_name).unlink()
    refused()
    found = newest_backup()
    assert found
    assert "lacks 1 files" in found.damage
    assert not found.is_ok
    shown = figures().backup
    assert shown
    assert not shown.is_ok
    (finding,) = check_backups()
    assert finding.level is Level.FAULT


def test_what_lies_nowhere_is_named_and_verify_says_so(picture: Image, run: Run, settings: Settings) -> None:
    kept = make_image()
    Path(settings.MEDIA_ROOT, picture.file_name).unlink()
    error, _out = refused()
    copy = newest(settings)
    told = manifest.read(copy)
    assert told.missing == [f"media/{picture.file_name}"]
    assert (told.missing_count, told.brought_count) == (1, 0)
    assert picture.file_name in str(error)
    assert (copy / "media" / kept.file_name).is_file()
    with pytest.raises(CommandError, match=re.escape(picture.file_name)):
        run("restore", copy, "--verify")


def test_verify_finds_the_gap_of_a_backup_that_does_not_tell_it(picture: Image, run: Run, settings: Settings) -> None:
    Path(settings.MEDIA_ROOT, picture.file_name).unlink()
    refused()
    copy = newest(settings)
    document = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    silent = {name: value for name, value in document.items() if name not in manifest.ONLY_OF_GAPS}
    (copy / "manifest.json").write_text(json.dumps(silent), encoding="utf-8")
    assert manifest.read(copy).gap == ""
    with pytest.raises(CommandError, match="names 1 files that are not in it"):
        run("restore", copy, "--verify")


def test_a_picture_that_lies_nowhere_does_not_keep_every_backup(picture: Image, run: Run, settings: Settings) -> None:
    Path(settings.MEDIA_ROOT, picture.file_name).unlink()
    for _night in range(4):
        refused("--keep", 2)
    assert len(list(backups_in(Path(settings.BACKUP_FOLDER)))) == 2


def test_a_gap_does_not_hinder_the_restore_that_closes_it(picture: Image, run: Run, settings: Settings) -> None:
    run("backup")
    good = newest(settings)
    shutil.rmtree(settings.MEDIA_ROOT)
    out = run("restore", good, "--replace")
    assert "The site lacks" in out
    assert Path(settings.MEDIA_ROOT, picture.file_name).is_file()
    assert "lacks" not in run("backup")


def between_dump_and_files(monkeypatch: pytest.MonkeyPatch, deed: Callable[[], object]) -> None:
    database = type(making.database())
    dump = database.dump

    def dump_and_then(self: Any, target: Path) -> Any:
        counted = dump(self, target)
        deed()
        return counted

    monkeypatch.setattr(database, "dump", dump_and_then)


def recrop(picture: Image) -> None:
    picture.focal_x = 0.1
    picture.save(update_fields=["focal_x"])
    make_crops(picture)


@pytest.mark.parametrize("deed", [discard, recrop])
def test_what_goes_after_the_dump_is_there_as_its_rows_name_it(
    deed: Callable[[Image], object], picture: Image, run: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = set(file_names(picture))
    between_dump_and_files(monkeypatch, lambda: deed(picture))
    run("backup")
    assert not all(Path(settings.MEDIA_ROOT, name).exists() for name in names)
    assert all((newest(settings) / "media" / name).is_file() for name in names)
    run("restore", newest(settings), "--verify")


def test_what_comes_while_the_database_is_dumped_is_there_too(
    run: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, came = type(making.database()), []
    dump = database.dump

    def take_in_and_dump(self: Any, target: Path) -> Any:
        came.append(make_image())
        return dump(self, target)

    monkeypatch.setattr(database, "dump", take_in_and_dump)
    run("backup")
    assert (newest(settings) / "media" / came[0].file_name).is_file()
    run("restore", newest(settings), "--verify")


def test_an_object_store_looks_after_its_own(picture: Image, run: Run, settings: Settings) -> None:
    shutil.rmtree(settings.MEDIA_ROOT)
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
    run("backup")
    run("restore", newest(settings), "--verify")
    assert manifest.read(newest(settings)).gap == ""
