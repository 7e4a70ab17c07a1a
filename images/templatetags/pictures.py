from typing import Any

from django import template

from images.models import Image
from images.slots import SLOTS

register = template.Library()

# px; browsers that read srcset choose for themselves, the others get this one, or the widest that the place can use.
FALLBACK_WIDTH = 640


@register.inclusion_tag("components/picture.html")
def picture(image: Image, slot: str, *, alt: str | None = None) -> dict[str, Any]:
    """Show a picture in the format and width that the reader's browser prefers.

    `slot` says where it stands (images.slots). `alt=""` is for a picture beside words that say the same, such as on
    a card.
    """
    place = SLOTS[slot]
    return {
        "image": image,
        "avif": image.srcset("avif", place.renditions),
        "jpeg": image.srcset("jpeg", place.renditions),
        "src": image.url(min(FALLBACK_WIDTH, place.renditions[1])),
        "sizes": place.sizes_of(image),
        "alt": image.alt_text if alt is None else alt,
        "loading": place.loading,
    }
