"""Until when a picture may be shown, and whose name stands below it."""

from datetime import date, timedelta

from django.db.models import Q

from images.models import Image

# Before the last day, from which on it is warned of.
ENDS_SOON = timedelta(days=30)


def is_expired_on(image: Image, day: date) -> bool:
    """Whether its rights ended before `day`; `rights_until` is the last day on which it may be shown."""
    return image.rights_until is not None and image.rights_until < day


def ends_soon(image: Image, day: date) -> bool:
    """Whether it may be shown on `day` and its last day is near (ENDS_SOON)."""
    return image.rights_until is not None and day <= image.rights_until <= day + ENDS_SOON


def expired_on(day: date) -> Q:
    """The pictures of which is_expired_on() is true."""
    return Q(rights_until__lt=day)


def ending_soon(day: date) -> Q:
    """The pictures of which ends_soon() is true."""
    return Q(rights_until__gte=day, rights_until__lte=day + ENDS_SOON)


def is_credited(image: Image) -> bool:
    """Whether somebody is named for it: by its own credit, its source or its author (asked for by their keys alone)."""
    return bool(image.credit or image.source_id or image.author_id)


def uncredited(relation: str = "") -> Q:
    """The pictures of which is_credited() is false; with a relation the rows whose picture is one of them."""
    at = f"{relation}__" if relation else ""
    return Q(**{f"{at}credit": "", f"{at}source__isnull": True, f"{at}author__isnull": True})
