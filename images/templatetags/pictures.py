from typing import Any

from django import template

from images.models import Image

register = template.Library()

# px; browsers that read srcset choose for themselves, the others and link previews get this one.
FALLBACK_WIDTH = 640


@register.inclusion_tag("components/picture.html")
def picture(image: Image, *, sizes: str = "100vw", alt: str | None = None, lazy: bool = True) -> dict[str, Any]:
    """Show a picture in the format and width that the reader's browser prefers.

    `sizes` says how wide it stands (HTML attribute sizes). `alt=""` is for a picture beside words that say
    the same, such as on a card. `lazy=False` is for the one at the top of a page: it is then fetched first.
    """
    return {
        "image": image,
        "avif": image.srcset("avif"),
        "jpeg": image.srcset("jpeg"),
        "src": image.url(FALLBACK_WIDTH),
        "sizes": sizes,
        "alt": image.alt_text if alt is None else alt,
        "lazy": lazy,
    }
