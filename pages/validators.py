from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def validate_local_path(value: str) -> None:
    """A path on this site: `//host` and `/\\host` would lead readers elsewhere."""
    if not value.startswith("/") or value.startswith(("//", "/\\")) or any(ord(c) < 32 for c in value):
        raise ValidationError(_("Begin with a single slash, for example /sections/politics/."), code="not_local")


def validate_time_zone(value: str) -> None:
    if value not in available_timezones():
        raise ValidationError(_("Not a time zone. Examples: Asia/Damascus, Africa/Cairo."), code="time_zone")
