from typing import Any

from django.contrib.admin import AdminSite
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext_lazy as _


class NewsroomAdminSite(AdminSite):
    """Django's admin without its `r/` redirect, which tells any member of staff the address of any draft."""

    site_title = _("Newsroom")
    site_header = _("Newsroom")
    index_title = _("Desk")

    def get_urls(self) -> list[Any]:
        urls: list[URLPattern | URLResolver] = super().get_urls()
        return [url for url in urls if getattr(url, "name", None) != "view_on_site"]
