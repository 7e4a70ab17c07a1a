"""Bringing pictures into the library: each is taken or refused for itself, and each that comes in is logged."""

from dataclasses import dataclass

from django.contrib.auth.models import AbstractUser
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from audit.enums import Action
from audit.recording import log
from images.models import Image
from images.storing import UploadRefused, discard, find_same, inspect, take_in
from newsroom.lib.hygiene import clean_line


@dataclass(frozen=True)
class Brought:
    """What became of one file: a new picture, one that was there already, or a sentence why not."""

    name: str
    image: Image | None = None
    was_there: bool = False
    refusal: str = ""


def bring_in(upload: UploadedFile, *, by: AbstractUser) -> Brought:
    """One file. Never raises for what is wrong with it."""
    name = clean_line(upload.name or "")
    try:
        inspect(upload)
        known = find_same(upload)
        # No transaction round both: the pixels take a second, in which nobody else could write on SQLite.
        image = known or take_in(upload, by=by)
    except UploadRefused as refused:
        return Brought(name, refusal=str(refused.message))
    if known is None:
        log(Action.ADDED, by=by, subject=image)
    return Brought(name, image, was_there=known is not None)


def use_the_other(image: Image, *, by: AbstractUser) -> None:
    """Take away a picture that was brought in although one like it was there. Raises PictureInUse."""
    with transaction.atomic():
        log(Action.DELETED, by=by, subject=image)
        discard(image, by=by)
