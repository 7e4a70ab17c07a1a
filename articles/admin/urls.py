"""Pages of the desk that belong to no list of rows; before the admin, which answers everything below its address."""

from collections.abc import Callable

from django.contrib import admin
from django.http import HttpResponse
from django.urls import path

from articles.admin import calendar, calendar_addresses, production

app_name = "desk"

_PAGES: dict[str, tuple[Callable[..., HttpResponse], str]] = {
    "calendar/": (calendar.calendar_page, "calendar"),
    "calendar/address/": (calendar_addresses.addresses_page, "calendar_addresses"),
    "calendar/<int:object_id>/plan/": (calendar.plan_page, "plan"),
    "production/": (production.production_page, "production"),
}

urlpatterns = [path(route, admin.site.admin_view(view), name=name) for route, (view, name) in _PAGES.items()]
