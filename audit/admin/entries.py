from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, StreamingHttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from audit.admin.filters import LogFilter, LogForm
from audit.admin.listing import BoundedPaginator, LogList, lead_to_subjects
from audit.enums import Action
from audit.exporting import as_csv
from audit.models import AuditEntry
from audit.recording import log
from audit.wording import deed_in_words, kind_in_words, moment_in_words, place_in_words, state_in_words
from newsroom.lib.admin import DeskAdmin
from newsroom.lib.dates import format_clock, format_short_date
from newsroom.lib.site_style import site_style


@admin.register(AuditEntry)
class AuditEntryAdmin(DeskAdmin):
    """The log: looked at, searched and taken out as a file. Nobody writes here, not even a superuser."""

    list_display = ("moment", "who_from_where", "deed", "subject", "details")
    list_filter = (LogFilter,)
    sortable_by = ("moment",)
    search_fields = ("names_key",)
    ordering = ("-at", "-id")
    paginator = BoundedPaginator
    fields = readonly_fields = (
        "exact_moment",
        "who",
        "deed",
        "subject",
        "change",
        "shown_note",
        "place",
        "browser",
    )

    class Media:
        css = {"all": ("admin_newsroom/audit.css",)}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        return lookup in LogForm.base_fields

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[LogList]:
        return LogList

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> AuditEntry | None:
        entry: AuditEntry | None = super().get_object(request, object_id, from_field)
        if entry:
            lead_to_subjects([entry], request, self.admin_site)
        return entry

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {"title": _("Log of deeds"), "may_export": self._may_export(request)}
        return super().changelist_view(request, context | (extra_context or {}))

    # The file

    def get_urls(self) -> list[URLPattern]:
        page = path("export/", self.admin_site.admin_view(self.export_view), name="audit_auditentry_export")
        return [page, *super().get_urls()]

    def _may_export(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) and request.user.has_perm("audit.export_auditentry")

    def export_view(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        """The lines that the list would show, as CSV. A POST, because taking them out is a deed that is logged."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self._may_export(request) or not request.user.is_authenticated:
            raise PermissionDenied
        try:
            entries = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters as error:
            raise SuspiciousOperation("No page of ours asks for such lines.") from error
        filters = "، ".join(f"{name}: {value}" for name, value in request.GET.items() if value)
        log(Action.EXPORTED, by=request.user, note=filters)
        pieces = as_csv(entries, zone=timezone.get_current_timezone())
        response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="log-{timezone.localdate()}.csv"'
        return response

    # What a line shows

    @admin.display(description=_("when"), ordering="at")
    def moment(self, entry: AuditEntry) -> str:
        style = site_style()
        parts = (format_short_date(entry.at, style), format_clock(entry.at, style))
        return format_html_join(" ", '<span class="moment">{}</span>', ((part,) for part in parts))

    @admin.display(description=_("when"))
    def exact_moment(self, entry: AuditEntry) -> str:
        return moment_in_words(entry)

    @admin.display(description=_("who"))
    def who(self, entry: AuditEntry) -> str:
        return format_html("<bdi>{}</bdi>", entry.actor_name or "—")

    @admin.display(description=_("who and from where"))
    def who_from_where(self, entry: AuditEntry) -> str:
        return format_html('{}<span class="aside">{}</span>', self.who(entry), self.place(entry))

    @admin.display(description=_("what happened"))
    def deed(self, entry: AuditEntry) -> str:
        return deed_in_words(entry.action)

    @admin.display(description=_("about what"))
    def subject(self, entry: AuditEntry) -> str:
        if not entry.subject_type:
            return "—"
        title = format_html("<bdi>{}</bdi>", entry.subject_title or entry.subject_id)
        if entry.subject_address:
            title = format_html('<a href="{}">{}</a>', entry.subject_address, title)
        return format_html('{}<span class="aside">{}</span>', title, kind_in_words(entry.subject_type))

    @admin.display(description=_("from state to state"))
    def change(self, entry: AuditEntry) -> str:
        """An arrow between two words points to the left: the page is read from the right."""
        states = [state_in_words(state) or "—" for state in (entry.before, entry.after)]
        return format_html("{} ← {}", *states) if entry.before != entry.after else "—"

    @admin.display(description=_("note"))
    def shown_note(self, entry: AuditEntry) -> str:
        return entry.note or "—"

    @admin.display(description=_("details"))
    def details(self, entry: AuditEntry) -> str:
        """Both of the above in one column: with more columns the last would leave the window."""
        change = self.change(entry) if entry.before != entry.after else ""
        return format_html('{}<span class="aside">{}</span>', change, entry.note) if change or entry.note else "—"

    @admin.display(description=_("from where"))
    def place(self, entry: AuditEntry) -> str:
        return format_html("<bdi>{}</bdi>", place_in_words(entry))

    @admin.display(description=_("browser"))
    def browser(self, entry: AuditEntry) -> str:
        return format_html('<bdi dir="ltr">{}</bdi>', entry.user_agent or "—")
