"""What the head of a page tells of it: title, canonical address, and what networks show of a shared link."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.utils.translation import gettext as _

from articles.card_drawing import HEIGHT, WIDTH
from images.models import Image
from newsroom.lib.bidi import plain_title
from newsroom.lib.escaping import fill
from pages.current import current_site
from pages.structured_data import LOGO, LOGO_SIZE, absolute
from pages.templatetags.printing import unescaped
from richtext.summary import shorten

_TITLE = "<title>{}{}{}</title>\n"
_TOLD = """{}<link rel="canonical" href="{}">
<meta name="robots" content="{}">
<meta property="og:url" content="{}">
<meta property="og:site_name" content="{}">
<meta property="og:locale" content="ar">
<meta property="og:type" content="{}">
<meta property="og:title" content="{}">
{}<meta property="og:image" content="{}">
<meta property="og:image:width" content="{}">
<meta property="og:image:height" content="{}">
<meta property="og:image:type" content="{}">
<meta property="og:image:alt" content="{}">
<meta name="twitter:card" content="{}">
"""
_ROBOTS = "max-image-preview:large, max-snippet:-1"


@dataclass(frozen=True)
class SharedPicture:
    """`card` is the kind of card that X (Twitter) shows; sizes in px."""

    address: str
    width: int
    height: int
    media_type: str
    alt: str
    card: str = "summary_large_image"


def page_meta(told: Mapping[str, Any]) -> str:
    """The lines of components/page_meta.html, whose variables are `told`."""
    site, title = current_site().settings.name, told["title"]
    number, heading = told.get("page_number"), plain_title(unescaped(title))
    of_site = "" if told.get("is_home") else fill(" | {}", site)
    head = fill(_TITLE, heading, fill(" - {}", number) if number else "", of_site)
    if not (path := told.get("path")):
        return head + fill('<meta name="robots" content="{}">\n', told.get("robots") or "noindex")
    address = settings.SITE_URL + path + _query(told)
    about = shorten(plain_title(unescaped(told["description"]))) if told.get("description") else ""
    picture = shared_picture(told.get("image"), told.get("card") or "", title)
    return head + fill(
        _TOLD,
        fill('<meta name="description" content="{}">\n', about) if about else "",
        told.get("elsewhere") or address,
        told.get("robots") or _ROBOTS,
        address,
        site,
        told.get("type") or "website",
        heading,
        fill('<meta property="og:description" content="{}">\n', about) if about else "",
        *(picture.address, picture.width, picture.height, picture.media_type, picture.alt, picture.card),
    )


def _query(told: Mapping[str, Any]) -> str:
    """Which page of a list it is."""
    if query := told.get("page_query"):
        return f"?{query}"
    return f"?page={told['page'].number}" if told.get("page_number") else ""


def shared_picture(image: Image | None = None, card_path: str = "", alt: str = "") -> SharedPicture:
    """A card drawn for the link, else a picture as a JPEG (networks do not read AVIF), else the logo."""
    if card_path:
        return SharedPicture(absolute(card_path), WIDTH, HEIGHT, "image/jpeg", alt)
    if image:
        width = min((size for size in image.widths("jpeg") if size >= WIDTH), default=_widest(image))
        height = round(image.height * width / image.width)
        return SharedPicture(absolute(image.url(WIDTH)), width, height, "image/jpeg", image.alt_text)
    alt = _("Logo of %(name)s") % {"name": current_site().settings.name}
    return SharedPicture(absolute(static(LOGO)), LOGO_SIZE, LOGO_SIZE, "image/png", alt, "summary")


def _widest(image: Image) -> int:
    return max(image.widths("jpeg"), default=image.width)
