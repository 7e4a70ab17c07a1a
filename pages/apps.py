from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    """What editors own beside articles: static pages, navigation, redirects, site settings."""

    name = "pages"
    verbose_name = _("Site")
