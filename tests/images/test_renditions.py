from io import StringIO

import pytest
from django.core.management import call_command

from images.models import SHAPES
from images.preparing import make_files
from images.renditions import FORMATS, WIDTHS, file_names, widths_for
from images.storing import take_in
from tests.images.pictures import picture_file

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("width", "made"),
    [
        (10, [10]),
        (320, [160, 320]),
        (340, [160, 320]),
        (639, [160, 320, 639]),
        (1440, list(WIDTHS)),
        (9000, list(WIDTHS)),
    ],
)
def test_widths_never_enlarge_and_are_never_none(width: int, made: list[int]) -> None:
    assert widths_for(width) == made


def test_only_what_is_missing_is_made() -> None:
    image = take_in(picture_file(size=(700, 400)), by=None)
    assert make_files(image) == 6 + 3
    assert make_files(image) == 0
    image.storage.delete(image.rendition_name(640, "avif"))
    assert make_files(image) == 1
    image.storage.delete(image.crop_name("4x3"))
    assert make_files(image) == 3
    assert make_files(image, remake=True) == 6 + 3
    assert all(image.storage.exists(name) for name in file_names(image))


def test_the_row_learns_what_was_made() -> None:
    image = take_in(picture_file(size=(700, 400)), by=None)
    make_files(image)
    image.refresh_from_db()
    assert image.renditions == {"avif": [160, 320, 640], "jpeg": [160, 320, 640]}
    assert set(image.crops) == set(SHAPES)
    assert image.prepared_at is not None


def test_a_picture_of_an_older_version_gets_what_it_lacks() -> None:
    image = take_in(picture_file(size=(1000, 500)), by=None)
    make_files(image)
    for width in (160, 800):
        for fmt in FORMATS:
            image.storage.delete(image.rendition_name(width, fmt))
    for shape in SHAPES:
        image.storage.delete(image.crop_name(shape))
    likeness = image.likeness
    image.renditions, image.crops, image.likeness = {"avif": [320, 640, 960], "jpeg": [320, 640, 960]}, {}, None
    image.save(update_fields=["renditions", "crops", "likeness"])
    call_command("make_renditions", stdout=(out := StringIO()))
    assert out.getvalue() == "1 pictures, 7 files made, 0 pictures failed.\n"
    image.refresh_from_db()
    assert image.renditions["avif"] == [160, 320, 640, 800, 960]
    assert abs(image.likeness or 0) == abs(likeness or 0)
    assert all(image.storage.exists(name) for name in file_names(image))


def test_the_command_counts_and_goes_on_after_a_lost_file() -> None:
    kept, lost = take_in(picture_file(), by=None), take_in(picture_file(size=(500, 300)), by=None)
    make_files(kept)
    kept.storage.delete(kept.rendition_name(320, "jpeg"))
    lost.storage.delete(lost.file_name)
    out, err = StringIO(), StringIO()
    call_command("make_renditions", stdout=out, stderr=err)
    assert out.getvalue() == "2 pictures, 1 files made, 1 pictures failed.\n"
    assert f"Picture {lost.pk}:" in err.getvalue()
