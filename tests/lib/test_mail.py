from itertools import islice
from pathlib import Path

import pytest
from django.conf import settings
from django.core.mail import EmailMessage

from newsroom.lib.mail import EmlFileBackend, keep, kept_names, kept_path


def test_message_is_kept_as_it_would_have_left(clock) -> None:
    EmlFileBackend().send_messages([EmailMessage("أخبار", "نص", "a@news.example", ["b@news.example"])])
    (name,) = kept_names()
    assert name.startswith("20261120/0640/064000-000000-")
    content = Path(settings.MAIL_FOLDER, name).read_bytes()
    assert b"\r\nTo: b@news.example\r\n" in content
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_nobody_else_on_the_machine_reads_kept_mails(clock) -> None:
    path = Path(settings.MAIL_FOLDER, keep(b"x"))
    assert path.stat().st_mode & 0o077 == 0
    for folder in (path.parent, path.parent.parent, path.parent.parent.parent):
        assert folder.stat().st_mode & 0o077 == 0, folder


def test_newest_comes_first_and_the_next_page_goes_on_after_the_last(clock) -> None:
    written = []
    for step in (0, 1, 70, 60 * 60 * 20):
        clock.shift(step)
        written.append(keep(b"x"))
    assert list(kept_names()) == written[::-1]
    for place, name in enumerate(written):
        assert list(kept_names(before=name)) == written[:place][::-1]


def test_other_files_are_no_mails(clock) -> None:
    path = Path(settings.MAIL_FOLDER, keep(b"x"))
    (path.parent / "notes.txt").write_text("x")
    (path.parent.parent.parent / "journal").mkdir()
    assert len(list(kept_names())) == 1


def test_ten_thousand_mails_of_a_minute_are_paged_without_reading_one(clock) -> None:
    first = Path(settings.MAIL_FOLDER, keep(b"x"))
    for number in range(10_000):
        (first.parent / f"064001-{number:06}-{number:08x}.eml").touch()
    page = list(islice(kept_names(), 50))
    assert page[0].endswith("064001-009999-0000270f.eml")
    assert list(islice(kept_names(before=page[-1]), 1))[0].endswith("064001-009949-000026dd.eml")


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/passwd",
        "20261120/0640/../../../etc/passwd",
        "20261120/0640/064000-000000-00000000.eml/",
        "20261120//064000-000000-00000000.eml",
        "/20261120/0640/064000-000000-00000000.eml",
        "20261120/0640/064000-000000-00000000.eml\n",
        "٢٠٢٦١١٢٠/0640/064000-000000-00000000.eml",
        "20261120/0640/%2e%2e",
        "",
    ],
)
def test_nothing_outside_of_the_folder_has_a_name(name: str, clock) -> None:
    keep(b"x")
    assert kept_path(name) is None


def test_link_to_another_file_is_no_mail(clock, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    name = keep(b"x")
    path = Path(settings.MAIL_FOLDER, name)
    path.unlink()
    path.symlink_to(tmp_path / "secret")
    assert kept_path(name) is None
