"""Taking a picture into the library and out of it again."""

import hashlib
import secrets
from io import BytesIO
from pathlib import PurePath
from typing import IO, Any

from django.core.files.base import ContentFile, File
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image as Pixels
from PIL import ImageCms, ImageOps

from accounts.models import User
from images import refusals
from images.models import Image
from images.papers import Papers, read_papers
from images.refusals import MAX_BYTES, MAX_PIXELS, UploadRefused
from images.renditions import FORMATS, encode, file_names, widths_for, write_renditions

__all__ = ["MAX_BYTES", "MAX_PIXELS", "UploadRefused", "discard", "find_same", "inspect", "take_in"]

EXTENSIONS = frozenset({".jpg", ".jpeg", ".png", ".webp"})
# Decoders for anything else stay closed: the others are where the holes of image libraries are.
DECODERS = ("JPEG", "PNG", "WEBP")
# px of the longer side of the file that is kept; print quality at 25 cm.
LONGEST_SIDE = 2880
QUALITY = 90


def inspect(upload: File) -> Papers:
    """Check an upload without decoding its pixels and return the words found in it. Raises UploadRefused."""
    with _open(upload) as picture:
        return read_papers(picture)


def find_same(upload: File) -> Image | None:
    """Return the picture in the library that was made from the same bytes."""
    return Image.objects.filter(sha256=_digest(upload)).first()


def take_in(upload: File, *, by: User | None, **papers: Any) -> Image:
    """Store an upload with its renditions and return its row.

    `papers` are fields of Image (alt_text, caption, credit, kind ...); caption and credit that are not given are read
    from the file. The stored files are encoded anew, so that positions, camera data and hidden parts are gone. The
    same bytes a second time give the row that is there, unchanged. Raises UploadRefused.
    """
    if known := find_same(upload):
        return known
    with _open(upload) as opened:
        embedded = read_papers(opened)
        picture = _normalise(opened)
    image = Image(
        created_by=by,
        sha256=_digest(upload),
        width=picture.width,
        height=picture.height,
        renditions={fmt: widths_for(picture.width) for fmt in FORMATS},
        **{"caption": embedded.caption, "credit": embedded.credit} | {k: v for k, v in papers.items() if v},
    )
    return _store(image, picture)


def discard(image: Image) -> None:
    """Delete a picture and, once that is certain, its files. Raises ProtectedError while an article uses it."""
    names, storage = file_names(image), image.storage
    with transaction.atomic():
        image.delete()
        transaction.on_commit(lambda: [storage.delete(name) for name in names])


def _store(image: Image, picture: Pixels.Image) -> Image:
    """Write the files, then the row; leave no file behind when the row cannot be written."""
    written: list[str] = []
    # A random name (128 bits): pictures of unpublished articles must not be guessable.
    name = f"images/{timezone.now():%Y/%m}/{secrets.token_hex(16)}.jpg"
    buffer = BytesIO()
    picture.save(buffer, format="JPEG", quality=QUALITY, progressive=True)
    try:
        image.file.name = image.storage.save(name, ContentFile(buffer.getvalue()))
        written.append(image.file.name)
        wanted = [(width, fmt) for fmt in FORMATS for width in image.widths(fmt)]
        write_renditions(image, picture, wanted, on_written=written.append)
        with transaction.atomic():
            image.save(force_insert=True)
    except BaseException as error:
        for leftover in written:
            image.storage.delete(leftover)
        # Two people dropped the same picture at the same moment: the other one was first.
        if isinstance(error, IntegrityError) and (first := Image.objects.filter(sha256=image.sha256).first()):
            return first
        raise
    return image


def _open(upload: File) -> Pixels.Image:
    """Return the picture with its pixels still packed. Raises UploadRefused."""
    if PurePath(upload.name or "").suffix.lower() not in EXTENSIONS:
        raise refusals.bad_extension()
    if not upload.size:
        raise refusals.empty()
    if upload.size > MAX_BYTES:
        raise refusals.too_heavy()
    upload.seek(0)
    try:
        picture = Pixels.open(_stream(upload), formats=DECODERS)
    except Pixels.DecompressionBombError as error:
        raise refusals.too_large() from error
    except (OSError, SyntaxError, ValueError) as error:
        raise refusals.unreadable() from error
    if picture.width * picture.height > MAX_PIXELS:
        raise refusals.too_large()
    if getattr(picture, "n_frames", 1) != 1:
        raise refusals.animated()
    return picture


def _stream(upload: File) -> IO[bytes]:
    return upload.file if upload.file is not None else upload


def _normalise(picture: Pixels.Image) -> Pixels.Image:
    """Return upright RGB pixels in the colours of the web, at most LONGEST_SIDE long. Raises UploadRefused."""
    profile = picture.info.get("icc_profile")
    try:
        # JPEG only: decoding at a half or a quarter saves most of the memory of a large photo.
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        picture.load()
        picture = ImageOps.exif_transpose(picture)
    except (OSError, SyntaxError, ValueError, Pixels.DecompressionBombError) as error:
        raise refusals.unreadable() from error
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Pixels.Resampling.LANCZOS)
    return _in_web_colours(picture, profile)


def _in_web_colours(picture: Pixels.Image, profile: bytes | None) -> Pixels.Image:
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        picture = Pixels.new("RGB", layer.size, "white")
        picture.paste(layer, mask=layer.getchannel("A"))
    if profile and picture.mode in {"RGB", "CMYK"}:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            picture = converted or picture
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a broken profile; the colours stay as they are
    # A new canvas drops whatever the old one carried along.
    clean = Pixels.new("RGB", picture.size)
    clean.paste(picture.convert("RGB"))
    return clean


def _digest(upload: File) -> str:
    digest = hashlib.sha256()
    upload.seek(0)
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()
