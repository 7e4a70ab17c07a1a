"""Mailing lists: what readers are offered, who sends it, what makes itself, and how it grows."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.staff import member
from audit.admin import LoggedAdmin
from newsletter.admin.read_only import lists_that_say
from newsletter.admin.statistics import ListStatistics
from newsletter.composing import MOST_ITEMS
from newsletter.enums import SubscriptionStatus
from newsletter.exporting import export_list
from newsletter.growth import growth_of
from newsletter.models import MailingList, Subscription
from newsroom.lib.forms import DeskForm
from newsroom.lib.numbers import format_number
from newsroom.lib.site_style import site_style
from newsroom.lib.spreadsheets import CONTENT_TYPE

LONGEST_WAIT = 48  # hours until an issue is stale
# What says when the next digest is due: who changes it means the times to come.
_CLOCK = {"digest_every", "digest_weekday", "digest_at"}
_DIGEST = ("digest_every", "digest_weekday", "digest_at", "digest_minimum", "digest_most", "digest_mode")


class MailingListForm(DeskForm):
    class Meta:
        model = MailingList
        fields = "__all__"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        fewest, most = cleaned.get("digest_minimum"), cleaned.get("digest_most")
        if fewest is not None and most is not None and fewest > most:
            self.add_error("digest_minimum", _("This is more than the most articles in a digest."))
        if cleaned.get("is_default") and not cleaned.get("is_offered"):
            self.add_error("is_default", _("A list of the sign-up box must be offered to readers."))
        return cleaned

    def clean_digest_minimum(self) -> int:
        return self._within("digest_minimum", 1, MOST_ITEMS)

    def clean_digest_most(self) -> int:
        return self._within("digest_most", 1, MOST_ITEMS)

    def clean_stale_after_hours(self) -> int:
        return self._within("stale_after_hours", 1, LONGEST_WAIT)

    def _within(self, name: str, least: int, most: int) -> int:
        value: int = self.cleaned_data[name]
        if not least <= value <= most:
            message = _("Enter a number from %(least)d to %(most)d.")
            raise ValidationError(message % {"least": least, "most": most})
        return value


@admin.register(MailingList)
class MailingListAdmin(ListStatistics, LoggedAdmin):
    form = MailingListForm
    list_display = ["name", "section", "readers", "digest", "is_offered", "is_default", "position"]
    list_select_related = ["section"]
    search_fields = ["name"]
    change_form_template = "admin/newsletter/mailinglist/change_form.html"
    fieldsets = [
        (None, {"fields": ["name", "slug", "description", "cadence", "section"]}),
        (gettext_lazy("On the site"), {"fields": ["is_offered", "is_default", "has_archive", "position"]}),
        (gettext_lazy("Sender"), {"fields": ["from_name", "from_email", "reply_to"]}),
        (
            gettext_lazy("Automatic digest"),
            {
                "fields": _DIGEST,
                "description": gettext_lazy(
                    "An issue that makes itself of what was published since the last one. "
                    "Whoever changes its time changes the times to come."
                ),
            },
        ),
        (gettext_lazy("Sending"), {"fields": ["tracking", "policy", "stale_after_hours"]}),
    ]

    class Media:
        css = {"all": ("admin_newsroom/reads.css", "admin_newsroom/newsletter_lists.css")}

    # The list of lists

    def get_queryset(self, request: HttpRequest) -> QuerySet[MailingList]:
        confirmed = Subscription.objects.filter(mailing_list=OuterRef("pk"), status=SubscriptionStatus.CONFIRMED)
        count = confirmed.order_by().values("mailing_list").annotate(count=Count("pk")).values("count")
        lists: QuerySet[MailingList] = super().get_queryset(request)
        return lists.annotate(reader_count=Subquery(count))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[MailingList], search_term: str
    ) -> tuple[QuerySet[MailingList], bool]:
        return queryset.filter(pk__in=[row.pk for row in lists_that_say(search_term)]), False

    @admin.display(description=gettext_lazy("readers"), ordering="reader_count")
    def readers(self, row: Any) -> str:
        return format_number(row.reader_count or 0, site_style())

    @admin.display(description=gettext_lazy("automatic digest"), ordering="digest_every")
    def digest(self, row: MailingList) -> str:
        return row.get_digest_every_display() if row.digest_every else "—"

    # Its page

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A digest can send itself: only who may send decides about it."""
        return () if request.user.has_perm("newsletter.send_issue") else _DIGEST

    def save_model(self, request: HttpRequest, obj: MailingList, form: Any, change: bool) -> None:
        if _CLOCK & set(form.changed_data):
            obj.digested_at = timezone.now()
        super().save_model(request, obj, form, change)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id) if request.method == "GET" else None
        context = {"growth": growth_of(row)} if row and self.has_view_permission(request, row) else {}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    # The file

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.export_view)
        return [path("<int:object_id>/export/", view, name="newsletter_mailinglist_export"), *super().get_urls()]

    def export_view(self, request: HttpRequest, object_id: int) -> HttpResponse | StreamingHttpResponse:
        """Who gets the list, as CSV. A POST, because taking addresses out is a deed that is logged."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not (self.has_view_permission(request) and request.user.has_perm("newsletter.export_subscriber")):
            raise PermissionDenied
        row = get_object_or_404(MailingList, pk=object_id)
        pieces = export_list(row, by=member(request), zone=timezone.get_current_timezone())
        response = StreamingHttpResponse(pieces, content_type=CONTENT_TYPE)
        name = f"subscribers-{row.pk}-{timezone.localdate()}.csv"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
