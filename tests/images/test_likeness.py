from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from PIL import Image as Pixels
from PIL import ImageEnhance, ImageOps

from images.likeness import LIMIT, PLAIN, distance, likeness_of, near
from images.preparing import make_files
from images.storing import take_in
from tests.factories import make_image
from tests.images.library_pictures import drawn

PHOTO = drawn(3, (640, 480))


def compressed(picture: Pixels.Image, quality: int) -> Pixels.Image:
    picture.save(buffer := BytesIO(), "JPEG", quality=quality)
    return Pixels.open(buffer).convert("RGB")


@pytest.mark.parametrize(
    "change",
    [
        lambda photo: photo.resize((320, 240)),
        lambda photo: photo.resize((1280, 960)),
        lambda photo: compressed(photo, 25),
        lambda photo: ImageEnhance.Brightness(photo).enhance(1.2),
        lambda photo: ImageEnhance.Contrast(photo).enhance(0.8),
        lambda photo: photo.crop((8, 6, 632, 474)),
        lambda photo: photo.convert("L").convert("RGB"),
    ],
)
def test_what_the_eye_takes_for_the_same_is_near(change) -> None:
    assert distance(likeness_of(PHOTO), likeness_of(change(PHOTO))) <= LIMIT


@pytest.mark.parametrize(
    "other",
    [ImageOps.mirror(PHOTO), ImageOps.flip(PHOTO), ImageOps.invert(PHOTO), drawn(4, (640, 480)), drawn(5, (640, 480))],
)
def test_another_picture_is_far(other: Pixels.Image) -> None:
    assert distance(likeness_of(PHOTO), likeness_of(other)) > 2 * LIMIT


@pytest.mark.parametrize(
    "plain",
    [
        Pixels.new("RGB", (640, 480), "white"),
        Pixels.new("RGB", (640, 480), "teal"),
        Pixels.new("RGB", (1, 1)),
        Pixels.linear_gradient("L").convert("RGB"),
        Pixels.linear_gradient("L").rotate(90).convert("RGB"),
        Pixels.linear_gradient("L").rotate(270).convert("RGB"),
    ],
)
def test_of_a_plain_picture_nothing_is_said(plain: Pixels.Image) -> None:
    assert likeness_of(plain) == PLAIN


@pytest.mark.parametrize(
    ("one", "other", "bits"), [(0, 0, 0), (-1, 0, 64), (-1, 1, 63), (-(2**63), 0, 1), (2**63 - 1, -1, 1), (5, 6, 2)]
)
def test_bits_are_counted_whatever_the_sign(one: int, other: int, bits: int) -> None:
    assert distance(one, other) == bits


@pytest.mark.django_db
def test_the_most_alike_stands_first() -> None:
    picture, twin, near_by = (make_image(likeness=hash_) for hash_ in (0xF0F0, 0xF0F0, 0xF0F3))
    limit = make_image(likeness=0xF0F0 ^ (2**LIMIT - 1))
    for other in (0xF0F0 ^ (2 ** (LIMIT + 1) - 1), ~0xF0F0, PLAIN, None):
        make_image(likeness=other)
    assert near(picture) == [twin, near_by, limit]
    assert near(0xF0F3, limit=0) == [near_by]


@pytest.mark.django_db
def test_a_hash_of_all_64_bits_is_kept(django_assert_num_queries) -> None:
    lowest, highest = make_image(likeness=-(2**63) + 255), make_image(likeness=2**63 - 1)
    with django_assert_num_queries(2):
        assert near(-(2**63) + 254) == [lowest]
    assert near(2**63 - 2) == [highest]


@pytest.mark.django_db
@pytest.mark.parametrize("unknown", [PLAIN, None])
def test_a_plain_picture_is_like_none(unknown: int | None, django_assert_num_queries) -> None:
    picture, _other = make_image(likeness=unknown), make_image(likeness=unknown)
    with django_assert_num_queries(0):
        assert near(picture) == []


@pytest.mark.django_db
def test_what_was_saved_from_our_own_pages_is_known_again() -> None:
    PHOTO.save(buffer := BytesIO(), "PNG")
    image = take_in(ContentFile(buffer.getvalue(), name="a.png"), by=None)
    make_files(image)
    with image.storage.open(image.rendition_name(320, "jpeg")) as file:
        saved = take_in(ContentFile(file.read(), name="saved.jpg"), by=None)
    assert saved != image
    assert near(saved) == [image]
