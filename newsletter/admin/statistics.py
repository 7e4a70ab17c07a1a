"""The pages that say what became of an issue and of the issues of a list."""

from datetime import timedelta

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.admin.staff import member
from newsletter import statistics_charts as charts
from newsletter.models import Issue, MailingList
from newsletter.proportions import Comparison, Verdict
from newsletter.returns.housekeeping import is_folded
from newsletter.statistics import issue_figures, list_rows
from newsroom.lib.dates import format_digits
from newsroom.lib.site_style import site_style


class IssueStatistics(admin.ModelAdmin):
    """Adds its page to the admin of issues."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.statistics_view)
        return [path("<int:object_id>/statistics/", view, name="newsletter_issue_statistics"), *super().get_urls()]

    def statistics_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        _require(request)
        issue = get_object_or_404(Issue.objects.select_related("mailing_list"), pk=object_id)
        figures = issue_figures(issue)
        compared = figures.comparison
        context = self.admin_site.each_context(request) | {
            "title": _("Statistics of the issue"),
            "opts": Issue._meta,
            "issue": issue,
            "figures": figures,
            "hours": charts.by_the_hour(figures),
            "days": charts.by_the_day(figures) if _is_older_than_the_hours(issue) else None,
            "links": charts.of_links(figures),
            "providers": charts.of_providers(figures),
            "subjects": charts.of_subjects(figures) if compared else None,
            "verdict": _verdict(compared, by_name=figures.is_by_name) if compared else "",
            "is_folded": is_folded(issue),
        }
        return TemplateResponse(request, "admin/newsletter/statistics/issue.html", context)


class ListStatistics(admin.ModelAdmin):
    """Adds its page to the admin of mailing lists."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.statistics_view)
        name = "newsletter_mailinglist_statistics"
        return [path("<int:object_id>/statistics/", view, name=name), *super().get_urls()]

    def statistics_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        _require(request)
        mailing_list = get_object_or_404(MailingList, pk=object_id)
        context = self.admin_site.each_context(request) | {
            "title": _("Statistics of the list"),
            "opts": MailingList._meta,
            "mailing_list": mailing_list,
            "chart": charts.of_issues(list_rows(mailing_list)),
        }
        return TemplateResponse(request, "admin/newsletter/statistics/list.html", context)


def _is_older_than_the_hours(issue: Issue) -> bool:
    return issue.started_at is not None and timezone.now() - issue.started_at > timedelta(hours=charts.HOURS)


def _require(request: HttpRequest) -> None:
    if not member(request).has_perm("newsletter.view_issue"):
        raise PermissionDenied


def _verdict(found: Comparison, *, by_name: bool) -> str:
    """An honest sentence about two subjects."""
    if found.verdict == Verdict.TOO_FEW:
        return _("There are too few opens to say which subject was better.")
    if found.verdict == Verdict.CHANCE:
        sentence = _("The difference may be chance: two equally good subjects differ as much in %(chance)s of cases.")
    elif found.verdict == Verdict.A:
        sentence = _("The first subject was opened more. Chance alone makes such a difference in %(chance)s of cases.")
    else:
        sentence = _("The second subject was opened more. Chance alone makes such a difference in %(chance)s of cases.")
    said = sentence % {"chance": _chance(found.chance)}
    if by_name:
        return said
    caution = _("Opens were counted without names, so a reader may be in them several times; the test allows for that.")
    return f"{said} {caution}"


def _chance(chance: float) -> str:
    """«less than 0.1%», or per cent with one figure behind the point."""
    style = site_style()
    text = format_digits(f"{max(chance * 100, 0.1):.1f}", style)
    printed = text.replace(".", "٫") + "٪" if style.digits == "arab" else text + "%"
    return _("less than %(share)s") % {"share": printed} if chance < 0.001 else printed
