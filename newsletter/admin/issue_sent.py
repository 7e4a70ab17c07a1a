"""An issue that is no draft any more, to look at: what is planned for it, how far it is, what readers got."""

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from articles.admin.staff import member
from newsletter.enums import IssueState, SkipReason
from newsletter.models import Issue


def sent_page(request: HttpRequest, issue: Issue, site: AdminSite) -> HttpResponse:
    request.frame_sources = ["'self'"]  # type: ignore[attr-defined]
    labels = dict(SkipReason.choices)
    context = site.each_context(request) | {
        "title": _("Issue of a newsletter"),
        "opts": Issue._meta,
        "issue": issue,
        "items": issue.items.all(),
        "is_scheduled": issue.state == IssueState.SCHEDULED,
        "has_begun": issue.started_at is not None,
        "excluded": [(labels.get(reason, reason), number) for reason, number in issue.excluded_counts.items()],
        "may_send": member(request).has_perm("newsletter.send_issue"),
        "web_address": issue.get_absolute_url() if Issue.objects.public().filter(pk=issue.pk).exists() else "",
    }
    return TemplateResponse(request, "admin/newsletter/issue/sent.html", context)
