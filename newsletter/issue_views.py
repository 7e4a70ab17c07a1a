"""The issues that were sent, as pages of the site: nothing in them is about a reader."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from articles.pagination import in_pages, paginate
from newsletter.models import Issue, MailingList
from newsletter.reading_issues import page_items, telling

_ORDER = ("started_at", "id")


def _page(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    """Told by its ETag alone whether it has changed: an issue begins to reach readers without a deed of anybody."""
    response = render(request, template, context)
    response.changes_by_itself = True  # type: ignore[attr-defined] # pages.middleware.dated
    return response


@require_safe
def issue(request: HttpRequest, issue_id: int) -> HttpResponse:
    """What readers got, with what has become of its articles since."""
    found = get_object_or_404(Issue.objects.public().select_related("mailing_list"), pk=issue_id)
    context: dict[str, object] = {"issue": found, "items": page_items(found), "hidden": telling([found])}
    return _page(request, "newsletter/issue.html", context)


@in_pages
@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """The issues of all lists that have an archive, the newest first."""
    issues = Issue.objects.public().select_related("mailing_list").order_by("-started_at", "-id")
    page = paginate(request, issues, order=_ORDER)
    lists = MailingList.objects.filter(has_archive=True)
    context: dict[str, object] = {"page": page, "hidden": telling(page), "lists": lists}
    return _page(request, "newsletter/issue_archive.html", context)


@in_pages
@require_safe
def list_archive(request: HttpRequest, slug: str) -> HttpResponse:
    mailing_list = get_object_or_404(MailingList, slug=slug, has_archive=True)
    issues = Issue.objects.public().filter(mailing_list=mailing_list).order_by("-started_at", "-id")
    page = paginate(request, issues, order=_ORDER)
    context = {"mailing_list": mailing_list, "page": page, "hidden": telling(page)}
    return _page(request, "newsletter/issue_archive.html", context)
