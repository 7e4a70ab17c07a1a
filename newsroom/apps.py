from django.apps import AppConfig, apps
from django.contrib import admin
from django.contrib.admin import apps as admin_apps


class NewsroomConfig(AppConfig):
    """The project itself: it owns commands, error pages and the admin site."""

    name = "newsroom"


class NewsroomAdminConfig(admin_apps.AdminConfig):
    """Django's admin with our site; named in full in the settings, because the default here is the project."""

    default = False
    default_site = "newsroom.admin_site.NewsroomAdminSite"

    def ready(self) -> None:
        super().ready()
        # Its page would show a superuser the key of everybody's telephone.
        admin.site.unregister(apps.get_model("otp_totp", "TOTPDevice"))
