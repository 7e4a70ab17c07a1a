"""The resized files of a picture: AVIF for browsers of today, JPEG for the others and for sharing."""

import os
import secrets
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image as Pixels

from images.models import SUFFIXES, Format, Image
from newsroom.lib.durable import fsync_file, fsync_folder

# px. A fixed list, never a number from an address: resizing on request is an open door for load. 160 is for portraits
# and small pictures on large screens, 800 for the whole width of a phone; images.slots says what stands where.
# A width that leaves this list leaves its files behind, and bodies that name them: only add.
WIDTHS = (160, 320, 640, 800, 960, 1440)
# Measured: at speed 8 AVIF is encoded faster than WebP and is a third of the JPEG's size.
SAVE_OPTIONS: dict[Format, dict[str, Any]] = {
    "avif": {"format": "AVIF", "quality": 60, "speed": 8},
    "jpeg": {"format": "JPEG", "quality": 80, "progressive": True, "optimize": True},
}
FORMATS = tuple(SUFFIXES)
WHOLE_QUALITY = 90
# How much wider than the widest step a picture must be for a rendition of its own width.
_WORTH_ONE_MORE = 1.1


def widths_for(width: int) -> list[int]:
    """Return the widths to make of a picture this wide: none larger than itself, always at least one.

    What lies between two steps is made in its own width too, so that a picture is shown as sharp as it is.
    """
    made = [step for step in WIDTHS if step <= width]
    if width < WIDTHS[-1] and (not made or width > made[-1] * _WORTH_ONE_MORE):
        made.append(width)
    return made


def read_pixels(image: Image) -> Pixels.Image:
    """Raises OSError when the file is gone or unreadable."""
    with image.storage.open(image.file_name) as file, Pixels.open(file, formats=["JPEG"]) as picture:
        return picture.convert("RGB")


def write_renditions(image: Image, picture: Pixels.Image, wanted: list[tuple[int, Format]]) -> None:
    """Write the files of the given widths (px) and formats."""
    for width in sorted({width for width, _fmt in wanted}, reverse=True):
        height = max(1, round(picture.height * width / picture.width))
        resized = picture.resize((width, height), Pixels.Resampling.LANCZOS, reducing_gap=2.0)
        for fmt in [fmt for size, fmt in wanted if size == width]:
            write(image, image.rendition_name(width, fmt), resized, fmt)


def write(image: Image, name: str, picture: Pixels.Image, fmt: Format) -> None:
    """Put a file in the place of an older one of that name: whole or not at all, also when two do it at once.

    It is on the disk by the end, since a row will say that it is there.
    """
    content, storage = ContentFile(encode(picture, fmt)), image.storage
    try:
        place = Path(storage.path(name))
    except NotImplementedError:  # an object store, which shows nothing that is unfinished
        storage.delete(name)
        storage.save(name, content)
    else:
        unfinished = Path(storage.path(storage.save(f"{name}.{secrets.token_hex(8)}.part", content)))
        fsync_file(unfinished)
        os.replace(unfinished, place)
        fsync_folder(place.parent)


def encode(picture: Pixels.Image, fmt: Format) -> bytes:
    """Return the pixels as a file. No metadata: nothing of `picture.info` is passed on."""
    buffer = BytesIO()
    picture.save(buffer, **SAVE_OPTIONS[fmt])
    return buffer.getvalue()


def encode_whole(picture: Pixels.Image) -> bytes:
    """The file that is kept, from which all others are made."""
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=WHOLE_QUALITY, progressive=True)
    return buffer.getvalue()


def file_names(image: Image) -> list[str]:
    """Return the storage names of everything that the row of a picture notes."""
    return [
        image.file_name,
        *(image.rendition_name(width, fmt) for fmt in FORMATS for width in image.widths(fmt)),
        *(image.crop_name(shape) for shape in image.crops),
    ]


def is_made(image: Image, width: int, fmt: Format) -> bool:
    return width in image.widths(fmt) and image.storage.exists(image.rendition_name(width, fmt))
