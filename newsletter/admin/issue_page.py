"""The page on which an issue is made. Every button saves what was typed first, so that none loses a word."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.admin.staff import member, seen_version
from newsletter import composing
from newsletter.admin import issue_conflict, issue_finding
from newsletter.admin.issue_checks import checks
from newsletter.admin.issue_forms import GOOD_SUBJECT, IssueForm
from newsletter.composing import MOST_ITEMS, ChangedMeanwhile, NotDraft, Row, TooManyItems
from newsletter.enums import ItemKind
from newsletter.models import Issue
from newsroom.lib.dates import format_digits
from newsroom.lib.keys import read_key
from newsroom.lib.site_style import site_style

# Buttons that lead on once the words are saved, and where to.
_WAYS = {"_preview": "preview", "_test": "test", "_send": "send"}


def issue_page(request: HttpRequest, issue: Issue, site: AdminSite) -> HttpResponse:
    """For a draft and somebody who may change it."""
    if request.method != "POST":
        return _page(request, issue, site, IssueForm(issue))
    form = IssueForm(issue, request.POST)
    if not form.is_valid:
        return _page(request, issue, site, form, status=409)
    rows = _rows(request, form)
    if "_overwrite" in request.POST:
        rows = issue_conflict.with_theirs(issue, rows, known=request.POST.getlist("known"))
    count = issue.items.count()
    try:
        saved = composing.save_issue(
            issue, by=member(request), version=seen_version(request) or 0, words=form.changed_words, rows=rows
        )
    except (ChangedMeanwhile, NotDraft) as error:
        return issue_conflict.conflict_page(request, error, form, rows, site)
    except TooManyItems:
        sentence = _("An issue has %(most)s items at most. Nothing was saved; take some out and save again.")
        messages.error(request, sentence % {"most": format_digits(MOST_ITEMS, site_style())})
        return _page(request, issue, site, form, status=409)
    return _after(request, saved, added=saved.items.count() - count)


def _rows(request: HttpRequest, form: IssueForm) -> list[Row]:
    """The items as the pressed button wants them."""
    data = request.POST
    moves = {"_up": -1, "_down": 1}
    button = next((name for name in moves if name in data), "")
    rows = form.rows(without=data.get("_remove", ""), moved=data.get(button, ""), step=moves.get(button, 0))
    if "_add" not in data:
        return rows
    there = {row.article_id for row in rows}
    return [*rows, *(Row(None, ItemKind.ARTICLE, pk) for pk in _chosen(data.getlist("add")) if pk not in there)]


def _chosen(raw: list[Any]) -> list[int]:
    return [key for text in dict.fromkeys(raw) if (key := read_key(text)) is not None]


def _after(request: HttpRequest, issue: Issue, *, added: int) -> HttpResponse:
    """Where the button leads."""
    here, data = reverse("admin:newsletter_issue_change", args=[issue.pk]), request.POST
    way = next((way for name, way in _WAYS.items() if name in data), "")
    if way:
        return redirect(f"admin:newsletter_issue_{way}", issue.pk)
    if {"_search", "_pull"} & data.keys():
        return redirect(f"{here}?{issue_finding.address_of(data, pull='_pull' in data)}#find")
    if "_add" in data:
        style = site_style()
        words = ngettext("%(count)s article was added.", "%(count)s articles were added.", added)
        messages.success(request, words % {"count": format_digits(added, style)})
        return redirect(f"{here}#items")
    if {"_up", "_down", "_remove"} & data.keys():
        return redirect(f"{here}#items")
    messages.success(request, _("The issue is saved."))
    return redirect("admin:newsletter_issue_changelist" if "_close" in data else here)


def _page(request: HttpRequest, issue: Issue, site: AdminSite, form: IssueForm, status: int = 200) -> HttpResponse:
    request.frame_sources = ["'self'"]  # type: ignore[attr-defined]
    articles = [item.item.article_id for item in form.items if item.item and item.item.article_id]
    earlier = composing.earlier_issues(issue, articles)
    context = site.each_context(request) | {
        "title": _("Edit the issue"),
        "opts": Issue._meta,
        "issue": issue,
        "form": form,
        "version": seen_version(request) if request.method == "POST" else issue.version,
        "rows": [(item, earlier.get(item.item.article_id or 0) if item.item else None) for item in form.items],
        "offer": issue_finding.offer(issue, request.GET),
        "checks": checks(issue),
        "good_subject": GOOD_SUBJECT,
        "may_send": member(request).has_perm("newsletter.send_issue"),
        "may_delete": member(request).has_perm("newsletter.delete_issue"),
    }
    return TemplateResponse(request, "admin/newsletter/issue/compose.html", context, status=status)
