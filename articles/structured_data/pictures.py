"""Pictures as schema.org describes them."""

from images.models import SHAPES, Image
from pages.structured_data import Data, absolute, without_empty


def image_objects(image: Image, *, caption: str = "") -> list[Data]:
    """A picture in the shapes that search engines ask for, the widest first.

    `image.source` and `image.author` are fetched already. A picture without crops is told of once.
    """
    told: dict[str, Data] = {}
    for shape in SHAPES:
        address = image.crop_url(shape)
        width, height = image.crop_size(shape)
        about = {
            "@type": "ImageObject",
            "url": absolute(address),
            "width": width,
            "height": height,
            "caption": caption or image.caption or image.alt_text,
            "creditText": image.printed_credit,
        }
        told.setdefault(address, without_empty(about))
    return list(told.values())
