"""Taking a picture into the library and out of it again."""

import hashlib
import secrets
from functools import partial
from pathlib import PurePath
from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.files.base import ContentFile, File
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image as Pixels

from images import refusals
from images.decoding import decoding, normalise, open_upload
from images.likeness import likeness_of
from images.models import Image
from images.papers import Papers, read_papers
from images.preparing import prepare, unfinished_names
from images.refusals import MAX_BYTES, MAX_PIXELS, UploadRefused
from images.renditions import encode_whole, file_names
from images.uses import refuse_when_used
from newsroom.lib.durable import fsync_stored
from newsroom.lib.outages import Outage, outage_of

__all__ = ["MAX_BYTES", "MAX_PIXELS", "UploadRefused", "discard", "find_same", "inspect", "take_in"]

EXTENSIONS = frozenset({".jpg", ".jpeg", ".png", ".webp"})
# What a file says of its picture and the row has a column for.
PROPOSED = ("caption", "credit", "keywords", "taken_on", "rights_note", "rights_until")


def inspect(upload: File) -> Papers:
    """Check an upload without decoding its pixels and return the words found in it. Raises UploadRefused."""
    _check_envelope(upload)
    with decoding, open_upload(upload) as picture:
        return read_papers(picture)


def find_same(upload: File) -> Image | None:
    """Return the picture in the library that was made from the same bytes.

    What was saved from our own pages is made of other bytes than what was brought in: images.likeness knows it again.
    """
    return Image.objects.filter(sha256=_digest(upload)).first()


def take_in(upload: File, *, by: AbstractUser | None, **papers: Any) -> Image:
    """Store an upload and return its row; its renditions and crops are made by a task (images.preparing).

    `papers` are fields of Image (alt_text, caption, credit, kind ...); what is not given is proposed by the file
    (PROPOSED). The stored file is encoded anew, so that positions, camera data and hidden parts are gone. The same
    bytes a second time give the row that is there, unchanged. Raises UploadRefused.
    """
    _check_envelope(upload)
    if known := find_same(upload):
        return known
    with decoding, open_upload(upload) as opened:
        proposed = read_papers(opened)
        picture = normalise(opened)
    for name in PROPOSED:
        papers[name] = papers.get(name) or getattr(proposed, name)
    image = Image(
        created_by_id=by.pk if by else None,
        sha256=_digest(upload),
        width=picture.width,
        height=picture.height,
        likeness=likeness_of(picture),
        **papers,
    )
    try:
        _store(image, picture)
    except OSError as error:
        if outage_of(error) is Outage.FULL:
            raise refusals.no_room() from error
        raise
    except IntegrityError:
        # Two people dropped the same picture at the same moment, and the other one was first.
        if known := find_same(upload):
            return known
        raise
    return image


def discard(image: Image, *, by: AbstractUser | None = None) -> None:
    """Delete a picture and, once that is certain, its files.

    Raises PictureInUse while it stands anywhere; its sentence names what `by` may see of that.
    """
    with transaction.atomic():
        locked = Image.objects.select_for_update().get(pk=image.pk)
        refuse_when_used(locked, by or AnonymousUser())
        names = {*file_names(locked), *unfinished_names(locked)}
        locked.delete()
        for name in names:
            transaction.on_commit(partial(locked.storage.delete, name))


def _store(image: Image, picture: Pixels.Image) -> None:
    """Write the file, then the row; leave no file behind when the row cannot be written.

    A row that is committed outlives a power cut, so the file that it names must be on the disk before.
    """
    # A random name (128 bits): pictures of unpublished articles must not be guessable.
    image.file.name = f"images/{timezone.now():%Y/%m}/{secrets.token_hex(16)}.jpg"
    try:
        image.storage.save(image.file_name, ContentFile(encode_whole(picture)))
        fsync_stored(image.storage, image.file_name)
        with transaction.atomic():
            image.save(force_insert=True)
            prepare.enqueue(image.pk)
    except BaseException:
        image.storage.delete(image.file_name)
        raise


def _check_envelope(upload: File) -> None:
    """Raise UploadRefused for what can be seen without reading the file."""
    if PurePath(upload.name or "").suffix.lower() not in EXTENSIONS:
        raise refusals.bad_extension()
    if not upload.size:
        raise refusals.empty()
    if upload.size > MAX_BYTES:
        raise refusals.too_heavy()


def _digest(upload: File) -> str:
    digest = hashlib.sha256()
    upload.seek(0)
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()
