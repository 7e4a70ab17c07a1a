"""What the newsletter can do with one published article: send it as breaking news, mail its correction."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.staff import member
from articles.models import Article, Correction
from articles.permissions import may_view
from newsletter.breaking import NotPublic, breaking_issue, earlier_breaking
from newsletter.correcting import NothingToCorrect, correction_issue, corrections_of, issues_with, readers_of
from newsletter.models import Delivery, Issue, MailingList

SEND = "admin:newsletter_issue_send"
# An article is rarely in more; each costs a count of its readers.
MOST_ISSUES = 10


class ListForm(forms.Form):
    mailing_list = forms.ModelChoiceField(
        label=gettext_lazy("mailing list"),
        queryset=MailingList.objects.all(),
        empty_label=None,
        error_messages={"required": gettext_lazy("Choose the mailing list.")},
    )


class CorrectionForm(forms.Form):
    """Which issue, and which note of this article. Both are checked against what the page offers."""

    def __init__(self, article: Article, *args: Any) -> None:
        super().__init__(*args)
        self.fields["issue"] = forms.ModelChoiceField(queryset=issues_with(article))
        self.fields["correction"] = forms.ModelChoiceField(queryset=article.corrections.all())


def article_page(request: HttpRequest, article_id: int, site: AdminSite) -> HttpResponse:
    """GET shows what can be done, POST makes a draft and leads to the sentence before sending. Raises Http404."""
    article = Article.objects.published().filter(pk=article_id).first()
    if article is None or not may_view(member(request), article):
        raise Http404
    if request.method != "POST":
        return _page(request, article, site, ListForm())
    if "_correction" in request.POST:
        return _correct(request, article)
    form = ListForm(request.POST)
    if not form.is_valid():
        return _page(request, article, site, form)
    mailing_list: MailingList = form.cleaned_data["mailing_list"]
    return _lead(request, breaking_issue(article, mailing_list=mailing_list, by=member(request)))


def _correct(request: HttpRequest, article: Article) -> HttpResponse:
    form = CorrectionForm(article, request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose the issue and the correction anew; one of them is not there any more."))
        return redirect(request.path)
    correction: Correction = form.cleaned_data["correction"]
    try:
        issue = correction_issue(form.cleaned_data["issue"], correction=correction, by=member(request))
    except (NotPublic, NothingToCorrect):
        messages.error(request, _("Nobody got this article by mail, or readers cannot see it any more."))
        return redirect(request.path)
    return _lead(request, issue)


def _lead(request: HttpRequest, issue: Issue) -> HttpResponse:
    messages.success(request, _("The draft is made. Nothing is sent before you confirm it here."))
    return redirect(SEND, issue.pk)


def _page(request: HttpRequest, article: Article, site: AdminSite, form: ListForm) -> HttpResponse:
    issues = list(issues_with(article)[:MOST_ISSUES])
    made = corrections_of(issues)
    context = site.each_context(request) | {
        "title": _("The article by mail"),
        "opts": Delivery._meta,
        "article": article,
        "form": form,
        "earlier": earlier_breaking(article),
        "corrections": list(article.corrections.all()),
        "issues": [(issue, readers_of(issue), made.get(issue.pk, 0)) for issue in issues],
        "may_open_article": member(request).has_perm("articles.view_article"),
    }
    return TemplateResponse(
        request, "admin/newsletter/sending/article.html", context, status=409 if form.errors else 200
    )
