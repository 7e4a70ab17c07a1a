import errno
import hashlib
import os
import re
import struct
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from zlib import crc32

import pytest
from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.db import IntegrityError, connection
from PIL import Image as Pixels
from PIL import ImageCms
from PIL.PngImagePlugin import PngInfo

from images import storing
from images.decoding import LONGEST_SIDE
from images.models import Image
from images.preparing import make_files
from images.storing import UploadRefused, discard, find_same, inspect, take_in
from tests.images.pictures import XMP, picture_file, with_iptc

pytestmark = pytest.mark.django_db


def files() -> list[str]:
    root = Path(django_settings.MEDIA_ROOT)
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def stored_pixels(image: Image, name: str = "") -> Pixels.Image:
    with image.storage.open(name or image.file.name) as file:
        return Pixels.open(BytesIO(file.read()))


def test_an_upload_waits_for_one_file_only(run_tasks: Callable[..., int]) -> None:
    image = take_in(picture_file(size=(1000, 500)), by=None, alt_text="ميناء", kind="illustration")
    image.refresh_from_db()
    assert (image.width, image.height, image.alt_text, image.kind) == (1000, 500, "ميناء", "illustration")
    assert (files(), image.renditions, image.crops, image.prepared_at) == ([image.file_name], {}, {}, None)
    assert run_tasks() == 1
    image.refresh_from_db()
    assert image.renditions == {"avif": [160, 320, 640, 800, 960], "jpeg": [160, 320, 640, 800, 960]}
    assert len(files()) == 1 + 10 + 3
    assert stored_pixels(image, image.rendition_name(640, "avif")).size == (640, 320)
    assert stored_pixels(image, image.rendition_name(640, "avif")).format == "AVIF"


def test_names_cannot_be_guessed() -> None:
    image = take_in(picture_file("../../خبر سري.JPG"), by=None)
    assert re.fullmatch(r"images/\d{4}/\d\d/[0-9a-f]{32}\.jpg", image.file.name)


@pytest.mark.parametrize("size", [(1, 1), (1, 4_000), (4_000, 1)])
def test_the_thinnest_pictures_are_taken(size: tuple[int, int]) -> None:
    image = take_in(picture_file("a.png", size), by=None)
    make_files(image)
    assert image.renditions["avif"]


def test_a_huge_picture_is_kept_smaller() -> None:
    image = take_in(picture_file(size=(6000, 3000)), by=None)
    assert (image.width, image.height) == (LONGEST_SIDE, LONGEST_SIDE // 2)


def test_the_same_bytes_give_the_row_that_is_there() -> None:
    first = take_in(picture_file(), by=None, alt_text="أول")
    before = files()
    second = take_in(picture_file("other.jpeg"), by=None, alt_text="ثان")
    assert (second.pk, second.alt_text) == (first.pk, "أول")
    assert files() == before
    assert find_same(picture_file()) == first
    assert first.sha256 == hashlib.sha256(picture_file().read()).hexdigest()


def test_two_at_the_same_moment_make_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    first = take_in(picture_file(), by=None)
    before = files()
    answers = iter([None, first])
    monkeypatch.setattr(storing, "find_same", lambda upload: next(answers))
    assert take_in(picture_file(), by=None) == first
    assert files() == before


def test_no_file_is_left_when_the_row_fails() -> None:
    with pytest.raises(IntegrityError):
        take_in(picture_file(), by=None, focal_x=3)
    assert files() == []


def test_a_full_disk_is_a_sentence_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> None:
        (Path(django_settings.MEDIA_ROOT) / "images").mkdir(parents=True)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    with pytest.raises(UploadRefused) as refusal:
        take_in(picture_file(), by=None)
    assert refusal.value.code == "no_room"
    assert files() == []
    assert not Image.objects.exists()


def test_a_focal_point_on_the_edge_is_kept() -> None:
    assert take_in(picture_file(), by=None, focal_x=0.0).focal_x == 0


def test_words_in_the_file_fill_what_was_not_typed() -> None:
    raw = with_iptc(picture_file().read(), {(2, 110): "وكالة".encode(), (2, 120): "شرح من الملف".encode()})
    image = take_in(ContentFile(raw, name="a.jpg"), by=None, caption="", credit="كتبه المحرر")
    assert (image.caption, image.credit) == ("شرح من الملف", "كتبه المحرر")


def test_metadata_do_not_survive() -> None:
    exif = Pixels.Exif()
    exif[0x010E] = "SECRET description"
    exif.get_ifd(0x8825)[2] = (33.0, 30.0, 0.0)  # where it was taken
    raw = with_iptc(
        picture_file(size=(700, 400), exif=exif, xmp=XMP.encode(), comment=b"SECRET comment").read() + b"SECRET tail",
        {(2, 120): b"SECRET caption"},
    )
    image = take_in(ContentFile(raw, name="a.jpg"), by=None)
    make_files(image)
    assert len(files()) == 1 + 6 + 3
    for name in files():
        stored = (Path(django_settings.MEDIA_ROOT) / name).read_bytes()
        assert b"SECRET" not in stored
        assert b"xmpmeta" not in stored
        picture = stored_pixels(image, name)
        assert not picture.getexif()
        assert not {"exif", "xmp", "comment", "photoshop"} & picture.info.keys()


def test_a_photo_taken_sideways_stands_upright() -> None:
    exif = Pixels.Exif()
    exif[0x0112] = 6
    image = take_in(picture_file(size=(400, 300), exif=exif), by=None)
    assert (image.width, image.height) == (300, 400)


def test_colours_of_a_wide_profile_become_those_of_the_web() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = take_in(picture_file(icc_profile=profile), by=None)
    assert "icc_profile" not in stored_pixels(image).info
    assert take_in(picture_file(size=(401, 300), icc_profile=b"broken"), by=None).pk


@pytest.mark.parametrize(
    ("name", "mode"), [("a.png", "RGBA"), ("a.png", "LA"), ("a.png", "1"), ("a.png", "P"), ("a.png", "I;16"),
                       ("a.webp", "RGBA"), ("a.jpg", "L"), ("a.jpeg", "CMYK"), ("a.JPG", "RGB")],
)  # fmt: skip
def test_every_kind_of_pixels_becomes_rgb(name: str, mode: str) -> None:
    assert stored_pixels(take_in(picture_file(name, mode=mode), by=None)).mode == "RGB"


def test_a_large_picture_is_shrunk_without_seams() -> None:
    image = take_in(picture_file("a.png", (601, 6_003), "RGBA"), by=None)
    column = stored_pixels(image).convert("L").crop((100, 0, 101, image.height))
    shades = [column.getpixel((0, y)) for y in range(image.height)]
    assert all(abs(below - above) <= 3 for above, below in pairwise(shades))


def test_transparency_becomes_white() -> None:
    buffer = BytesIO()
    Pixels.new("RGBA", (40, 40), (255, 0, 0, 0)).save(buffer, "PNG")
    image = take_in(ContentFile(buffer.getvalue(), name="a.png"), by=None)
    assert min(stored_pixels(image).getpixel((20, 20))) > 250


def test_a_phone_photo_with_a_preview_is_one_picture() -> None:
    buffer = BytesIO()
    photo = Pixels.new("RGB", (400, 300), "red")
    photo.save(buffer, "MPO", save_all=True, append_images=[photo.resize((40, 30))])
    assert take_in(ContentFile(buffer.getvalue(), name="a.jpg"), by=None).width == 400


def claiming(width: int, height: int) -> ContentFile:
    """A few bytes of PNG whose header promises a picture of this size."""
    raw = picture_file("a.png").read()
    header = b"IHDR" + struct.pack(">II", width, height) + raw[24:29]
    return ContentFile(raw[:12] + header + struct.pack(">I", crc32(header)) + raw[33:], name="a.png")


def large_webp() -> ContentFile:
    buffer = BytesIO()
    Pixels.new("L", (5_000, 3_201)).save(buffer, "WEBP", method=0)
    return ContentFile(buffer.getvalue(), name="a.webp")


def zipped_bomb() -> ContentFile:
    info = PngInfo()
    info.add_text("comment", "a" * 5_000_000, zip=True)
    return picture_file("a.png", pnginfo=info)


@pytest.mark.parametrize(
    ("upload", "code"),
    [
        (lambda: ContentFile(picture_file().read(), name="a.html"), "extension"),
        (lambda: ContentFile(picture_file().read(), name="a.jpg.svg"), "extension"),
        (lambda: ContentFile(picture_file().read(), name="a.png\0.html"), "extension"),
        (lambda: ContentFile(picture_file().read(), name="jpg"), "extension"),
        (lambda: picture_file("a.gif"), "extension"),
        (lambda: ContentFile(b"", name="a.jpg"), "empty"),
        (lambda: ContentFile(b"\xff\xd8" + bytes(10 * 1024 * 1024), name="a.jpg"), "too_heavy"),
        (lambda: claiming(8_000, 5_001), "too_large"),
        (lambda: claiming(13_300, 13_300), "too_large"),
        (lambda: claiming(50_000, 50_000), "too_large"),
        (large_webp, "too_large"),
        (zipped_bomb, "unreadable"),
        (lambda: ContentFile(b"<svg onload=x()>", name="a.jpg"), "unreadable"),
        (lambda: ContentFile(b"<html>", name="a.png"), "unreadable"),
        (lambda: ContentFile(picture_file("a.gif").read(), name="a.png"), "unreadable"),
        (lambda: ContentFile(picture_file("a.avif").read(), name="a.webp"), "unreadable"),
        (lambda: ContentFile(picture_file().read()[:600], name="a.jpg"), "unreadable"),
        (lambda: ContentFile(picture_file("a.png").read()[:200], name="a.png"), "unreadable"),
        (
            lambda: picture_file("a.png", save_all=True, append_images=[Pixels.new("RGB", (400, 300))]),
            "animated",
        ),
        (
            lambda: picture_file("a.webp", save_all=True, append_images=[Pixels.new("RGB", (400, 300))]),
            "animated",
        ),
    ],
)
def test_bad_files_are_refused_with_a_reason(upload, code: str) -> None:
    with pytest.raises(UploadRefused) as refusal:
        take_in(upload(), by=None)
    assert refusal.value.code == code
    assert files() == []
    assert not Image.objects.exists()


def test_a_wrong_extension_of_a_good_picture_is_no_reason() -> None:
    assert take_in(ContentFile(picture_file("a.png").read(), name="a.jpg"), by=None).file.name.endswith(".jpg")


def test_inspecting_reads_the_words_and_stores_nothing() -> None:
    raw = with_iptc(picture_file().read(), {(2, 120): "شرح".encode()})
    assert inspect(ContentFile(raw, name="a.jpg")).caption == "شرح"
    assert files() == []


@pytest.mark.django_db(transaction=True)
def test_discarding_removes_row_and_files() -> None:
    image = take_in(picture_file(), by=None)
    make_files(image)
    discard(image)
    assert files() == []
    assert not Image.objects.exists()


def test_files_can_be_read_by_the_web_server() -> None:
    image = take_in(picture_file(), by=None)
    assert os.stat(image.storage.path(image.file.name)).st_mode & 0o777 == 0o644


@pytest.fixture
def synchronised(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What happens in its order: the paths below the media that are synchronised, and `row` for each row written."""
    happened: list[str] = []
    real, root = os.fsync, Path(django_settings.MEDIA_ROOT)

    def fsync(handle: int) -> None:
        path = Path(os.readlink(f"/proc/self/fd/{handle}"))
        if path.is_relative_to(root):
            happened.append(str(path.relative_to(root)))
        real(handle)

    def note(execute: Callable[..., object], sql: str, params: object, many: bool, context: object) -> object:
        if sql.startswith(('INSERT INTO "images_image"', 'UPDATE "images_image"')):
            happened.append("row")
        return execute(sql, params, many, context)

    monkeypatch.setattr(os, "fsync", fsync)
    with connection.execute_wrapper(note):
        yield happened


def test_a_file_and_its_folders_are_on_the_disk_before_the_row(synchronised: list[str]) -> None:
    image = take_in(picture_file(), by=None)
    month, year, pictures = Path(image.file_name).parents[:3]
    assert synchronised == [image.file_name, str(month), str(year), str(pictures), ".", "row"]


def test_smaller_files_are_on_the_disk_before_the_row_says_so(synchronised: list[str]) -> None:
    image = take_in(picture_file(size=(700, 400)), by=None)
    synchronised.clear()
    made = make_files(image)
    *before, row = synchronised
    month = str(Path(image.file_name).parent)
    unfinished = [name for name in before if re.fullmatch(r".+\.(?:avif|jpg)\.[0-9a-f]{16}\.part", name)]
    assert row == "row"
    assert (len(unfinished), before.count(month)) == (made, made)
    assert before == [name for part in unfinished for name in (part, month)]


def test_a_file_that_the_disk_does_not_take_leaves_neither_file_nor_row(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UploadRefused):
        take_in(picture_file(), by=None)
    assert (files(), Image.objects.count()) == ([], 0)
