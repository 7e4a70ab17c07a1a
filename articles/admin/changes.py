"""The ways in and out of the changes of a published story: begin, discard."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from accounts.models import User
from articles import changes
from articles.admin.staff import member, seen_version
from articles.models import Article
from articles.permissions import may_edit, may_open_changes, may_publish, may_see_papers
from articles.publishing import WrongState
from articles.stages import Stage, stage_of

CHANGE = "admin:articles_article_change"


def edit(request: HttpRequest, story: Article) -> HttpResponse:
    """Open the working copy of a published story, or the one that is there."""
    if request.method != "POST":
        return redirect(CHANGE, story.pk)
    try:
        copy = changes.open_changes(story, by=member(request))
    except WrongState as error:
        messages.error(request, str(error))
        return redirect(CHANGE, story.pk)
    return redirect(CHANGE, copy.pk)


def discard(request: HttpRequest, copy: Article, site: AdminSite) -> HttpResponse:
    """Ask, then throw the working copy away; its versions stay in the history of the story."""
    user = member(request)
    if not (may_edit(user, copy) or may_publish(user)):
        raise PermissionDenied
    if request.method != "POST":
        if not copy.is_working_copy:
            return redirect(CHANGE, copy.pk)
        context = site.each_context(request) | {
            "title": _("Discard the changes?"),
            "article": copy,
            "story": copy.story,
            "opts": Article._meta,
        }
        return TemplateResponse(request, "admin/articles/article/discard.html", context)
    story = copy.working_copy_of
    try:
        story = changes.discard_changes(copy, by=user, seen=seen_version(request))
    except WrongState as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The changes are discarded. Their text stays in the history."))
    return HttpResponseRedirect(_address(story))


@dataclass(frozen=True)
class Changes:
    """What the page of a story, or of its working copy, says about changes."""

    copy: Article | None
    stage: Stage | None
    offers_edit: bool
    offers_discard: bool


def state_for(article: Article, user: User) -> Changes | None:
    """None where the user is not to know of changes, or where there can be none."""
    story = article.story
    if not may_see_papers(user, article) or story.published_at is None:
        return None
    copy = article if article.is_working_copy else Article.objects.filter(working_copy_of=story).first()
    if not (copy or story.is_published):
        return None
    return Changes(
        copy,
        stage_of(copy) if copy else None,
        offers_edit=not article.is_working_copy and may_open_changes(user, story),
        offers_discard=copy is not None and (may_edit(user, copy) or may_publish(user)),
    )


def _address(story: Article | None) -> str:
    return redirect(CHANGE, story.pk).url if story else redirect("admin:articles_article_changelist").url
