from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from accounts.roles import grant_permissions


class AccountsConfig(AppConfig):
    """Staff: who may sign in, and in which role. Who is credited with a story is articles.Author."""

    name = "accounts"
    verbose_name = _("Staff")

    def ready(self) -> None:
        post_migrate.connect(grant_permissions, dispatch_uid="accounts.roles")
