"""Taking a picture into the library and out of it again."""

import hashlib
import secrets
from contextlib import ExitStack
from functools import partial
from io import BytesIO
from pathlib import PurePath
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.core.files.base import ContentFile, File
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image as Pixels
from PIL import ImageCms, ImageOps
from PIL.ImageFile import ImageFile

from images import refusals
from images.cropping import plan_crops, write_crops
from images.models import Image
from images.papers import Papers, read_papers
from images.refusals import MAX_BYTES, MAX_PIXELS, MAX_WEBP_PIXELS, UploadRefused
from images.renditions import FORMATS, file_names, widths_for, write_renditions

__all__ = ["MAX_BYTES", "MAX_PIXELS", "UploadRefused", "discard", "find_same", "inspect", "take_in"]

EXTENSIONS = frozenset({".jpg", ".jpeg", ".png", ".webp"})
# Decoders for anything else stay closed: the others are where the holes of image libraries are.
DECODERS = ("JPEG", "PNG", "WEBP")
# Rows of the final size that are worked on at a time.
STRIP = 256
# px of the longer side of the file that is kept; print quality at 25 cm.
LONGEST_SIDE = 2880
QUALITY = 90


def inspect(upload: File) -> Papers:
    """Check an upload without decoding its pixels and return the words found in it. Raises UploadRefused."""
    _check_envelope(upload)
    with _open(upload) as picture:
        return read_papers(picture)


def find_same(upload: File) -> Image | None:
    """Return the picture in the library that was made from the same bytes."""
    return Image.objects.filter(sha256=_digest(upload)).first()


def take_in(upload: File, *, by: AbstractUser | None, **papers: Any) -> Image:
    """Store an upload with its renditions and return its row.

    `papers` are fields of Image (alt_text, caption, credit, kind ...); caption and credit that are not given
    are read from the file. The stored files are encoded anew, so that positions, camera data and hidden parts
    are gone. The same bytes a second time give the row that is there, unchanged. Raises UploadRefused.
    """
    _check_envelope(upload)
    if known := find_same(upload):
        return known
    with _open(upload) as opened:
        embedded = read_papers(opened)
        picture = _normalise(opened)
    papers["caption"] = papers.get("caption") or embedded.caption
    papers["credit"] = papers.get("credit") or embedded.credit
    image = Image(
        created_by_id=by.pk if by else None,
        sha256=_digest(upload),
        width=picture.width,
        height=picture.height,
        renditions={fmt: widths_for(picture.width) for fmt in FORMATS},
        **papers,
    )
    plan_crops(image)
    try:
        _store(image, picture)
    except IntegrityError:
        # Two people dropped the same picture at the same moment, and the other one was first.
        if known := find_same(upload):
            return known
        raise
    return image


def discard(image: Image) -> None:
    """Delete a picture and, once that is certain, its files. Raises ProtectedError while it is used."""
    names, storage = file_names(image), image.storage
    with transaction.atomic():
        image.delete()
        for name in names:
            transaction.on_commit(partial(storage.delete, name))


def _store(image: Image, picture: Pixels.Image) -> None:
    """Write the files, then the row; leave no file behind when the row cannot be written."""
    # A random name (128 bits): pictures of unpublished articles must not be guessable.
    image.file.name = f"images/{timezone.now():%Y/%m}/{secrets.token_hex(16)}.jpg"
    buffer = BytesIO()
    picture.save(buffer, format="JPEG", quality=QUALITY, progressive=True)
    with ExitStack() as leftovers:
        for name in file_names(image):
            leftovers.callback(image.storage.delete, name)
        image.storage.save(image.file_name, ContentFile(buffer.getvalue()))
        write_renditions(image, picture, [(width, fmt) for fmt in FORMATS for width in image.widths(fmt)])
        write_crops(image, picture)
        with transaction.atomic():
            image.save(force_insert=True)
        leftovers.pop_all()


def _check_envelope(upload: File) -> None:
    """Raise UploadRefused for what can be seen without reading the file."""
    if PurePath(upload.name or "").suffix.lower() not in EXTENSIONS:
        raise refusals.bad_extension()
    if not upload.size:
        raise refusals.empty()
    if upload.size > MAX_BYTES:
        raise refusals.too_heavy()


def _open(upload: File) -> ImageFile:
    """Return the picture with its pixels still packed. Raises UploadRefused."""
    upload.seek(0)
    try:
        picture = Pixels.open(upload, formats=DECODERS)
    except (Pixels.DecompressionBombError, Pixels.DecompressionBombWarning) as error:
        raise refusals.too_large(MAX_PIXELS) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise refusals.unreadable() from error
    limit = MAX_WEBP_PIXELS if picture.format == "WEBP" else MAX_PIXELS
    if picture.width * picture.height > limit:
        raise refusals.too_large(limit)
    # Phones put a preview beside the photo and call that MPO; its first frame is the photo.
    if getattr(picture, "n_frames", 1) != 1 and picture.format != "MPO":
        raise refusals.animated()
    return picture


def _normalise(picture: ImageFile) -> Pixels.Image:
    """Return upright RGB pixels in the colours of the web, at most LONGEST_SIDE. Raises UploadRefused."""
    profile = picture.info.get("icc_profile")
    try:
        # JPEG only: decoding at a half or a quarter saves most of the memory of a large photo.
        picture.draft(None, _fit(picture.size))
        picture.load()
        ImageOps.exif_transpose(picture, in_place=True)
    except (OSError, SyntaxError, ValueError, Pixels.DecompressionBombError) as error:
        raise refusals.unreadable() from error
    opaque = _flatten(picture).resize(_fit(picture.size), Pixels.Resampling.LANCZOS)
    # A new canvas carries nothing along of what the old one knew.
    clean = Pixels.new("RGB", opaque.size)
    clean.paste(_in_web_colours(opaque, profile).convert("RGB"))
    return clean


def _fit(size: tuple[int, int]) -> tuple[int, int]:
    """Return the size at which neither side is longer than LONGEST_SIDE."""
    scale = min(1, LONGEST_SIDE / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _flatten(picture: Pixels.Image) -> Pixels.Image:
    """Return opaque pixels, already halved as often as the final size allows.

    It goes strip by strip, because whole copies of 40 million transparent pixels would take half a gigabyte.
    """
    factor = picture.width // _fit(picture.size)[0]
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
    if not profile:
        return picture
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(picture, source, target, outputMode="RGB") or picture
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture  # a broken profile, or one for another kind of pixels


def _digest(upload: File) -> str:
    digest = hashlib.sha256()
    upload.seek(0)
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()
