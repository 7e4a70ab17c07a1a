"""The pictures that stand in a text, known by the addresses that the text holds."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.conf import settings

from images.models import Image
from images.slots import SLOTS

# A stored text names one rendition, or the file itself where none was made.
_FILE = re.compile(r"(images/.+?)(-[0-9]+)?\.(?:jpg|avif)")
_SLOT = SLOTS["body"]
SMALL = 640  # px


@dataclass(frozen=True)
class BodyPicture:
    """What a page shows of a picture: values of HTML attributes, size in px, '' for what is not known."""

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

    An address whose picture is gone, or that never was one of ours, is left out.
    """
    names = {address: names for address in addresses if (names := _file_names(address))}
    if not names:
        return {}
    asked = {name for each in names.values() for name in each}
    found = Image.objects.filter(file__in=asked).select_related("source", "author")
    known = {image.file_name: _body_picture(image) for image in found}
    return {address: known[name] for address, each in names.items() for name in reversed(each) if name in known}


def _file_names(address: str) -> list[str]:
    """The storage names that the picture may have: itself, or without the width that a rendition has in its name."""
    path = unquote(urlsplit(address).path)
    match = _FILE.fullmatch(path.removeprefix(settings.MEDIA_URL)) if path.startswith(settings.MEDIA_URL) else None
    if match is None:
        return []
    stem, width = match.groups(default="")
    return list(dict.fromkeys([f"{stem}{width}.jpg", f"{stem}.jpg"]))


def _body_picture(image: Image) -> BodyPicture:
    return BodyPicture(
        avif=image.srcset("avif", _SLOT.renditions),
        jpeg=image.srcset("jpeg", _SLOT.renditions),
        sizes=_SLOT.sizes_of(image),
        width=image.width,
        height=image.height,
        credit=image.printed_credit,
        small=image.url(SMALL),
        is_of_others=image.source is not None and image.source.kind != "own",
    )
