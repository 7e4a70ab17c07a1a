"""A picture as HTML. Made in Python instead of by a template, because a page may show fifty of them."""

from functools import lru_cache
from html import escape
from os.path import splitext

from images.models import SUFFIXES, Address, Format, Image, fitting_widths, width_for
from images.slots import SLOTS
from newsroom.lib.escaping import fill

# px; browsers that read srcset choose for themselves, the others get this one, or the widest that the place can use.
FALLBACK_WIDTH = 640
_LOADING = {
    "first": ' fetchpriority="high"',
    "soon": ' decoding="async"',
    "late": ' loading="lazy" decoding="async"',
}
# What differs between pictures that have the same widths: the address of the file without its ending and with it,
# sizes, focus, alternative text, width and height.
_STEM, _FILE, _SIZES, _IMG = "{0}", "{1}", ' sizes="{2}"', '<img class="{3}" src="'
_END = ' alt="{4}" width="{5}" height="{6}"'

Widths = tuple[int, ...]


def picture(image: Image, slot: str, *, alt: str | None = None) -> str:
    """Return HTML that shows a picture in the format and width that the reader's browser prefers.

    `slot` says where it stands (images.slots). `alt=""` is for a picture beside words that say the same, such as on
    a card.
    """
    own, made = image.own_address, (tuple(image.widths("avif")), tuple(image.widths("jpeg")))
    is_signed = "?" in own
    return fill(
        _written(slot, *made, image.addresses()) if is_signed else _written_once(slot, *made),
        splitext(own)[0],
        own,
        SLOTS[slot].sizes_of(image),
        image.focus_class,
        image.alt_text if alt is None else alt,
        image.width,
        image.height,
    )


@lru_cache(maxsize=1024)
def _written_once(slot: str, avif: Widths, jpeg: Widths) -> str:
    """Most pictures have one of a few lists of widths."""
    return _written(slot, avif, jpeg, lambda width, fmt: f"{_STEM}-{width}{SUFFIXES[fmt]}")


def _written(slot: str, avif: Widths, jpeg: Widths, address: Address) -> str:
    """The HTML of pictures with these renditions, with blanks for the rest."""
    place = SLOTS[slot]
    most = min(FALLBACK_WIDTH, place.renditions[1])

    def srcset(made: Widths, fmt: Format) -> str:
        named = ", ".join(f"{address(width, fmt)} {width}w" for width in fitting_widths(made, place.renditions))
        return f' srcset="{escape(named)}"{_SIZES}'

    source = f'<source type="image/avif"{srcset(avif, "avif")}>' if avif else ""
    fallback = f'{escape(address(width_for(jpeg, most), "jpeg"))}"{srcset(jpeg, "jpeg")}' if jpeg else f'{_FILE}"'
    return f"<picture>{source}{_IMG}{fallback}{_END}{_LOADING[place.loading]}></picture>"
