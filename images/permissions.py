"""What a member of staff may do with one picture. The admin and the window that picks one ask here."""

from django.contrib.auth.models import AbstractUser

from images.models import Image
from images.uses import is_public, use_counts


def may_change(user: AbstractUser, image: Image) -> bool:
    """Its words and its focal point. Whoever brought it in may complete and correct it until readers have seen it.

    From then on a changed caption changes what is published, and that is for those who may change every picture.
    """
    if user.has_perm("images.change_image"):
        return True
    return is_ones_own(user, image) and not is_public(image)


def may_discard(user: AbstractUser, image: Image) -> bool:
    """Take a picture away that was brought in a second time; nothing may use it."""
    if not (user.has_perm("images.delete_image") or is_ones_own(user, image)):
        return False
    return not use_counts([image]).get(image.pk)


def is_ones_own(user: AbstractUser, image: Image) -> bool:
    return image.created_by_id == user.pk and user.has_perm("images.add_image")
