from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from PIL import Image as Pixels

from images.cropping import crop, crop_box, make_crops
from images.models import SHAPES, Image
from images.preparing import make_files
from images.storing import take_in
from tests.images.pictures import picture_file


@pytest.mark.parametrize(
    ("size", "ratio", "focus", "box"),
    [
        ((1600, 900), 1, (0.5, 0.5), (350, 0, 1250, 900)),
        ((1600, 900), 1, (0, 0.5), (0, 0, 900, 900)),
        ((1600, 900), 1, (1, 1), (700, 0, 1600, 900)),
        ((900, 1600), 16 / 9, (0.5, 0.25), (0, 147, 900, 653)),
        ((900, 1600), 16 / 9, (0.5, 0), (0, 0, 900, 506)),
        ((1600, 900), 16 / 9, (0, 0), (0, 0, 1600, 900)),
        ((1, 4000), 16 / 9, (0.5, 0.5), (0, 2000, 1, 2001)),
    ],
)
def test_the_largest_box_round_the_focal_point(size, ratio, focus, box) -> None:
    assert crop_box(size, ratio, focus) == box


def taken(upload: ContentFile, **papers: object) -> Image:
    """In the library, with everything that the task makes."""
    image = take_in(upload, by=None, **papers)
    make_files(image)
    return image


def stored(image: Image, name: str) -> Pixels.Image:
    with image.storage.open(name) as file:
        return Pixels.open(BytesIO(file.read()))


@pytest.mark.django_db
def test_a_large_picture_has_the_sizes_that_search_engines_ask_for() -> None:
    image = taken(picture_file(size=(2400, 1600)))
    assert {shape: image.crop_size(shape) for shape in SHAPES} == {
        "16x9": (1200, 675),
        "4x3": (1200, 900),
        "1x1": (1200, 1200),
    }
    for shape in SHAPES:
        file = stored(image, image.crop_name(shape))
        assert (file.size, file.format) == (image.crop_size(shape), "JPEG")


@pytest.mark.django_db
@pytest.mark.parametrize("size", [(400, 300), (1000, 3000), (1201, 700), (1, 1), (1, 900), (900, 1)])
def test_a_small_picture_is_not_enlarged(size: tuple[int, int]) -> None:
    image = taken(picture_file("a.png", size))
    for shape in SHAPES:
        width, height = image.crop_size(shape)
        assert width <= min(1200, size[0])
        assert height <= size[1]
        assert stored(image, image.crop_name(shape)).size == (width, height)


@pytest.mark.django_db
def test_what_matters_is_in_the_crop() -> None:
    """Half red, half blue: the focal point is in the blue."""
    halves = Pixels.new("RGB", (1600, 400), "red")
    halves.paste("blue", (800, 0, 1600, 400))
    halves.save(buffer := BytesIO(), "PNG")
    image = taken(ContentFile(buffer.getvalue(), name="a.png"), focal_x=0.8)
    red, _green, blue = stored(image, image.crop_name("1x1")).getpixel((0, 200))
    assert blue > 200 > 50 > red


@pytest.mark.django_db
def test_only_missing_crops_are_made() -> None:
    image = taken(picture_file())
    assert make_crops(image) == 0
    image.storage.delete(image.crop_name("4x3"))
    assert make_crops(image) == 3
    assert image.storage.exists(image.crop_name("4x3"))


def test_a_crop_is_cut_before_it_is_shrunk() -> None:
    assert crop(Pixels.new("RGB", (3000, 2000)), (480, 630), (0.5, 0.5)).size == (480, 630)
    assert crop(Pixels.new("RGB", (300, 200)), (480, 630), (0.5, 0.5)).size == (152, 200)
