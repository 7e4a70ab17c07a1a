"""The live coverage of a story at the desk: begin and end it, a quick form for the next update, the updates so far."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from articles import covering
from articles.admin import sent_twice
from articles.admin.coverage_forms import QuickForm, UpdateForm
from articles.admin.staff import member
from articles.admin.unsaved import new_window
from articles.models import Article, LiveUpdate
from articles.pagination import paginate_by_number
from articles.permissions import may_publish
from articles.publishing import NotReady, WrongState
from newsroom.lib.keys import read_number
from richtext.bounds import BodyTooLarge
from richtext.render import blocks

PER_PAGE = 50

_COVERAGE_DEEDS: dict[str, tuple[Callable[..., object], str | Promise]] = {
    "_start": (covering.start_coverage, gettext_lazy("The live coverage has begun. Readers see it now.")),
    "_end": (covering.end_coverage, gettext_lazy("The live coverage has ended. Its updates stay.")),
    "_reopen": (covering.reopen_coverage, gettext_lazy("The live coverage goes on.")),
}
_UPDATE_DEEDS: dict[str, tuple[Callable[..., object], str | Promise]] = {
    "_withdraw": (covering.withdraw_update, gettext_lazy("The update is withdrawn. The desk still sees it.")),
    "_bring_back": (covering.bring_back_update, gettext_lazy("Readers see the update again.")),
}


@dataclass(frozen=True)
class Shown:
    """An update as the list shows it; `former` are (words, body, until, by) of what readers saw before."""

    update: LiveUpdate
    body: Sequence[str]
    former: list[dict[str, Any]]


def coverage_page(request: HttpRequest, article: Article, site: AdminSite) -> HttpResponse:
    """GET shows the coverage; POST does what its button says, and what is refused comes back with a sentence."""
    user = _editor(request)
    if article.is_working_copy:
        return redirect(_address(article.story))
    if not (article.is_published or article.is_coverage):
        messages.info(request, _("Only a published article is covered live."))
        return redirect("admin:articles_article_change", article.pk)
    if request.method != "POST":
        return _page(request, article, site, QuickForm(), new_window())
    if _pressed(request, _COVERAGE_DEEDS, article, user):
        return redirect(_address(article))
    return _post(request, article, site, user)


def update_page(request: HttpRequest, article: Article, number: int, site: AdminSite) -> HttpResponse:
    """One update of this story: other words for it, withdraw it, bring it back. Raises Http404."""
    user = _editor(request)
    update = get_object_or_404(LiveUpdate, pk=number, article=article)
    there = f"{_address(article)}#{update.anchor}"
    if request.method != "POST":
        return _update_page(request, article, update, site, UpdateForm(initial=vars(update)))
    if _pressed(request, _UPDATE_DEEDS, update, user):
        return redirect(there)
    form = UpdateForm(request.POST)
    if form.is_valid() and _done(
        form, lambda: covering.change_update(update, by=user, seen=_seen(request), **form.cleaned_data)
    ):
        messages.success(request, _("The update is saved. What it said before is kept."))
        return redirect(there)
    update.refresh_from_db()
    return _update_page(request, article, update, site, form)


def _post(request: HttpRequest, article: Article, site: AdminSite, user: User) -> HttpResponse:
    form, window = QuickForm(request.POST), request.POST.get("window", "")
    key = sent_twice.form_key(user, dict(request.POST.lists()))
    try:
        if form.is_valid() and _done(
            form, lambda: covering.post_update(article, by=user, form_key=key, **form.cleaned_data)
        ):
            messages.success(request, _("The update is posted."))
            return redirect(_address(article))
    except covering.PostedBefore as error:
        form.add_error(None, str(error))
        window = ""  # the next sending is another form
    article.refresh_from_db()
    return _page(request, article, site, form, window or new_window())


def _pressed(request: HttpRequest, deeds: dict[str, Any], subject: object, user: User) -> bool:
    """Whether it was the button of one of these deeds; then it is done, or a message says why not."""
    pressed = next((name for name in deeds if name in request.POST), None)
    if pressed is None:
        return False
    deed, done = deeds[pressed]
    try:
        deed(subject, by=user)
    except WrongState as error:
        messages.error(request, str(error))
    else:
        messages.success(request, str(done))
    return True


def _done(form: forms.Form, deed: Callable[[], object]) -> bool:
    """Run `deed`; what it refuses stands beside the fields. Raises PostedBefore."""
    try:
        deed()
    except covering.PostedBefore:
        raise
    except NotReady as error:
        for name, sentence in error.reasons.items():
            form.add_error(name, sentence)
    except BodyTooLarge as error:
        form.add_error("body", error)
    except WrongState as error:
        form.add_error(None, str(error))
    else:
        return True
    return False


def _editor(request: HttpRequest) -> User:
    """Raises PermissionDenied: what is done here, readers see at once."""
    user = member(request)
    if not may_publish(user):
        raise PermissionDenied
    return user


def _seen(request: HttpRequest) -> int:
    return read_number(request.POST.get("seen", "")) or 0


def _address(article: Article) -> str:
    return reverse("admin:articles_article_coverage", args=[article.pk])


def _page(request: HttpRequest, article: Article, site: AdminSite, form: QuickForm, window: str) -> HttpResponse:
    page = paginate_by_number(request, LiveUpdate.objects.filter(article=article).select_related("by"), PER_PAGE)
    context = site.each_context(request) | {
        "title": _("Live coverage"),
        "opts": Article._meta,
        "article": article,
        "form": form,
        "window": window,
        "page": page,
        "shown": _shown(page),
        "path": _address(article),
    }
    status = 409 if form.errors else 200
    return TemplateResponse(request, "admin/articles/article/coverage.html", context, status=status)


def _update_page(
    request: HttpRequest, article: Article, update: LiveUpdate, site: AdminSite, form: UpdateForm
) -> HttpResponse:
    context = site.each_context(request) | {
        "title": _("Change the update"),
        "opts": Article._meta,
        "article": article,
        "shown": _shown([update])[0],
        "form": form,
        "path": _address(article),
    }
    status = 409 if form.errors else 200
    response = TemplateResponse(request, "admin/articles/article/coverage_update.html", context, status=status)
    response.uses_editor = True  # type: ignore[attr-defined]
    return response


def _shown(updates: Iterable[LiveUpdate]) -> list[Shown]:
    """One query for the names of all who changed something."""
    rows = list(updates)
    people = User.objects.in_bulk({former["by"] for row in rows for former in row.former})
    return [
        Shown(
            row,
            blocks(row.body),
            [
                former
                | {
                    "body": blocks(former["body"]),
                    "until": parse_datetime(former["until"]),
                    "by": people.get(former["by"]),
                }
                for former in reversed(row.former)
            ],
        )
        for row in rows
    ]
