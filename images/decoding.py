"""From the bytes of an upload to clean pixels: upright, in the colours of the web, with nothing hidden in them."""

import logging
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from threading import Lock
from typing import Any

from django.core.files.base import File
from PIL import Image as Pixels
from PIL import ImageCms
from PIL.ExifTags import Base
from PIL.ImageFile import ImageFile

from images import refusals
from images.anatomy import anatomy
from images.refusals import MAX_PIXELS, MAX_SIDE, MAX_WEBP_PIXELS, UploadRefused

logger = logging.getLogger(__name__)

# px of the longer side of the file that is kept; print quality at 25 cm.
LONGEST_SIDE = 2880
# Rows of the final size that are worked on at a time.
STRIP = 256
# Of the largest profiles of presses; the arithmetic of larger ones is not for an upload.
MAX_PROFILE = 4 * 1024 * 1024
# One at a time in a process: each may take as much memory as everything else together.
decoding = Lock()

# What decoders raise at broken files; the warning is that of a broken MPO.
_BROKEN = (OSError, SyntaxError, ValueError, OverflowError, struct.error, Pixels.DecompressionBombError, UserWarning)
# What is used of Image.info, and what a decoder puts there. A PNG may hold a text of such a name, which comes as str.
_KINDS: dict[str, type | tuple[type, ...]] = {"icc_profile": bytes, "transparency": (int, bytes, tuple)}
# EXIF 2.32, 4.6.5, tag Orientation.
_TURNS = {
    2: Pixels.Transpose.FLIP_LEFT_RIGHT,
    3: Pixels.Transpose.ROTATE_180,
    4: Pixels.Transpose.FLIP_TOP_BOTTOM,
    5: Pixels.Transpose.TRANSPOSE,
    6: Pixels.Transpose.ROTATE_270,
    7: Pixels.Transpose.TRANSVERSE,
    8: Pixels.Transpose.ROTATE_90,
}


def open_upload(upload: File) -> ImageFile:
    """Return the picture with its pixels still packed. Raises UploadRefused."""
    upload.seek(0)
    raw = upload.read()
    found = anatomy(raw)
    limit = MAX_WEBP_PIXELS if found.decoder == "WEBP" else MAX_PIXELS
    if found.width * found.height > limit:
        raise refusals.too_large(limit)
    if max(found.width, found.height) > MAX_SIDE:
        raise refusals.too_long()
    with _broken_is_refused():
        picture = Pixels.open(BytesIO(raw), formats=[found.decoder])
        _drop_false(picture.info)
    if picture.width * picture.height > limit:
        raise refusals.too_large(limit)
    # Phones put a preview beside the photo and call that MPO; its first frame is the photo.
    if getattr(picture, "n_frames", 1) != 1 and picture.format != "MPO":
        raise refusals.animated()
    return picture


def normalise(picture: ImageFile) -> Pixels.Image:
    """Return upright RGB pixels in the colours of the web, at most LONGEST_SIDE. Raises UploadRefused."""
    with _broken_is_refused():
        return _normalised(picture)


def _normalised(picture: ImageFile) -> Pixels.Image:
    # JPEG only: decoding at a half or a quarter saves most of the memory of a large photo.
    picture.draft(None, _fit(picture.size))
    picture.load()
    _drop_false(picture.info)  # again: of a PNG also what stands behind the pixels
    profile, turn = picture.info.get("icc_profile"), _turn(picture)
    size, flat = _fit(picture.size), _flatten(picture)
    if flat is not picture:
        picture.close()  # its pixels are half of all the memory
    opaque = flat.resize(size, Pixels.Resampling.LANCZOS)
    flat.close()
    # A new canvas carries nothing along of what the old one knew.
    clean = Pixels.new("RGB", opaque.size)
    clean.paste(_in_web_colours(opaque, profile).convert("RGB"))
    return clean if turn is None else clean.transpose(turn)


@contextmanager
def _broken_is_refused() -> Iterator[None]:
    """Whatever a decoder raises becomes a sentence for people; what no broken file was known to raise is logged."""
    try:
        yield
    except UploadRefused:
        raise
    except _BROKEN as error:
        raise refusals.unreadable() from error
    except Exception as error:
        logger.exception("A decoder failed at an upload in a way that is not known")
        raise refusals.unreadable() from error


def _drop_false(info: dict[Any, Any]) -> None:
    for name, kinds in _KINDS.items():
        if not isinstance(info.get(name, b""), kinds):
            del info[name]


def _turn(picture: ImageFile) -> Pixels.Transpose | None:
    """What EXIF says must be done to have the picture upright; done last, when the picture is small."""
    try:
        return _TURNS.get(picture.getexif().get(Base.Orientation, 1))
    except (*_BROKEN, KeyError, IndexError, TypeError):
        return None


def _fit(size: tuple[int, int]) -> tuple[int, int]:
    """Return the size at which neither side is longer than LONGEST_SIDE."""
    scale = min(1, LONGEST_SIDE / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _flatten(picture: Pixels.Image) -> Pixels.Image:
    """Return opaque pixels, already halved as often as the final size allows.

    It goes strip by strip, because whole copies of 40 million transparent pixels would take half a gigabyte.
    """
    factor = picture.width // _fit(picture.size)[0]
    if factor == 1 and picture.mode in {"RGB", "CMYK"} and not picture.has_transparency_data:
        return picture
    size = (-(-picture.width // factor), -(-picture.height // factor))
    canvas = Pixels.new("CMYK" if picture.mode == "CMYK" else "RGB", size)
    for top in range(0, picture.height, STRIP * factor):
        strip = picture.crop((0, top, picture.width, min(picture.height, top + STRIP * factor)))
        canvas.paste(_opaque(strip).reduce(factor), (0, top // factor))
    return canvas


def _opaque(picture: Pixels.Image) -> Pixels.Image:
    """Return 8 bits a channel with white where one could see through."""
    if picture.mode.startswith("I"):  # 16 bits of grey
        return picture.convert("I").point(lambda value: value / 256).convert("L").convert("RGB")
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        white = Pixels.new("RGB", layer.size, "white")
        white.paste(layer, mask=layer.getchannel("A"))
        return white
    return picture if picture.mode == "CMYK" else picture.convert("RGB")


def _in_web_colours(picture: Pixels.Image, profile: bytes | None) -> Pixels.Image:
    if not profile or len(profile) > MAX_PROFILE:
        return picture
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(picture, source, target, outputMode="RGB") or picture
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture  # a broken profile, or one for another kind of pixels
