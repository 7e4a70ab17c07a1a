from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from images.models import Image  # noqa: F401 - named in a string


class ImageQuerySet(models.QuerySet["Image"]):
    """Questions about many pictures."""

    def with_rights_ending(self, before: date) -> ImageQuerySet:
        """Those whose last day lies before `before`, the first to end first; also those that have ended."""
        return self.filter(rights_until__lt=before).order_by("rights_until", "pk")
