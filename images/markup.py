"""A picture as HTML. Made in Python instead of by a template, because a page may show fifty of them."""

from images.models import Image
from images.slots import SLOTS
from newsroom.lib.escaping import fill

# px; browsers that read srcset choose for themselves, the others get this one, or the widest that the place can use.
FALLBACK_WIDTH = 640
_LOADING = {
    "first": ' fetchpriority="high"',
    "soon": ' decoding="async"',
    "late": ' loading="lazy" decoding="async"',
}
_PICTURES = {
    loading: '<picture>{}<img class="{}" src="{}"{} alt="{}" width="{}" height="{}"' + attributes + "></picture>"
    for loading, attributes in _LOADING.items()
}


def picture(image: Image, slot: str, *, alt: str | None = None) -> str:
    """Return HTML that shows a picture in the format and width that the reader's browser prefers.

    `slot` says where it stands (images.slots). `alt=""` is for a picture beside words that say the same, such as on
    a card.
    """
    place = SLOTS[slot]
    sizes, address = place.sizes_of(image), image.addresses()
    avif = image.srcset("avif", place.renditions, address)
    jpeg = image.srcset("jpeg", place.renditions, address)
    return fill(
        _PICTURES[place.loading],
        fill('<source type="image/avif" srcset="{}" sizes="{}">', avif, sizes) if avif else "",
        image.focus_class,
        image.url(min(FALLBACK_WIDTH, place.renditions[1]), address=address),
        fill(' srcset="{}" sizes="{}"', jpeg, sizes) if jpeg else "",
        image.alt_text if alt is None else alt,
        image.width,
        image.height,
    )
