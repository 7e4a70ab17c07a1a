"""Why an upload is not taken in: each reason has a name for code and a sentence for people."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
# The decoder of WebP holds a picture four times over, so that fewer pixels take as much memory.
MAX_WEBP_PIXELS = 16_000_000


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


def unreadable() -> UploadRefused:
    return UploadRefused(_("The file is damaged or is not a picture."), code="unreadable")


def animated() -> UploadRefused:
    return UploadRefused(_("The picture is animated. Choose a still picture."), code="animated")
