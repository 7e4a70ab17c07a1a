"""Tags and related articles proposed beside the form, also for the text that is being written."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import User
from articles import related_choices
from articles.admin import tag_questions
from articles.admin.staff import member
from articles.as_typed import article_as_typed
from articles.models import Article, RelatedChoice
from articles.permissions import may_edit
from articles.publishing import WrongState
from articles.related import own_keys, related_to
from articles.related_choices import CannotChoose, may_choose
from articles.tag_suggesting import suggest_tags
from newsroom.lib.keys import read_key

MOST_RELATED = 8
PANEL = "admin/articles/article/related_panel.html"
CHIPS = "admin/articles/article/tag_chips.html"
_DEEDS: dict[str, Callable[..., None]] = {
    "_pin": related_choices.pin,
    "_ban": related_choices.ban,
    "_release": related_choices.release,
    "_lift": related_choices.lift,
}


@dataclass(frozen=True)
class Chosen:
    """A pinned or banned one; `target` is None where the member of staff may not see it."""

    key: int
    target: Article | None


@dataclass(frozen=True)
class RelatedPanel:
    """`address` takes the choices; "" where none can be made. `suggested` is None where a script asks for it later."""

    address: str
    pinned: list[Chosen]
    banned: list[Chosen]
    suggested: list[Article] | None


def suggest(desk: Any, request: HttpRequest, object_id: int | None) -> HttpResponse:
    """POST of the whole form as it stands: what its text proposes, as two pieces of the page. Writes nothing."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    article = desk.visible_or_404(request, object_id) if object_id else None
    user = member(request)
    if not (may_edit(user, article) if article else desk.has_add_permission(request)):
        return JsonResponse({}, status=403)
    typed = article_as_typed(request.POST, base=article, user=user)
    return JsonResponse(
        {"tags": _rendered(CHIPS, request, tags=suggest_tags(typed)), "related": _shown(request, typed)}
    )


def choose(desk: Any, request: HttpRequest, object_id: int) -> HttpResponse:
    """POST of one button of the panel, perhaps with the form as it stands; a GET only leads to the form."""
    article: Article = desk.visible_or_404(request, object_id)
    if request.method == "POST":
        sentence = _done(request, article)
        if request.headers.get("X-Requested-With") == "fetch":
            typed = _typed(request, article)
            return JsonResponse({"related": _shown(request, typed), "said": sentence})
        if sentence:
            messages.error(request, sentence)
    return HttpResponseRedirect(f"{reverse('admin:articles_article_change', args=[article.pk])}?suggest=1#related")


def beside(request: HttpRequest, article: Article | None, form: Any, *, is_editable: bool) -> dict[str, Any]:
    """For the page of the form: what is asked, and proposed by what is stored where somebody asks for it.

    A script does so when the form is there (`suggest`); the form itself waits for nothing that is only advice.
    """
    if not (is_editable or (article and may_choose(member(request), article))):
        return {"tag_questions": [], "tag_suggestions": [], "related_panel": None, "suggest_url": ""}
    args = [article.pk] if article else []
    proposes = not is_editable or "suggest" in request.GET
    return {
        "tag_questions": tag_questions.questions(request, article, form),
        "tag_suggestions": suggest_tags(article) if article and is_editable and proposes else [],
        "related_panel": panel_for(article, member(request), proposes=proposes),
        "suggest_url": reverse(f"admin:articles_article_suggest{'' if article else '_new'}", args=args),
    }


def panel_for(article: Article | None, user: User, *, proposes: bool = True) -> RelatedPanel:
    """For a stored article or one as it is typed; without one there is nothing to choose for yet."""
    if article is None:
        return RelatedPanel("", [], [], [])
    rows = list(RelatedChoice.objects.filter(article=article.story if article.pk else None))
    visible = Article.objects.visible_to(user).for_links().in_bulk([row.target_id for row in rows])
    chosen = [(row.is_banned, Chosen(row.target_id, visible.get(row.target_id))) for row in rows]
    keys = {row.target_id for row in rows}
    may = bool(article.pk) and may_choose(user, article)
    return RelatedPanel(
        reverse("admin:articles_article_related", args=[article.pk]) if may else "",
        pinned=[one for is_banned, one in chosen if not is_banned],
        banned=[one for is_banned, one in chosen if is_banned],
        suggested=_suggested(article, keys) if proposes else None,
    )


def _suggested(article: Article, chosen: set[int]) -> list[Article]:
    """None that is chosen, or linked to in the text, already."""
    known = chosen | {link.target_id for link in article.related_links.all() if link.target_id}
    proposed = related_to(article, MOST_RELATED + len(known))
    return [one for one in proposed if one.pk not in known | set(own_keys(article))][:MOST_RELATED]


def _done(request: HttpRequest, article: Article) -> str:
    """Do what the button asks. Returns why not, or "". Raises NotAllowed."""
    by = member(request)
    name = next((name for name in _DEEDS if name in request.POST), "")
    try:
        if name and (target := read_key(request.POST[name])):
            _DEEDS[name](article, target, by=by)
        elif "_order" in request.POST:
            related_choices.arrange(article, [read_key(part) or 0 for part in request.POST["_order"].split(",")], by=by)
    except (CannotChoose, WrongState) as error:
        return str(error)
    return ""


def _typed(request: HttpRequest, article: Article) -> Article:
    is_form = "headline" in request.POST and may_edit(member(request), article)
    return article_as_typed(request.POST, base=article, user=member(request)) if is_form else article


def _shown(request: HttpRequest, article: Article) -> str:
    return _rendered(PANEL, request, panel=panel_for(article, member(request)))


def _rendered(template: str, request: HttpRequest, **context: Any) -> str:
    return render_to_string(template, context, request)
