"""The pictures that stand in a text, known by the addresses that the text holds."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db.models import QuerySet

from images.models import SUFFIXES, Image
from images.slots import SLOTS

# A stored text names one rendition, or the file itself where none was made.
_FILE = re.compile(r"(images/.+?)(-[0-9]+)?\.(?:jpg|avif)")
_SLOT = SLOTS["body"]
SMALL, WIDEST = 640, 1440  # px


@dataclass(frozen=True)
class BodyPicture:
    """What a page shows of a picture: values of HTML attributes, size in px, '' for what is not known."""

    # The address that the text holds, another where that file is not there (yet) or a smaller one was made since.
    src: str
    avif: str
    jpeg: str
    sizes: str
    width: int
    height: int
    credit: str
    # The file for a telephone, and whether an agency or another outlet has its rights.
    small: str
    is_of_others: bool


def body_pictures(addresses: Iterable[str]) -> dict[str, BodyPicture]:
    """Return the pictures behind these addresses: one query, none where there is no address.

    An address whose picture is gone, or that never was one of ours, is left out. Where another file is to be shown,
    its address leads to the picture too.
    """
    pictures: dict[str, BodyPicture] = {}
    for address, image in _find(addresses, Image.objects.select_related("source", "author")).items():
        picture = _body_picture(image, address)
        pictures |= {address: picture, picture.src: picture}
    return pictures


def images_in(addresses: Iterable[str]) -> list[Image]:
    """The pictures behind these addresses, each once, in the order of the text: one query, as body_pictures."""
    found = _find(addresses, Image.objects.select_related("source", "author"))
    return list({image.pk: image for image in found.values()}.values())


def picture_keys(addresses: Iterable[str]) -> set[int]:
    """The ids of the pictures behind these addresses: one query, none where there is no address."""
    return {image.pk for image in _find(addresses, Image.objects.only("file")).values()}


def _find(addresses: Iterable[str], images: QuerySet[Image]) -> dict[str, Image]:
    names = {address: names for address in addresses if (names := _file_names(address))}
    if not names:
        return {}
    found = images.filter(file__in={name for each in names.values() for name in each}).order_by()
    known = {image.file_name: image for image in found}
    return {address: known[name] for address, each in names.items() for name in reversed(each) if name in known}


def _file_names(address: str) -> list[str]:
    """The storage names that the picture may have: itself, or without the width that a rendition has in its name."""
    path = unquote(urlsplit(address).path)
    match = _FILE.fullmatch(path.removeprefix(settings.MEDIA_URL)) if path.startswith(settings.MEDIA_URL) else None
    if match is None:
        return []
    stem, width = match.groups(default="")
    return list(dict.fromkeys([f"{stem}{width}.jpg", f"{stem}.jpg"]))


def _body_picture(image: Image, address: str) -> BodyPicture:
    return BodyPicture(
        src=_shown(image, address),
        avif=image.srcset("avif", _SLOT.renditions),
        jpeg=image.srcset("jpeg", _SLOT.renditions),
        sizes=_SLOT.sizes_of(image),
        width=image.width,
        height=image.height,
        credit=image.printed_credit,
        small=image.url(SMALL),
        is_of_others=image.source is not None and image.source.kind != "own",
    )


def _shown(image: Image, address: str) -> str:
    """Where the file is that the text names; another when it is not made, or a smaller one would do."""
    made = [image.rendition_name(width, fmt) for fmt in SUFFIXES for width in image.widths(fmt)]
    named = next((name for name in made if address == settings.MEDIA_URL + name), None)
    return image.storage.url(named) if named else image.url(WIDEST)
