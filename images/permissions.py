"""What a member of staff may do with one picture, or with each of many. The admin and the window that picks ask here.

Of many at once as few queries are made as of one.
"""

from collections.abc import Sequence

from django.contrib.auth.models import AbstractUser

from images.models import Image
from images.uses import public_keys, use_counts


def may_change(user: AbstractUser, image: Image) -> bool:
    return bool(changeable(user, [image]))


def changeable(user: AbstractUser, images: Sequence[Image]) -> list[Image]:
    """Those whose words and focal point may be changed.

    Whoever brought a picture in may complete and correct it until readers have seen it. From then on a changed caption
    changes what is published, and that is for those who may change every picture.
    """
    if user.has_perm("images.change_image"):
        return list(images)
    own = [image for image in images if is_ones_own(user, image)]
    public = public_keys(own)
    return [image for image in own if image.pk not in public]


def may_discard(user: AbstractUser, image: Image) -> bool:
    return bool(discardable(user, [image]))


def discardable(user: AbstractUser, images: Sequence[Image]) -> list[Image]:
    """Those that may be taken away because they were brought in a second time; nothing may use them."""
    asked = [image for image in images if user.has_perm("images.delete_image") or is_ones_own(user, image)]
    counts = use_counts(asked)
    return [image for image in asked if not counts[image.pk]]


def is_ones_own(user: AbstractUser, image: Image) -> bool:
    return image.created_by_id == user.pk and user.has_perm("images.add_image")
