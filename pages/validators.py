from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_AREAS = {
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
}


def validate_local_path(value: str) -> None:
    """A path on this site: `//host` and `/\\host` would lead readers elsewhere."""
    if not value.startswith("/") or value.startswith(("//", "/\\")) or any(ord(c) < 32 for c in value):
        raise ValidationError(_("Begin with a single slash, for example /sections/politics/."), code="not_local")


def validate_time_zone(value: str) -> None:
    """A name of an area and a place, or UTC. `localtime`, `Factory` and `Etc/GMT+3` depend on the server or mislead."""
    if value != "UTC" and (value.split("/")[0] not in _AREAS or value not in available_timezones()):
        raise ValidationError(_("Not a time zone. Examples: Asia/Damascus, Africa/Cairo."), code="time_zone")
