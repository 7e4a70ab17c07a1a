"""Crops round the focal point, in the shapes that search engines and networks ask for."""

from functools import partial
from typing import Any

from django.db import transaction
from PIL import Image as Pixels

from images.models import CROP_WIDTH, SHAPES, Image
from images.renditions import read_pixels, write

Size = tuple[int, int]
# {"16x9": {"focus": "36-45", "width": 1200, "height": 675}, ...}, px
Crops = dict[str, dict[str, Any]]


def crop_box(size: Size, ratio: float, focus: tuple[float, float]) -> tuple[int, int, int, int]:
    """Return the largest box (left, top, right, bottom; px) of a shape, as near round the focal point as it fits."""
    width, height = min(size[0], round(size[1] * ratio)), min(size[1], round(size[0] / ratio))
    width, height = max(1, width), max(1, height)
    left = min(max(0, round(size[0] * focus[0] - width / 2)), size[0] - width)
    top = min(max(0, round(size[1] * focus[1] - height / 2)), size[1] - height)
    return left, top, left + width, top + height


def crop(picture: Pixels.Image, size: Size, focus: tuple[float, float]) -> Pixels.Image:
    """Return the part round the focal point in that shape, at most that large (px) and never enlarged."""
    box = crop_box(picture.size, size[0] / size[1], focus)
    if box[2] - box[0] <= size[0]:
        return picture.crop(box)
    return picture.resize(size, Pixels.Resampling.LANCZOS, box=box, reducing_gap=2.0)


def planned_crops(image: Image) -> Crops:
    """The crops that it is to have round its focal point of now, as Image.crops notes them."""
    planned: Crops = {}
    for shape, ratio in SHAPES.items():
        left, top, right, bottom = crop_box((image.width, image.height), ratio, _focus(image))
        width, height = min(right - left, CROP_WIDTH), min(bottom - top, round(CROP_WIDTH / ratio))
        planned[shape] = {"focus": image.focus, "width": width, "height": height}
    return planned


def crop_names(image: Image, crops: Crops) -> set[str]:
    """The storage names of these crops."""
    return {image.crop_name_of(shape, crops[shape]["focus"]) for shape in SHAPES if shape in crops}


def write_crops(image: Image, picture: Pixels.Image) -> None:
    """Write the files of planned_crops."""
    for shape, ratio in SHAPES.items():
        size = CROP_WIDTH, round(CROP_WIDTH / ratio)
        write(image, image.crop_name_of(shape, image.focus), crop(picture, size, _focus(image)), "jpeg")


def make_crops(image: Image) -> int:
    """Write the crops round the focal point of now where one is missing, in the request in which somebody moved it.

    Returns how many files were written. The files of another focal point go once the row is safe. Raises OSError
    when the file is gone or unreadable.
    """
    crops = planned_crops(image)
    before, names = crop_names(image, image.crops), crop_names(image, crops)
    if crops == image.crops and all(map(image.storage.exists, names)):
        return 0
    write_crops(image, read_pixels(image))
    with transaction.atomic():
        image.crops = crops
        image.save(update_fields=["crops"])
        for name in before - names:
            transaction.on_commit(partial(image.storage.delete, name))
    return len(names)


def _focus(image: Image) -> tuple[float, float]:
    """In whole percent, as the name of the file says: the same name is always the same picture."""
    return round(image.focal_x, 2), round(image.focal_y, 2)
