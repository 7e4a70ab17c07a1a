"""Three hundred photographs with the papers of agencies and the positions of telephones, taken in one by one."""

from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from PIL import Image as Pixels

from images.likeness import near
from images.models import Image
from images.preparing import make_files
from images.storing import take_in
from tests.images.library_pictures import SECRET, Shot, shots

pytestmark = pytest.mark.django_db

FORBIDDEN = (SECRET.encode(), b"SECRET", b"xmpmeta", b"Exif", b"8BIM", b"Photoshop", b"http://", b"ICC_PROFILE")


@pytest.fixture(scope="module")
def three_hundred() -> list[Shot]:
    return list(shots(300))


def taken_in(shot: Shot) -> Image:
    return take_in(ContentFile(shot.raw, name=shot.name), by=None)


def test_they_are_the_same_in_every_run() -> None:
    first, again, other = ([shot.raw for shot in shots(8, seed=seed)] for seed in (5, 5, 6))
    assert first == again
    assert not set(first) & set(other)


def test_three_hundred_come_in_with_their_words(three_hundred: list[Shot]) -> None:
    images = {shot.number: taken_in(shot) for shot in three_hundred}
    rows = Image.objects.in_bulk([image.pk for image in images.values()])
    for shot in three_hundred:
        row, words = rows[images[shot.number].pk], shot.words
        assert (row.width, row.height) == shot.size
        if shot.same_as is not None:
            assert row.pk == images[shot.same_as].pk
        elif words:
            assert (row.caption, row.credit, row.keywords) == (words.caption, words.credit, words.keywords)
            assert row.taken_on == words.taken_on
            assert row.rights_until == (words.rights_until if shot.has_rights else None)
        else:
            assert (row.caption, row.credit, row.keywords, row.rights_until) == ("", "", "", None)
    again = [shot for shot in three_hundred if shot.same_as is not None]
    assert len(again) == 12
    assert Image.objects.count() == 300 - len(again)
    for shot in (shot for shot in three_hundred if shot.near_to is not None):
        assert images[shot.near_to] in near(images[shot.number])
    kept = [path.read_bytes() for path in Path(django_settings.MEDIA_ROOT).rglob("*.jpg")]
    assert len(kept) == Image.objects.count()
    assert [word for raw in kept for word in FORBIDDEN if word in raw] == []
    assert not any(Pixels.open(BytesIO(raw)).getexif() for raw in kept)


def test_nothing_of_a_camera_is_in_any_file(three_hundred: list[Shot]) -> None:
    """One of each kind, with everything that the task makes."""
    for shot in three_hundred[:7]:
        make_files(taken_in(shot))
    files = [path.read_bytes() for path in Path(django_settings.MEDIA_ROOT).rglob("*.*")]
    assert len(files) == 7 * (1 + 2 * 2 + 3)
    for raw in files:
        picture = Pixels.open(BytesIO(raw))
        assert not {"exif", "xmp", "photoshop", "comment", "icc_profile", "XML:com.adobe.xmp"} & picture.info.keys()
        assert not picture.getexif()
        assert not [word for word in FORBIDDEN if word in raw]


def test_a_day_is_read_where_nothing_else_is(three_hundred: list[Shot]) -> None:
    shot = next(shot for shot in three_hundred if shot.name.startswith("DSC"))
    assert taken_in(shot).taken_on is not None
