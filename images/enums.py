from django.db import models
from django.utils.translation import gettext_lazy as _


class ImageKind(models.TextChoices):
    """What a reader is looking at; some kinds are printed beside the caption."""

    PHOTO = "photo", _("Photo")
    ARCHIVE = "archive", _("Archive photo")
    ILLUSTRATION = "illustration", _("Illustration")
    CHART = "chart", _("Chart")
    SCREENSHOT = "screenshot", _("Screenshot")
