"""Until when a picture may be shown, and whose name stands below it."""

from datetime import date, timedelta

from images.models import Image


def is_expired_on(image: Image, day: date) -> bool:
    """Whether its rights ended before `day`; `rights_until` is the last day on which it may be shown."""
    return image.rights_until is not None and image.rights_until < day


def ends_within(image: Image, days: int, *, today: date) -> bool:
    """Whether it may be shown today and its rights end in the next `days` days."""
    until = image.rights_until
    return until is not None and today <= until <= today + timedelta(days=days)


def is_credited(image: Image) -> bool:
    """Whether somebody is named for it: by its own credit, its source or its author (asked for by their keys alone)."""
    return bool(image.credit or image.source_id or image.author_id)
