"""A backup comes back, is tried without changing anything, and whatever is wrong with it changes nothing either."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.db import connection
from pytest_django import Settings

from newsletter.sending import identity
from newsroom.backups import making, restoring
from newsroom.backups.manifest import seal
from newsroom.backups.refusals import BackupRefused
from pages.models import Redirect
from tests.backup.conftest import Run
from tests.factories import make_site

pytestmark = pytest.mark.django_db(transaction=True)

Elsewhere = Callable[[], None]
Put = Callable[[str, bytes], Path]


@pytest.fixture
def copy(run: Run, settings: Settings, put: Put) -> Path:
    make_site()
    Redirect.objects.create(old_path="/قديم/", new_path="/جديد/")
    put("media/2026/صورة.jpg", b"picture")
    put("mail/1.eml", b"mail")
    put("senders/generation", b"9")
    run("backup")
    return next(Path(settings.BACKUP_FOLDER).glob("2*"))


def database_file(copy: Path) -> Path:
    return next(copy.glob("database.*"))


def sealed_anew(copy: Path) -> None:
    """As somebody would who also writes the hashes."""
    path = copy / "manifest.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    told["files"] = {name: vars(seal(copy / name)) for name in told["files"]}
    path.write_text(json.dumps(told), encoding="utf-8")


def rewritten(copy: Path, **values: object) -> None:
    path = copy / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | values), encoding="utf-8")


def test_a_backup_comes_back_on_another_machine(copy: Path, run: Run, settings: Settings, elsewhere: Elsewhere) -> None:
    elsewhere()
    out = run("restore", copy)
    assert Redirect.objects.get().new_path == "/جديد/"
    assert Path(settings.MEDIA_ROOT, "2026/صورة.jpg").read_bytes() == b"picture"
    assert Path(settings.MAIL_FOLDER, "1.eml").read_bytes() == b"mail"
    assert Path(settings.MAIL_FOLDER, "1.eml").stat().st_mode & 0o777 == 0o600
    assert not Path(settings.SENDERS_FOLDER, "generation").exists()
    assert "Files put back: 2." in out
    assert "accept_database" in out


def test_a_restored_site_can_be_backed_up_and_replaced_again(
    copy: Path, run: Run, settings: Settings, elsewhere: Elsewhere
) -> None:
    elsewhere()
    run("restore", copy)
    Redirect.objects.all().delete()
    run("restore", copy, "--replace")
    before = sorted(Path(settings.BACKUP_FOLDER).glob("2*"))[-1]
    assert before != copy
    assert Redirect.objects.count() == 1
    run("restore", before, "--replace")
    assert Redirect.objects.count() == 0


def test_a_restored_database_sends_nothing_until_it_is_accepted(copy: Path, run: Run, elsewhere: Elsewhere) -> None:
    assert identity.reason_to_refuse() == ""
    elsewhere()
    run("restore", copy)
    assert "http://127.0.0.1:8000 (20" in identity.reason_to_refuse()
    with pytest.raises(identity.RefusesToSend):
        identity.refuse_restored_copy()
    run("accept_database")
    assert identity.reason_to_refuse() == ""


@pytest.mark.parametrize("has_sent", [False, True])
def test_a_database_that_was_brought_back_in_place_sends_nothing_either(has_sent: bool, db: None, run: Run) -> None:
    """As PostgreSQL goes back to a moment: nothing of ours was at work, and the row may not be there yet."""
    make_site()
    if has_sent:
        identity.count_run()
    assert identity.reason_to_refuse() == ""
    out = run("restore", "--mark-recovered")
    assert "sends no newsletter" in out
    with pytest.raises(identity.RefusesToSend):
        identity.refuse_restored_copy()
    run("accept_database")
    assert identity.reason_to_refuse() == ""


@pytest.mark.parametrize("given", [(), ("/backups/20260101T000000Z", "--mark-recovered")])
def test_a_backup_or_the_mark_and_never_both(given: tuple[str, ...], run: Run) -> None:
    with pytest.raises(CommandError, match="Give FOLDER"):
        run("restore", *given)


def test_trying_changes_nothing(copy: Path, run: Run, settings: Settings) -> None:
    before = set(Path(settings.DATA_DIR).rglob("*"))
    out = run("restore", copy, "--verify")
    assert "as counted" in out
    assert set(Path(settings.DATA_DIR).rglob("*")) == before
    assert identity.reason_to_refuse() == ""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_database WHERE datname LIKE 'newsroom_verify%%'")
            assert cursor.fetchone() == (0,)


def test_a_site_that_is_not_empty_is_left_alone(copy: Path, run: Run) -> None:
    Redirect.objects.create(old_path="/later/", new_path="/")
    with pytest.raises(CommandError, match="not empty"):
        run("restore", copy)
    assert Redirect.objects.count() == 2


def cut_off(copy: Path) -> None:
    path = database_file(copy)
    path.write_bytes(path.read_bytes()[:-5000])


def one_bit(copy: Path) -> None:
    path = database_file(copy)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut_off_and_sealed(copy: Path) -> None:
    path = database_file(copy)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    sealed_anew(copy)


def other_picture(copy: Path) -> None:
    (copy / "media/2026/صورة.jpg").write_bytes(b"Picture")


def no_picture(copy: Path) -> None:
    (copy / "media/2026/صورة.jpg").unlink()


def linked_picture(copy: Path) -> None:
    no_picture(copy)
    (copy / "media/2026/صورة.jpg").symlink_to("/etc/hostname")


def fewer_files(copy: Path) -> None:
    (copy / "files.jsonl").write_text("", encoding="utf-8")
    sealed_anew(copy)


def way_out(copy: Path) -> None:
    (copy.parent / "out.jpg").write_bytes(b"picture")
    path = copy / "files.jsonl"
    path.write_text(
        path.read_text(encoding="utf-8")
        .replace("media/2026/", "media/../../")
        .replace(json.dumps("صورة")[1:-1], "out")
        .replace("صورة", "out"),
        encoding="utf-8",
    )
    sealed_anew(copy)


def not_json(copy: Path) -> None:
    (copy / "manifest.json").write_text("{", encoding="utf-8")


def no_manifest(copy: Path) -> None:
    (copy / "manifest.json").unlink()


def manifest_way_out(copy: Path) -> None:
    rewritten(copy, files={"../database": {"sha256": "0", "size": 1}})


def other_engine(copy: Path) -> None:
    rewritten(copy, engine="oracle")


def newer(copy: Path) -> None:
    rewritten(copy, migrations=["articles.9999_tomorrow"])


def other_key(copy: Path) -> None:
    rewritten(copy, keys={"SUPPRESSION_KEY": "0"})


FAULTS = {
    cut_off: "damaged",
    one_bit: "damaged",
    cut_off_and_sealed: "no whole SQLite database|is damaged|could not be read|pg_restore",
    other_picture: "damaged",
    no_picture: "missing",
    linked_picture: "missing",
    fewer_files: "lists 0 files",
    way_out: "leads out of the backup",
    not_json: "damaged",
    no_manifest: "no finished backup",
    manifest_way_out: "leads out of the backup",
    other_engine: "a backup of oracle",
    newer: "newer version",
    other_key: "SUPPRESSION_KEY is another",
}


def test_whatever_is_wrong_is_one_sentence_and_changes_nothing(
    copy: Path, run: Run, settings: Settings, tmp_path: Path
) -> None:
    Redirect.objects.create(old_path="/later/", new_path="/")
    Path(settings.MEDIA_ROOT, "later.jpg").write_bytes(b"later")
    kept = {path.relative_to(copy): path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    said = {}
    for number, (spoil, _sentence) in enumerate(FAULTS.items()):
        spoiled = tmp_path / f"fault-{number}" / copy.name
        for path, content in kept.items():
            (spoiled / path).parent.mkdir(parents=True, exist_ok=True)
            (spoiled / path).write_bytes(content)
        spoil(spoiled)
        with pytest.raises(CommandError) as refused:
            run("restore", spoiled, "--replace")
        said[spoil] = str(refused.value)
        assert Redirect.objects.count() == 2, spoil.__name__
    for spoil, sentence in FAULTS.items():
        assert re.search(sentence, said[spoil]), said[spoil]
        assert "\n" not in said[spoil]
    assert sorted(path.name for path in Path(settings.MEDIA_ROOT).rglob("*.jpg")) == ["later.jpg", "صورة.jpg"]


def test_verify_finds_rows_that_are_not_there(copy: Path, run: Run) -> None:
    rows = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))["rows"]
    rewritten(copy, rows=rows | {"pages_redirect": 2})
    with pytest.raises(CommandError, match="another than the manifest says: pages_redirect"):
        run("restore", copy, "--verify")


def test_the_old_key_can_be_given_up(copy: Path, run: Run, elsewhere: Elsewhere) -> None:
    rewritten(copy, keys={"SUPPRESSION_KEY": "0", "SECRET_KEY": "0"})
    elsewhere()
    out = run("restore", copy, "--other-key")
    assert Redirect.objects.count() == 1
    assert "SECRET_KEY is another one" in out


def test_an_older_backup_is_migrated(
    copy: Path, run: Run, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrated: list[str] = []
    monkeypatch.setattr(restoring, "call_command", lambda name, **options: migrated.append(name))
    told = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    rewritten(copy, migrations=told["migrations"][:-1])
    elsewhere()
    out = run("restore", copy)
    assert migrated == ["migrate"]
    assert "1 migrations follow" in out


def test_a_full_disk_changes_nothing(copy: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Redirect.objects.create(old_path="/later/", new_path="/")
    monkeypatch.setattr(making, "SPARE", 10**15)
    with pytest.raises(CommandError, match="left, and"):
        run("restore", copy, "--replace")
    assert Redirect.objects.count() == 2


@contextmanager
def reading() -> Iterator[None]:
    """Somebody has read and not ended the transaction."""
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT * FROM pages_redirect")
            cursor.fetchall()
            yield
    finally:
        other.close()


def test_the_database_is_not_taken_from_under_a_running_site(copy: Path, run: Run) -> None:
    Redirect.objects.create(old_path="/later/", new_path="/")
    with reading(), pytest.raises(CommandError, match="is in use|lock timeout"):
        run("restore", copy, "--replace")
    assert Redirect.objects.count() == 2
    run("restore", copy, "--replace")
    assert Redirect.objects.count() == 1


def test_a_refused_restore_has_touched_no_file(copy: Path, run: Run, settings: Settings, put: Put) -> None:
    changed = [put("mail/1.eml", b"later mail"), put("media/2026/صورة.jpg", b"later picture")]
    before = [path.read_bytes() for path in changed]
    with reading(), pytest.raises(CommandError, match="is in use|lock timeout"):
        run("restore", copy, "--replace")
    assert [path.read_bytes() for path in changed] == before
    assert list(Path(settings.BACKUP_FOLDER).glob("2*")) == [copy]


def test_mails_come_back_only_with_the_database(
    copy: Path, run: Run, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise BackupRefused("Nothing was changed.")

    mail, picture = put("mail/1.eml", b"later mail"), put("media/2026/صورة.jpg", b"later picture")
    monkeypatch.setattr(type(making.database()), "replace", refuse)
    with pytest.raises(CommandError, match="Nothing was changed"):
        run("restore", copy, "--replace")
    assert mail.read_bytes() == b"later mail"
    assert picture.read_bytes() == b"picture"


def test_what_a_sender_notes_here_goes_on(run: Run, settings: Settings, put: Put) -> None:
    alive, gone = put("senders/a/journal", b"1"), put("senders/b/journal", b"2")
    run("backup")
    copy = next(Path(settings.BACKUP_FOLDER).glob("2*"))
    alive.write_bytes(b"1, and more")
    shutil.rmtree(gone.parent)
    run("restore", copy, "--replace")
    assert (alive.read_bytes(), gone.read_bytes()) == (b"1, and more", b"2")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL has pools")
def test_a_pool_does_not_lend_the_database_in_use(copy: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Redirect.objects.create(old_path="/later/", new_path="/")
    with monkeypatch.context() as pooled:
        pooled.setitem(connection.settings_dict["OPTIONS"], "pool", {"min_size": 1, "max_size": 2})
        out = run("restore", copy, "--verify")
    assert "as counted" in out


def test_media_that_belong_into_an_object_store_are_named(
    copy: Path, run: Run, settings: Settings, elsewhere: Elsewhere
) -> None:
    elsewhere()
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
    out = run("restore", copy)
    assert "Files put back: 1." in out
    assert "Not put back: 1 files of media, which lie in InMemoryStorage here" in out
