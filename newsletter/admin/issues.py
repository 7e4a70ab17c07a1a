"""Issues at the desk: their list, and the way from «new issue» to the button that sends it."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.staff import member
from audit.admin import LoggedAdmin
from newsletter import composing
from newsletter.admin import issue_lists, issue_page, issue_previews, issue_sending, issue_sent, issue_testing
from newsletter.admin.issue_kept import keeps_words
from newsletter.admin.sending import SendingPages
from newsletter.admin.statistics import IssueStatistics
from newsletter.enums import IssueState
from newsletter.models import Issue
from newsroom.lib.bidi import isolate
from newsroom.lib.dates import format_datetime
from newsroom.lib.names import says
from newsroom.lib.numbers import format_number
from newsroom.lib.site_style import site_style

LIST = "admin:newsletter_issue_changelist"
CHANGE = "admin:newsletter_issue_change"


@admin.register(Issue)
class IssueAdmin(IssueStatistics, SendingPages, LoggedAdmin):
    """Whoever may change an issue writes it while it is a draft; only who may send it sends it."""

    list_display = ("title", "mailing_list", "stage", "moment", "figures")
    list_filter = ("state", "mailing_list", "kind")
    list_select_related = ("mailing_list",)
    search_fields = ("subject",)
    change_list_template = "admin/newsletter/issue/change_list.html"

    @admin.display(description=gettext_lazy("subject"))
    def title(self, issue: Issue) -> str:
        return isolate(issue.subject)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def stage(self, issue: Issue) -> str:
        return format_html('<span class="issue-state issue-{}">{}</span>', issue.state, issue.get_state_display())

    @admin.display(description=gettext_lazy("time of sending"), empty_value="—")
    def moment(self, issue: Issue) -> str | None:
        moment = issue.started_at or issue.send_at
        return format_datetime(moment, site_style()) if moment else None

    @admin.display(description=gettext_lazy("sent"), empty_value="—")
    def figures(self, issue: Issue) -> str | None:
        """«٩٬٩٨٧ من ١٠٬٠٠٠», once there is something to count."""
        if issue.started_at is None:
            return None
        style = site_style()
        words = {"sent": format_number(issue.sent_count, style), "all": format_number(issue.candidate_count, style)}
        return _("%(sent)s of %(all)s") % words

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Issue], search_term: str
    ) -> tuple[QuerySet[Issue], bool]:
        """A few thousand subjects at most, however the words are spelled; they have no key."""
        if not search_term.strip():
            return queryset, False
        found = [pk for pk, subject in Issue.objects.values_list("pk", "subject") if says(subject, search_term)]
        return queryset.filter(pk__in=found), False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        # Arabic writes the accusative, so Django's sentence with any noun in it would be wrong.
        return super().changelist_view(request, {"title": _("Issues of the newsletters"), **(extra_context or {})})

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What readers got, or are about to get, stays."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.state == IssueState.DRAFT)

    # The pages

    def get_urls(self) -> list[URLPattern]:
        pages = {
            "preview": self.preview_view,
            "preview/mail": self.mail_view,
            "test": self.test_view,
            "send": self.send_view,
            "unschedule": self.unschedule_view,
        }
        own = [
            path(
                f"<int:object_id>/{name}/",
                self.admin_site.admin_view(view),
                name=f"newsletter_issue_{name.replace('preview/', '')}",
            )
            for name, view in pages.items()
        ]
        change = path(
            "<path:object_id>/change/",
            keeps_words(self.admin_site.admin_view(self.change_view)),
            name="newsletter_issue_change",
        )
        return [*own, change, *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Which list it is for; everything else stands in the form of the issue."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = issue_lists.ListForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            issue = composing.begin_issue(form.cleaned_data["mailing_list"], by=member(request))
            return redirect(CHANGE, issue.pk)
        context = self.admin_site.each_context(request) | {
            "title": _("New issue"),
            "opts": self.opts,
            "form": form,
            "choices": issue_lists.choices(),
        }
        return TemplateResponse(request, "admin/newsletter/issue/new.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        issue = self.get_object(request, object_id)
        if issue is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined, no-any-return]
        self._require(request, issue)
        may_change = self.has_change_permission(request, issue)
        if request.method == "POST" and not may_change:
            raise PermissionDenied
        if may_change and (issue.is_draft or request.method == "POST"):
            return issue_page.issue_page(request, issue, self.admin_site)
        return issue_sent.sent_page(request, issue, self.admin_site)

    def preview_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return issue_previews.preview_page(request, self._issue(request, object_id), self.admin_site)

    def mail_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        issue = self._issue(request, object_id)
        if request.method == "POST" and not (self.has_change_permission(request, issue) and issue.is_draft):
            raise PermissionDenied
        return issue_previews.mail_document(request, issue)

    def test_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        issue = self._issue(request, object_id)
        if not self.has_change_permission(request, issue):
            raise PermissionDenied
        if issue.compiled_at:  # what counts opens and clicks is in it by now
            messages.info(request, _("This issue is no draft any more."))
            return redirect(CHANGE, issue.pk)
        return issue_testing.test_page(request, issue, self.admin_site)

    def send_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        issue = self._issue(request, object_id)
        self._require_sender(request)
        if not issue.is_draft:
            messages.info(request, _("This issue is no draft any more."))
            return redirect(CHANGE, issue.pk)
        return issue_sending.sending_page(request, issue, self.admin_site)

    def unschedule_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        issue = self._issue(request, object_id)
        self._require_sender(request)
        if request.method == "POST":
            issue_sending.take_back(request, issue)
        return redirect(CHANGE, issue.pk)

    def _issue(self, request: HttpRequest, object_id: int) -> Issue:
        """Raises Http404 and PermissionDenied."""
        issue: Issue | None = self.get_object(request, str(object_id))
        if issue is None:
            raise Http404
        self._require(request, issue)
        return issue

    def _require(self, request: HttpRequest, issue: Issue) -> None:
        if not self.has_view_or_change_permission(request, issue):
            raise PermissionDenied

    def _require_sender(self, request: HttpRequest) -> None:
        if not request.user.has_perm("newsletter.send_issue"):
            raise PermissionDenied

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        messages.success(request, _("The draft is deleted."))
        return HttpResponseRedirect(redirect(LIST).url)
