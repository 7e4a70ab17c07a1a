import json
import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from articles.models import Article
from tests.factories import make_section

pytestmark = pytest.mark.django_db

STORY = "بدأت البلدية تنظيف مجرى النهر قبل موسم الأمطار.\nويعمل في المشروع أربعون عاملًا من أبناء الحي.\n"


def run(*arguments: object, **options: object) -> str:
    out = StringIO()
    call_command("import_texts", *map(str, arguments), stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def refused(*arguments: object) -> CommandError:
    with pytest.raises(CommandError) as caught:
        run(*arguments)
    return caught.value


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "b.txt").write_text(f"حملة لتنظيف مجرى النهر\n\n{STORY}", encoding="utf-8")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "c.txt").write_bytes("وصلت القافلة الطبية إلى القرى من دون تأخير في الطريق.".encode("cp1256"))
    (tmp_path / ".hidden").write_text(STORY, encoding="utf-8")
    (tmp_path / "b.expected.json").write_text("{}", encoding="utf-8")
    return tmp_path


def test_folder_is_read_with_its_folders_in_a_stable_order(folder: Path) -> None:
    report = folder / "report.json"
    run(folder, json=str(report))
    names = [Path(entry["file"]).name for entry in json.loads(report.read_text(encoding="utf-8"))]
    assert names == ["c.txt", "b.txt"]
    assert Article.objects.count() == 2


def test_hidden_files_are_passed_over_and_named(folder: Path) -> None:
    said = StringIO()
    call_command("import_texts", str(folder), stdout=StringIO(), stderr=said)
    assert ".hidden" in said.getvalue()


def test_report_on_standard_output_is_nothing_but_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_texts", str(folder), json="-")
    out, err = capsys.readouterr()
    entries = json.loads(out)
    assert {entry["status"] for entry in entries} == {"ok", "ok_with_warnings"}
    assert list(entries[0]) == [
        "file", "status", "encoding", "headline", "subtitle", "date", "byline", "lead_caption", "sources",
        "tags", "blocks", "dropped", "warnings", "article_id",
    ]  # fmt: skip
    assert "no_headline" in err


def test_no_progress_bar_in_a_pipe(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_texts", str(folder))
    assert "\r" not in capsys.readouterr().err


def test_progress_bar_on_a_terminal(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    call_command("import_texts", str(folder))
    assert "2/2" in capsys.readouterr().err


def test_dry_run_creates_nothing(folder: Path) -> None:
    assert "ok 1" in run(folder, "--dry-run")
    assert not Article.objects.exists()


def test_second_run_creates_nothing(folder: Path) -> None:
    run(folder)
    assert "duplicate 2" in run(folder)
    assert Article.objects.count() == 2


def test_drafts_stand_in_the_section(folder: Path) -> None:
    section = make_section("محليات")
    run(folder / "b.txt", section=section.slug)
    assert Article.objects.get().section == section


def test_refused_files_give_status_1_and_the_batch_goes_on(folder: Path) -> None:
    (folder / "a.bin").write_bytes(b"\x89PNG\r\n\x1a\n")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "blank.txt").write_bytes(b" \n")
    error = refused(folder)
    assert error.returncode == 1
    assert str(error) == "Refused: 3 of 5 files."
    assert Article.objects.count() == 2


def test_wrong_usage_gives_status_2(folder: Path) -> None:
    assert refused(folder / "missing.txt").returncode == 2
    assert refused(folder, "--section", "missing").returncode == 2
    assert refused(folder, "--json", folder / "no" / "report.json").returncode == 2
    assert not Article.objects.exists()


def test_odd_paths_are_wrong_usage(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    for path in (folder / "pipe", folder / ("x" * 300)):
        assert refused(path).returncode == 2


def test_links_in_a_folder_are_passed_over(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "secret.txt"
    elsewhere.write_text(STORY, encoding="utf-8")
    (folder / "link.txt").symlink_to(elsewhere)
    run(folder)
    assert Article.objects.count() == 2


def test_report_never_overwrites_a_text(folder: Path) -> None:
    text = (folder / "b.txt").read_bytes()
    assert refused(folder, "--json", folder / "b.txt").returncode == 2
    assert (folder / "b.txt").read_bytes() == text


def test_names_cannot_move_the_cursor(folder: Path) -> None:
    (folder / "a\x1b[2J\n\u202e.txt").write_bytes(b"")
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("import_texts", str(folder), stdout=out, stderr=StringIO())
    assert not set("\x1b\u202e") & set(out.getvalue())


def test_missing_file_is_found_out_before_anything_is_written(folder: Path) -> None:
    assert refused(folder / "b.txt", folder / "missing.txt").returncode == 2
    assert not Article.objects.exists()


def test_file_that_cannot_be_opened_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Path.open

    def open_or_fail(path: Path, *args: str, **options: str) -> object:
        if path.name == "c.txt":
            raise PermissionError
        return opened(path, *args, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", open_or_fail)
    assert refused(folder).returncode == 1
    assert Article.objects.count() == 1
