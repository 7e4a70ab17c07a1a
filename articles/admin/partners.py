"""Feeds for partners: their rules, and the secret address of each."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms import CheckboxSelectMultiple, ModelMultipleChoiceField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.staff import member
from articles.models import PartnerFeed
from articles.renewing import may_renew, renew_address
from audit.admin import LoggedAdmin
from newsroom.lib.admin_dates import moment_column

CHANGE = "admin:articles_partnerfeed_change"


@admin.register(PartnerFeed)
class PartnerFeedAdmin(LoggedAdmin):
    list_display = (
        "name",
        "is_active",
        "own_only",
        "is_full_text",
        moment_column("created_at", gettext_lazy("created at")),
    )
    list_filter = ("is_active",)
    search_fields = ("sort_key",)
    found_order = ("sort_key",)
    autocomplete_fields = ("tags",)
    readonly_fields = ("address",)
    fieldsets = (
        (None, {"fields": ("name", "is_active", "address")}),
        (
            gettext_lazy("What it holds"),
            {"fields": ("sections", "tags", "own_only", "is_full_text", "hours", "most_items")},
        ),
        (None, {"fields": ("note",)}),
    )

    @admin.display(description=gettext_lazy("secret address"))
    def address(self, feed: PartnerFeed) -> str:
        """Both forms of it, and the way to another one."""
        if not feed.pk:
            return _("It is made when you save.")
        json = reverse("articles:partner_feed_json", args=[feed.key])
        return format_html(
            '<bdi class="secret-address" dir="ltr">{}</bdi><bdi class="secret-address" dir="ltr">{}</bdi>'
            '<a class="button" href="{}">{}</a>',
            settings.SITE_URL + feed.get_absolute_url(),
            settings.SITE_URL + json,
            reverse("admin:articles_partnerfeed_renew", args=[feed.pk]),
            _("New address"),
        )

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> ModelMultipleChoiceField | None:
        if db_field.name == "sections":
            kwargs["widget"] = CheckboxSelectMultiple()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def view_on_site(self, obj: PartnerFeed) -> str | None:
        """Nothing answers at the address of a closed feed."""
        return obj.get_absolute_url() if obj.is_active else None

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.renew_view)
        return [path("<int:object_id>/renew/", view, name="articles_partnerfeed_renew"), *super().get_urls()]

    def renew_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Ask, then give the feed another address; who has the old one finds nothing there."""
        user = member(request)
        if not may_renew(user):
            raise PermissionDenied
        feed = get_object_or_404(PartnerFeed, pk=object_id)
        if request.method == "POST":
            renew_address(feed, by=user)
            messages.success(request, _("The feed has a new address. Send it to the partner."))
            return redirect(CHANGE, feed.pk)
        context = self.admin_site.each_context(request) | {
            "title": _("A new address for this feed?"),
            "feed": feed,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/articles/partnerfeed/renew.html", context)
