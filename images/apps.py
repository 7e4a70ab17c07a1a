from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImagesConfig(AppConfig):
    """Pictures and their papers."""

    name = "images"
    verbose_name = _("Pictures")
