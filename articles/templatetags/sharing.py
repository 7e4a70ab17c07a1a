"""The picture that a shared link shows."""

from dataclasses import dataclass

from django import template
from django.templatetags.static import static
from django.utils.translation import gettext as _

from articles.card_drawing import HEIGHT, WIDTH
from articles.share_card import share_card_address
from images.models import Image
from pages.current import current_site
from pages.structured_data import LOGO, LOGO_SIZE, absolute

register = template.Library()
register.filter("share_card", share_card_address)


@dataclass(frozen=True)
class SharedPicture:
    """`card` is the kind of card that X (Twitter) shows; sizes in px."""

    address: str
    width: int
    height: int
    media_type: str
    alt: str
    card: str = "summary_large_image"


@register.simple_tag
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
