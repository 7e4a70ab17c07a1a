from importlib import import_module

from anymail.signals import tracking
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsletterConfig(AppConfig):
    """Mailing lists and the people who asked to be on them."""

    name = "newsletter"
    verbose_name = _("Newsletter")

    def ready(self) -> None:
        """Both signals are known to tests/house/test_python.py by name; models exist only now."""
        # The only interface by which django-anymail hands over what providers report.
        collect = import_module("newsletter.returns.webhooks").collect
        tracking.connect(collect, dispatch_uid="newsletter")
        # Articles know nothing of newsletters, and a story that is withdrawn must reach nobody else by mail.
        stop_issues = import_module("newsletter.sending.withdrawals").stop_issues
        taken_from_readers = import_module("articles.publishing").taken_from_readers
        taken_from_readers.connect(stop_issues, dispatch_uid="newsletter")
