"""Bringing pictures into the library: each is taken or refused for itself, and each that comes in is logged."""

from dataclasses import dataclass

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

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


class OtherIsGone(ValidationError):
    """What was to be used instead is not in the library any more. The message is a sentence for people."""

    def __init__(self) -> None:
        words = _("The picture that was to be used instead is not there any more, so this one stays.")
        super().__init__(words, code="gone")


def use_the_other(image: Image, other: Image, *, by: AbstractUser) -> None:
    """Take away a picture that was brought in although one like it, `other`, was there.

    Raises PictureInUse, OtherIsGone. Two new pictures may each be given up for the other at the same moment: the
    second one stays. One that is gone already is no error.
    """
    with transaction.atomic():
        # Always in this order, so that the two do not wait for each other for ever.
        pair = Image.objects.select_for_update().filter(pk__in=(image.pk, other.pk)).order_by("pk")
        found = set(pair.values_list("pk", flat=True))
        if other.pk not in found:
            raise OtherIsGone
        if image.pk not in found:
            return
        log(Action.DELETED, by=by, subject=image)
        discard(image, by=by)
