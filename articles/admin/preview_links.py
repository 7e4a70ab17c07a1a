"""The links by which people without an account look at an unpublished text: who, until when, copied and taken back."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from articles import preview_links
from articles.admin.staff import member
from articles.models import Article, PreviewLink
from articles.preview_links import may_share
from newsroom.lib.forms import LineField
from pages.mailing import absolute

__all__ = ["links_page", "may_share", "revoke_link"]

MOST_SHOWN = 50
_LASTING = {
    1: gettext_lazy("an hour"),
    24: gettext_lazy("a day"),
    72: gettext_lazy("three days"),
    168: gettext_lazy("a week"),
    336: gettext_lazy("two weeks"),
}


class ShareForm(forms.Form):
    reader = LineField(
        label=gettext_lazy("for whom"),
        max_length=80,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        help_text=gettext_lazy("A name, or what this person is: the lawyer. It stands before what is answered."),
        error_messages={"required": gettext_lazy("Say for whom the link is.")},
    )
    hours = forms.TypedChoiceField(
        label=pgettext_lazy("preview link", "open for"),
        coerce=int,
        choices=[(hours, _LASTING[hours]) for hours in preview_links.CHOICES],
        initial=preview_links.DAY,
    )


@dataclass(frozen=True)
class Line:
    """`state` is "" for a link that is open; `address` is "" for one that is not."""

    link: PreviewLink
    state: str
    address: str
    answers: int


def links_page(request: HttpRequest, article: Article, site: AdminSite) -> HttpResponse:
    """GET lists the links of a story, the newest first; POST makes one."""
    user = member(request)
    if not may_share(user, article):
        raise PermissionDenied
    form = ShareForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            preview_links.share(article, by=user, **form.cleaned_data)
        except preview_links.BadLink as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The link is made. Copy it and send it yourself."))
            return redirect(request.path)
    context = site.each_context(request) | {
        "title": _("Preview links"),
        "opts": Article._meta,
        "article": article,
        "form": form,
        "lines": _lines(article.story),
        "shows_nothing": article.is_published and not Article.objects.filter(working_copy_of=article).exists(),
    }
    page = "admin/articles/article/preview_links.html"
    return TemplateResponse(request, page, context, status=400 if form.errors else 200)


def revoke_link(request: HttpRequest, article: Article, number: int) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not may_share(member(request), article):
        raise PermissionDenied
    link = get_object_or_404(PreviewLink, article=article.story, pk=number)
    preview_links.revoke(link, by=member(request))
    messages.success(request, _("The link is revoked. Nobody sees the text by it any more."))
    return redirect("admin:articles_article_links", article.pk)


def _lines(story: Article) -> list[Line]:
    links: Any = story.preview_links.select_related("created_by").annotate(answers=Count("comments"))
    lines = []
    for link in links[:MOST_SHOWN]:
        link.article = story
        state = _state(link)
        lines.append(Line(link, state, "" if state else absolute(preview_links.path_of(link)), link.answers))
    return lines


def _state(link: PreviewLink) -> str:
    if link.revoked_at is not None:
        return pgettext("preview link", "revoked")
    if link.expires_at <= timezone.now():
        return pgettext("preview link", "expired")
    return "" if preview_links.is_open(link) else pgettext("preview link", "ended with its giver's rights")
