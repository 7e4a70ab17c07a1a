"""A picture as it is written into a text (richtext.schema). Who owns it is printed by the page: images.in_bodies."""

from django.utils.html import format_html

from images.models import Image
from images.renditions import WIDTHS


def figure_html(image: Image, *, alt_text: str, caption: str) -> str:
    """Return the figure with the words of this place.

    Without a caption the credit stands there: a page adds it to figures, and not a second time where it is said, and
    the editor keeps no figure without words.
    """
    width, height = shown_size(image)
    words = caption or image.printed_credit
    return format_html(
        '<figure class="image"><img alt="{}" src="{}" width="{}" height="{}">{}</figure>',
        alt_text,
        image.address_in_texts(width),
        width,
        height,
        format_html("<figcaption>{}</figcaption>", words) if words else "",
    )


def shown_size(image: Image) -> tuple[int, int]:
    """Width and height (px) of the file that a text names."""
    width = min(image.width, WIDTHS[-1])
    return width, max(1, round(width * image.height / image.width))
