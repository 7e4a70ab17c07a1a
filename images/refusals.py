"""Why an upload is not taken in: each reason has a name for code and a sentence for people."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
# The decoder of WebP holds a picture four times over, so that fewer pixels take as much memory.
MAX_WEBP_PIXELS = 12_000_000
# px of one side: decoders keep something for every row.
MAX_SIDE = 30_000
NO_ROOM = "no_room"


class UploadRefused(ValidationError):
    """The upload is no picture that the site may show. `code` names the reason."""


def bad_extension() -> UploadRefused:
    return UploadRefused(_("Choose a picture in JPEG, PNG or WebP format."), code="extension")


def empty() -> UploadRefused:
    return UploadRefused(_("The file is empty."), code="empty")


def too_heavy() -> UploadRefused:
    return UploadRefused(_("The picture is larger than 10 MB. Save it smaller and try again."), code="too_heavy")


def too_large(limit: int) -> UploadRefused:
    """`limit` is in pixels."""
    return UploadRefused(
        _("The picture has more than %(limit)d million pixels. Save it smaller and try again.")
        % {"limit": limit // 1_000_000},
        code="too_large",
    )


def too_long() -> UploadRefused:
    return UploadRefused(
        _("The picture is more than %(limit)d pixels wide or high. Cut it and try again.") % {"limit": MAX_SIDE},
        code="too_large",
    )


def unreadable() -> UploadRefused:
    return UploadRefused(_("The file is damaged or is not a picture."), code="unreadable")


def animated() -> UploadRefused:
    return UploadRefused(_("The picture is animated. Choose a still picture."), code="animated")


def no_room() -> UploadRefused:
    return UploadRefused(
        _("There is no room left for the picture on the site's disk. Tell whoever looks after it."), code=NO_ROOM
    )


def too_intricate() -> UploadRefused:
    return UploadRefused(
        _("The file is built so that it would keep the machine busy for long. Save it anew and try again."),
        code="too_intricate",
    )
