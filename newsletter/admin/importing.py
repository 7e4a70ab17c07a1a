"""Bringing an older list: a file and a proof, a rehearsal, its report, then the real import."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.staff import member
from audit.admin import LoggedAdmin
from newsletter.enums import ImportState
from newsletter.exporting import refused_as_csv
from newsletter.import_rows import NoAddresses
from newsletter.importing import AT_WORK, MOST_BYTES, ContentGone, read_list, rehearse, take_over
from newsletter.models import SubscriberImport
from newsroom.lib.admin_dates import moment_column
from newsroom.lib.decoding import Undecodable
from newsroom.lib.forms import DeskForm, choose_only
from newsroom.lib.spreadsheets import CONTENT_TYPE

MOST_SHOWN = 100  # refused rows on the page; the file has them all
SHORTEST_PROOF = 20  # characters
_PAGE = "newsletter_subscriberimport"
_MEGABYTES = MOST_BYTES // 1024 // 1024
_UNREADABLE = {
    "empty": gettext_lazy("The file is empty."),
    "binary": gettext_lazy("This is no text. Save the table as CSV and choose that file."),
    "unreadable": gettext_lazy("The letters of the file cannot be read. Save it as UTF-8."),
    "too_large": gettext_lazy("The file is larger than %(size)d MB. Divide it into several."),
}


class ImportForm(DeskForm):
    """What is needed before anybody's address is taken over."""

    text = ""

    upload = forms.FileField(
        label=gettext_lazy("file"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv,text/plain"}),
        help_text=gettext_lazy(
            "CSV with a line for each reader: the address, and where the file has them name and date of subscription, "
            "the day before the month. Up to 20 MB."
        ),
    )

    class Meta:
        model = SubscriberImport
        fields = ("mailing_list", "upload", "proof")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "mailing_list" in self.fields:  # not where the row is only shown
            choose_only(self.fields["mailing_list"])

    def clean_proof(self) -> str:
        proof: str = self.cleaned_data["proof"]
        if len(proof) < SHORTEST_PROOF:
            raise ValidationError(_("Say where, when and to which words these readers agreed."))
        return proof

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        if upload.size > MOST_BYTES:
            raise ValidationError(_UNREADABLE["too_large"] % {"size": _MEGABYTES})
        try:
            self.text = read_list(upload.read())
        except Undecodable as error:
            raise ValidationError(_UNREADABLE[error.reason] % {"size": _MEGABYTES}) from error
        except NoAddresses as error:
            message = _("No column of the file holds e-mail addresses. Give that column the heading “email”.")
            raise ValidationError(message) from error
        return upload


@admin.register(SubscriberImport)
class SubscriberImportAdmin(LoggedAdmin):
    form = ImportForm
    fields = ["mailing_list", "upload", "proof"]
    list_display = [
        "file", "mailing_list", "is_rehearsal", "state", "added_count", "known_count", "refused_count",
        moment_column("created_at", gettext_lazy("started")),
    ]  # fmt: skip
    list_select_related = ["mailing_list"]
    list_filter = ["mailing_list", "state"]
    add_form_template = "admin/newsletter/subscriberimport/add_form.html"

    @admin.display(description=gettext_lazy("file"), ordering="file_name")
    def file(self, job: SubscriberImport) -> str:
        return format_html("<bdi>{}</bdi>", job.file_name)

    def get_queryset(self, request: HttpRequest) -> Any:
        """A list of imports needs none of the twenty megabytes of each."""
        return super().get_queryset(request).defer("content")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("newsletter.import_subscriber")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: SubscriberImport, form: Any, change: bool) -> None:
        row = rehearse(
            form.cleaned_data["mailing_list"],
            by=member(request),
            text=form.text,
            file_name=form.cleaned_data["upload"].name or "",
            proof=form.cleaned_data["proof"],
        )
        obj.pk, obj.file_name = row.pk, row.file_name

    def response_add(self, request: HttpRequest, obj: SubscriberImport, post_url_continue: Any = None) -> HttpResponse:
        return redirect(f"admin:{_PAGE}_change", obj.pk)

    # The page of one import

    def get_urls(self) -> list[URLPattern]:
        pages = {"start": self.start_view, "refused": self.refused_view}
        ours = [
            path(f"<int:object_id>/{name}/", self.admin_site.admin_view(view), name=f"{_PAGE}_{name}")
            for name, view in pages.items()
        ]
        return [*ours, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """How far it has come; a script reads the page again while it works."""
        job = self.get_object(request, object_id)
        if job is None:
            raise Http404
        if not self.has_view_permission(request, job):
            raise PermissionDenied
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        has_content = SubscriberImport.objects.filter(pk=job.pk).exclude(content="").exists()
        is_rehearsed = job.is_rehearsal and job.state == ImportState.FINISHED
        context = self.admin_site.each_context(request) | {
            "title": _("Rehearsal of an import") if job.is_rehearsal else _("Import of subscribers"),
            "opts": self.opts,
            "job": job,
            "is_at_work": job.state in AT_WORK,
            "percent": 100 * job.done_count // max(job.row_count, 1),
            "refused_rows": job.refused_rows.all()[:MOST_SHOWN],
            "has_more": job.refused_count > MOST_SHOWN,
            "may_download": self._may_see_rows(request),
            "may_start": is_rehearsed and has_content and job.added_count > 0 and self.has_add_permission(request),
            "is_forgotten": is_rehearsed and not has_content,
        }
        return TemplateResponse(request, "admin/newsletter/subscriberimport/progress.html", context)

    def start_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The real import of what was rehearsed."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_add_permission(request):
            raise PermissionDenied
        rehearsal = get_object_or_404(SubscriberImport.objects.defer("content"), pk=object_id, is_rehearsal=True)
        try:
            job = take_over(rehearsal, by=member(request))
        except ContentGone:
            messages.error(request, _("The file of this rehearsal is not there any more. Choose it again."))
            return redirect(f"admin:{_PAGE}_change", rehearsal.pk)
        return redirect(f"admin:{_PAGE}_change", job.pk)

    def refused_view(self, request: HttpRequest, object_id: int) -> HttpResponse | StreamingHttpResponse:
        if not self._may_see_rows(request):
            raise PermissionDenied
        job = get_object_or_404(SubscriberImport.objects.defer("content"), pk=object_id)
        response = StreamingHttpResponse(refused_as_csv(job), content_type=CONTENT_TYPE)
        response.headers["Content-Disposition"] = f'attachment; filename="refused-{job.pk}.csv"'
        return response

    def _may_see_rows(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) and request.user.has_perm("newsletter.import_subscriber")
