"""What the page of a picture shows beside its fields."""

from dataclasses import dataclass

from django.contrib.auth.models import AbstractUser

from images.models import Image, Shape
from images.uses import Use, use_counts, uses_of

MOST_USES = 30


@dataclass(frozen=True)
class Crop:
    shape: Shape
    ratio: str  # as people write it: 16:9
    address: str
    width: int
    height: int


@dataclass(frozen=True)
class Uses:
    """Places by name, as far as this person may know of them; of the others there is a number alone."""

    places: list[Use]
    other_count: int


def crop_of(image: Image, shape: Shape) -> Crop:
    return Crop(shape, shape.replace("x", ":"), image.crop_url(shape), *image.crop_size(shape))


def shown_uses(image: Image, user: AbstractUser) -> Uses:
    places = uses_of([image], user)[image.pk]
    count = use_counts([image])[image.pk]
    return Uses(places[:MOST_USES], max(0, count - len(places[:MOST_USES])))
