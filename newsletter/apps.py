from importlib import import_module

from anymail.signals import tracking
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsletterConfig(AppConfig):
    """Mailing lists and the people who asked to be on them."""

    name = "newsletter"
    verbose_name = _("Newsletter")

    def ready(self) -> None:
        # The one signal of a library that we listen to: it is the interface by which django-anymail hands over what
        # providers report, and there is no other. tests/house/test_python.py knows it by name.
        collect = import_module("newsletter.returns.webhooks").collect  # its models exist only now
        tracking.connect(collect, dispatch_uid="newsletter")
