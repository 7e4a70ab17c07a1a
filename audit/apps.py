from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """The log of every deed of the staff: append-only, read by administrators."""

    name = "audit"
    verbose_name = _("Log of deeds")
