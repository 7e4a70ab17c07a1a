"""What stands in the form of an article, looked at before it is saved: a frame beside the form, or a page of its own.

The text is a document of its own that runs nothing and leads nowhere, so that what somebody pasted does no harm.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from articles.admin.staff import member
from articles.as_typed import article_as_typed
from articles.models import Article
from articles.permissions import may_edit, may_see_papers
from articles.preview_links import may_share
from articles.previews import documents
from images.origins import picture_origins

View = Callable[..., HttpResponse]

# `allow-same-origin` lets the page with the frame keep its place in it; without `allow-scripts` nothing else uses it.
_POLICY = (
    "sandbox allow-same-origin; default-src 'none'; style-src 'self'; img-src {pictures}; font-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)


# By their names: what answers a frame.
FRAMED = ("articles_article_preview", "articles_article_preview_new")
_LABELS: dict[str, Promise | str] = {
    "page": pgettext_lazy("preview", "Page"),
    "card": pgettext_lazy("preview", "Card"),
    "snippet": pgettext_lazy("preview", "In search"),
    "share": pgettext_lazy("preview", "Shared link"),
    "print": pgettext_lazy("preview", "On paper"),
}


@dataclass(frozen=True)
class Pane:
    """What stands beside the form of `article` (None: a new one). `kinds` are (code, label, address)."""

    article: Article | None
    kinds: list[tuple[str, Promise | str, str]]
    may_share: bool


def pane_for(article: Article | None, user: User) -> Pane:
    args = [article.pk] if article else []
    address = reverse("admin:articles_article_preview" if article else "admin:articles_article_preview_new", args=args)
    kinds = [(kind, label, f"{address}?as={kind}") for kind, label in _LABELS.items()]
    return Pane(article, kinds, article is not None and may_share(user, article))


def says_so(view: View) -> View:
    """A sign-in page cannot stand in a frame. Goes round admin_view."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not admin.site.has_permission(request):
            sentence = _("Your session has ended. Sign in in another window first.")
            return sealed(render(request, "previews/refused.html", {"sentence": sentence}, status=401))
        return view(request, *args, **kwargs)

    return guarded


def preview(desk: Any, request: HttpRequest, object_id: int | None) -> HttpResponse:
    """POST of the form; `?as=` and `?scheme=` say how it is looked at. Nothing of it is kept."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    article = typed_article(desk, request, object_id)
    kind = one_of(request.GET.get("as", ""), documents.KINDS)
    scheme = one_of(request.GET.get("scheme", ""), documents.SCHEMES)
    return sealed(HttpResponse(documents.document(request, article, kind=kind, scheme=scheme)))


def typed_article(desk: Any, request: HttpRequest, object_id: int | None) -> Article:
    """What was sent, for whoever may write it or sees its papers. Raises Http404, PermissionDenied."""
    user = member(request)
    base = desk.visible_or_404(request, object_id) if object_id else None
    if not (may_edit(user, base) or may_see_papers(user, base) if base else desk.has_add_permission(request)):
        raise PermissionDenied
    return article_as_typed(request.POST, base=base, user=user)


def print_styles(request: HttpRequest) -> HttpResponse:
    return HttpResponse(documents.print_styles(), content_type="text/css; charset=utf-8")


def sealed(response: HttpResponse) -> HttpResponse:
    response.headers["Content-Security-Policy"] = _POLICY.format(pictures=picture_origins())
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["Referrer-Policy"] = "no-referrer"
    add_never_cache_headers(response)
    return response


def one_of(asked: str, known: tuple[str, ...]) -> str:
    return asked if asked in known else known[0]
