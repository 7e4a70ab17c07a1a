from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsletterConfig(AppConfig):
    """Mailing lists and the people who asked to be on them."""

    name = "newsletter"
    verbose_name = _("Newsletter")
