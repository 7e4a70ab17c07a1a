"""Files that somebody sends to hurt (tests/images/bad_uploads.py; how long they take: benchmarks/uploads.py)."""

import os
import re
import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from images.bringing_in import bring_in
from images.models import Image
from images.refusals import unreadable
from images.storing import UploadRefused, take_in
from tests.factories import make_user
from tests.images.bad_uploads import BAD, NAMES, SCRIPT, chunk, png_of, segment, with_chunks, with_segments
from tests.images.pictures import picture_file

pytestmark = pytest.mark.django_db

# s of the processor for one of them, ten times what benchmarks/uploads.py allows: a busy machine passes, and what takes
# the square of its length does not.
LONGEST = 10.0


def files() -> list[Path]:
    return [path for path in Path(django_settings.MEDIA_ROOT).rglob("*") if path.is_file()]


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
@pytest.mark.parametrize("name", BAD)
def test_every_bad_file_is_answered(name: str) -> None:
    bad = BAD[name]
    upload = ContentFile(bad.make(), name=bad.name)
    began = time.process_time()
    if bad.code:
        with pytest.raises(UploadRefused) as refusal:
            take_in(upload, by=None)
        assert refusal.value.code == bad.code
        assert re.search("[\u0621-\u064a]{3}", str(refusal.value.message))
        assert files() == []
    else:
        image = take_in(upload, by=None)
        [stored] = files()
        assert stored.stat().st_mode & 0o777 == 0o644
        assert image.caption == image.credit == image.rights_note == ""
        raw = stored.read_bytes()
        assert raw.startswith(b"\xff\xd8\xff")
        assert not [word for word in (SCRIPT, b"Exif", b"Photoshop", b"ICC_PROFILE", b"xap") if word in raw]
    assert time.process_time() - began < LONGEST


def test_a_decoder_that_fails_in_a_new_way_stops_no_batch(monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    def fail(picture: object) -> None:
        raise TypeError("not foreseen")

    monkeypatch.setattr("images.decoding._flatten", fail)
    brought = bring_in(SimpleUploadedFile("a.jpg", picture_file().read()), by=make_user(Role.REPORTER))
    assert brought.refusal == unreadable().message
    assert "not foreseen" in caplog.text


@pytest.mark.parametrize(("name", "code"), NAMES.items())
def test_every_odd_name_is_refused_or_forgotten(admin_client: Client, name: str, code: str | None) -> None:
    file = SimpleUploadedFile("a.png", picture_file("a.png").read())
    file.name = name
    answer = admin_client.post(reverse("images:upload"), {"upload": file})
    assert answer.status_code == (400 if code else 200)
    if code:
        assert files() == []
    else:
        [stored] = files()
        assert re.fullmatch(r"images/\d{4}/\d\d/[0-9a-f]{32}\.jpg", Image.objects.get().file_name)
        assert os.path.samefile(stored, Path(django_settings.MEDIA_ROOT) / Image.objects.get().file_name)


def test_a_picture_that_is_all_length_is_refused() -> None:
    with pytest.raises(UploadRefused, match="30000|30,000|٣٠"):
        take_in(ContentFile(png_of(1, 30_001, depth=8, colour=0, samples=1), name="a.png"), by=None)
    assert take_in(ContentFile(png_of(1, 30_000, depth=8, colour=0, samples=1), name="a.png"), by=None).height == 2_880


@pytest.mark.parametrize(
    "harmless",
    [
        with_segments(segment(0xFE, b"note") * 200),
        with_segments(b"\xff" * 3),
        picture_file(progressive=True, quality=95).read(),
        picture_file(restart_marker_blocks=4).read(),
        with_chunks(chunk(b"prVt", b"x" * 10) * 500, picture_file("a.png").read()),
    ],
)
def test_what_real_programs_write_is_taken(harmless: bytes) -> None:
    assert take_in(ContentFile(harmless, name="a.jpg"), by=None).width == 400
