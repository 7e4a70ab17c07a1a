"""The comments of a story: a panel under its form, and a page of their own."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from articles import commenting
from articles.admin import guest_answers
from articles.admin.staff import member
from articles.models import Article, Comment
from articles.permissions import may_see_papers
from newsroom.lib.forms import TextField

MOST_SHOWN = 200


class CommentForm(forms.Form):
    text = TextField(
        label=gettext_lazy("New comment"),
        max_length=commenting.LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    to = forms.ModelChoiceField(
        label=gettext_lazy("Addressed to"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("the desk, without a mail"),
    )

    # Beside the form of an article, whose fields have ids of their own.
    prefix = "comment"

    def __init__(self, *args: Any, story: Article, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.queryset = commenting.addressees(story).exclude(pk=by.pk)


@dataclass(frozen=True)
class Discussion:
    """What the panel shows. `article` is the row whose form stands above, perhaps a working copy."""

    article: Article
    open: list[Comment]
    resolved: list[Comment]
    form: CommentForm


def discussion_of(article: Article, user: User, form: CommentForm | None = None) -> Discussion | None:
    """None for somebody who may see the article and not its comments."""
    story = article.story
    if not may_see_papers(user, story):
        return None
    comments = list(_comments(story).select_related("by", "addressed_to", "resolved_by")[:MOST_SHOWN])
    guest_answers.note_versions(story, comments)
    return Discussion(
        article,
        [comment for comment in comments if comment.resolved_at is None],
        [comment for comment in comments if comment.resolved_at is not None],
        form or CommentForm(story=story, by=user),
    )


def comments_page(request: HttpRequest, article: Article, site: AdminSite) -> HttpResponse:
    """GET shows the comments alone; POST adds one, or brings back what was typed with a sentence why not."""
    user = member(request)
    if not may_see_papers(user, article.story):
        raise PermissionDenied
    form = None
    if request.method == "POST":
        form = CommentForm(request.POST, story=article.story, by=user)
        if form.is_valid() and _add(form, article, user):
            return _back(request, article, _("The comment is written."))
    return _shown(request, article, site, form)


def resolve(request: HttpRequest, article: Article, number: int) -> HttpResponse:
    """Close a comment of this story, or open it again."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    user = member(request)
    if not may_see_papers(user, article.story):
        raise PermissionDenied
    comment = get_object_or_404(_comments(article.story), pk=number)
    if "reopen" in request.POST:
        commenting.reopen(comment, by=user)
        return _back(request, article, _("The comment is open again."))
    commenting.resolve(comment, by=user)
    return _back(request, article, _("The comment is resolved."))


def _comments(story: Article) -> QuerySet[Comment]:
    return Comment.objects.filter(article=story)


def _add(form: CommentForm, article: Article, user: User) -> bool:
    data = form.cleaned_data
    try:
        commenting.comment(article, by=user, text=data["text"], to=data["to"])
    except commenting.BadComment as error:
        form.add_error(None, str(error))
        return False
    return True


def _back(request: HttpRequest, article: Article, done: str) -> HttpResponse:
    """To where the form stood; a script that sent it gets the panel alone, so that no typed text is left."""
    if _is_script(request):
        return _panel(request, article)
    messages.success(request, done)
    page = "comments" if request.POST.get("from") == "page" else "change"
    return redirect(f"{reverse(f'admin:articles_article_{page}', args=[article.pk])}#comments")


def _shown(request: HttpRequest, article: Article, site: AdminSite, form: CommentForm | None) -> HttpResponse:
    if _is_script(request):
        return _panel(request, article, form)
    context = site.each_context(request) | {
        "title": _("Comments"),
        "opts": Article._meta,
        "article": article,
        "discussion": discussion_of(article, member(request), form),
    }
    return TemplateResponse(request, "admin/articles/article/comments.html", context)


def _panel(request: HttpRequest, article: Article, form: CommentForm | None = None) -> HttpResponse:
    context = {
        "discussion": discussion_of(article, member(request), form),
        "place": "page" if request.POST.get("from") == "page" else "form",
    }
    return TemplateResponse(request, "admin/articles/article/comments_panel.html", context)


def _is_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"
