"""The card of a story for shared links: its address, and its file, which is drawn when somebody first asks."""

import hashlib
import json
import os
import secrets
from dataclasses import astuple
from threading import Lock

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from PIL import Image as Pixels

from articles.card_drawing import HEIGHT, CardWords, draw
from articles.models import Article
from images.models import Image
from newsroom.lib.routes import route
from pages.current import current_site

# Raise it when cards are drawn differently: every address changes, and every card is drawn anew.
DESIGN = 1
DIGEST_LENGTH = 20  # hex digits
_ADDRESS = route("articles:share_card", 1, "a" * DIGEST_LENGTH)
# One card at a time in a process: drawing takes a core for a fifth of a second.
_drawing = Lock()


def share_card_address(article: Article) -> str:
    """The path of the card as it is now; asks the database for nothing that a card in a list has not fetched."""
    return _ADDRESS(article.pk, card_digest(article))


def card_digest(article: Article) -> str:
    """A fingerprint of everything that is drawn, so that the file of an address never changes."""
    image = article.lead_image
    drawn = [DESIGN, *astuple(_words(article)), image.file_name if image else "", image.focus if image else ""]
    return hashlib.sha256(json.dumps(drawn).encode()).hexdigest()[:DIGEST_LENGTH]


def card_file(article: Article) -> bytes:
    """The card of today as a JPEG. What was drawn for another state of the story is deleted: one file a story."""
    name = _file_name(article)
    if (kept := _read(name)) is not None:
        return kept
    with _drawing:
        if (kept := _read(name)) is not None:
            return kept
        drawn = _draw(article)
        _keep(name, drawn)
    return drawn


def drawn_now(article: Article) -> bytes:
    """The card of a text that readers do not see: a JPEG that is stored nowhere."""
    return _draw(article)


def _words(article: Article) -> CardWords:
    section = article.section
    label, is_urgent = _label(article)
    return CardWords(
        headline=article.card_headline,
        section=section.name if section else "",
        colour=section.color if section else "teal",
        site=current_site().settings.name,
        label=label,
        is_urgent=is_urgent,
    )


def _label(article: Article) -> tuple[str, bool]:
    if article.is_breaking:
        return _("Breaking"), True
    if article.is_live:
        return _("Live"), True
    return (_("Opinion"), False) if article.is_opinion else ("", False)


def _draw(article: Article) -> bytes:
    image = article.lead_image
    picture = _pixels(image) if image else None
    return draw(_words(article), picture, (image.focal_x, image.focal_y) if image else (0.5, 0.5))


def _pixels(image: Image) -> Pixels.Image | None:
    """The smallest file that is high enough; None when it is gone."""
    high_enough = (size for size in image.widths("jpeg") if size * image.height >= HEIGHT * image.width)
    size = next(high_enough, None)
    name = image.rendition_name(size, "jpeg") if size else image.file_name
    try:
        with image.storage.open(name) as file, Pixels.open(file, formats=["JPEG"]) as picture:
            return picture.convert("RGB")
    except OSError:
        return None


def _folder(article: Article) -> str:
    return f"cards/{article.pk}"


def _file_name(article: Article) -> str:
    """Not to be guessed from the address: a web server that serves the folder of media knows no withdrawal."""
    secret = salted_hmac("articles.share_card", f"{article.pk}-{card_digest(article)}", algorithm="sha256")
    return f"{_folder(article)}/{secret.hexdigest()[:32]}.jpg"


def _read(name: str) -> bytes | None:
    try:
        with default_storage.open(name) as file:
            content: bytes = file.read()
    except OSError:
        return None
    return content


def _keep(name: str, content: bytes) -> None:
    """Put the file there whole or not at all, and delete the other cards of its story."""
    folder = name.rpartition("/")[0]
    try:
        place = default_storage.path(name)
    except NotImplementedError:  # an object store, which shows nothing that is unfinished
        default_storage.save(name, ContentFile(content))
    else:
        unfinished = default_storage.save(f"{folder}/{secrets.token_hex(8)}.part", ContentFile(content))
        os.replace(default_storage.path(unfinished), place)
    for other in default_storage.listdir(folder)[1]:
        if other.endswith(".jpg") and f"{folder}/{other}" != name:
            default_storage.delete(f"{folder}/{other}")
