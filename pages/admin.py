"""What editors own beside articles."""

from datetime import date
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.admin import LoggedAdmin
from newsroom.lib.admin_dates import moment_column, number_column
from newsroom.lib.dates import PrintStyle, format_date
from pages.days import move_days
from pages.forms import PageForm, RedirectForm
from pages.models import NavigationItem, Page, Redirect, SiteSettings

# Every style has a name of its own for this month.
EXAMPLE = date(2026, 7, 5)


@admin.register(Page)
class PageAdmin(LoggedAdmin):
    form = PageForm
    list_display = ("title", "slug", "is_public", moment_column("updated_at", _("last change")))
    list_filter = ("is_public",)
    search_fields = ("sort_key",)
    found_order = ("sort_key",)
    fields = ("title", "body", "slug", "is_public")

    def view_on_site(self, obj: Page) -> str | None:
        return obj.get_absolute_url() if obj.is_public else None

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Page | None = None,
    ) -> HttpResponse:
        response = super().render_change_form(request, context, add, change, form_url, obj)
        response.uses_editor = self.has_change_permission(request, obj)  # type: ignore[attr-defined]
        return response


@admin.register(SiteSettings)
class SiteSettingsAdmin(LoggedAdmin):
    """One row: the list leads straight to it."""

    fieldsets = (
        (None, {"fields": ("name", "tagline", "description", "contact_email", "postal_address", "social_links")}),
        (None, {"fields": ("principles_page", "corrections_page", "feeds_full_text", "allows_training")}),
        (None, {"fields": ("digits", "months", "shows_hijri", "time_zone")}),
    )

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Below the choices of digits and months, what each would print."""
        styles = {choice: PrintStyle(**{db_field.name: choice}) for choice, _label in db_field.flatchoices}
        examples = ((label, format_date(EXAMPLE, styles[choice])) for choice, label in db_field.flatchoices)
        return super().formfield_for_choice_field(
            db_field, request, help_text=format_html_join("", "{}: <bdi>{}</bdi><br>", examples), **kwargs
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only where there is no row yet."""
        return self.has_change_permission(request) and not SiteSettings.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: SiteSettings | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            return super().changelist_view(request, extra_context)
        if SiteSettings.objects.exists():
            address = reverse("admin:pages_sitesettings_change", args=[SiteSettings.SINGLETON])
        else:
            address = reverse("admin:pages_sitesettings_add")
        return HttpResponseRedirect(address)

    def save_model(self, request: HttpRequest, obj: SiteSettings, form: Any, change: bool) -> None:
        obj.pk = SiteSettings.SINGLETON
        super().save_model(request, obj, form, change)
        if "time_zone" in form.changed_data:
            move_days(obj.time_zone)


@admin.register(NavigationItem)
class NavigationItemAdmin(LoggedAdmin):
    list_display = ("label", "place", number_column("position", _("position")), "page", "path")
    list_filter = ("place",)
    list_select_related = ("page",)
    fields = ("place", "position", "label", "page", "path")

    def save_model(self, request: HttpRequest, obj: NavigationItem, form: Any, change: bool) -> None:
        # The settings own the navigation; on a new site nobody may have written them yet.
        SiteSettings.objects.get_or_create(pk=SiteSettings.SINGLETON, defaults={"name": gettext("Newsroom")})
        super().save_model(request, obj, form, change)


@admin.register(Redirect)
class RedirectAdmin(LoggedAdmin):
    form = RedirectForm
    list_display = ("old_path", "new_path")
    search_fields = ("words_key",)
    found_order = ("words_key",)
