from django import template

from images.models import Image

register = template.Library()

# px: what networks ask for, so that a shared link shows a large picture.
WIDTH = 1200


@register.filter
def sharing_url(image: Image) -> str:
    """The JPEG of a picture for shared links; networks do not read AVIF."""
    return image.url(WIDTH, "jpeg")
