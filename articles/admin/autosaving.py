"""What the form of an article tells the server while somebody writes, and what the server answers."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from articles import presence, unsaved
from articles.admin.staff import member
from articles.conflicts import differences, version_of
from articles.models import Article
from articles.permissions import may_edit
from articles.typed import PAPERS, Sent, text_in
from newsroom.lib.dates import format_datetime, format_time
from pages.current import current_site

View = Callable[..., HttpResponse]

LONGEST_ABSENCE = timedelta(days=14)


def keeps_quiet(view: View) -> View:
    """A sign-in page is no answer to a script. Goes round admin_view."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not admin.site.has_permission(request):
            return JsonResponse({"status": _("Your session has ended. Your text is kept in this browser.")}, status=401)
        return view(request, *args, **kwargs)

    return guarded


def answer(desk: Any, request: HttpRequest, object_id: int | None) -> HttpResponse:
    """Keep what was typed, note who is here, and say what is new. POST alone changes anything."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    article = desk.get_object(request, str(object_id)) if object_id else None
    user, data = member(request), dict(request.POST.lists())
    window = unsaved.window_of(data)
    if object_id and article is None:
        return _refusal(_("This article does not exist any more. Your text is kept in this browser."), 404)
    if not (may_edit(user, article) if article else desk.has_add_permission(request)):
        return _refusal(_("You may not edit this article now. Your text is kept in this browser."), 403)
    if not window:
        return _refusal(_("Your text is kept in this browser only."), 400)
    said = _keep(user, data, article, window) if "_typed" in data else {}
    if article:
        _note_presence(user, article, data)
    return JsonResponse(said | (_news(user, article, version_of(data)) if article else {}))


def others_sentence(user: User, article: Article) -> str:
    """«سامر يحرّر الآن (منذ ٩:٤٠)», or "" when nobody else is there."""
    sentences = [
        _("%(name)s is editing now (since %(time)s)") % {"name": one.user, "time": moment(one.since)}
        for one in presence.others(user, article)
    ]
    return "، ".join(sentences)


def moment(value: datetime) -> str:
    """The time of day; of another day the day too."""
    style = current_site().settings.style
    is_today = timezone.localtime(value).date() == timezone.localtime().date()
    return format_time(value, style) if is_today else format_datetime(value, style)


def _refusal(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"status": sentence}, status=status)


def _keep(user: User, data: Sent, article: Article | None, window: str) -> dict[str, Any]:
    """`newest` of the answer: the stamp of what is stored, where that was typed later than what was sent."""
    story = article.story if article else None
    base, stamp = version_of(data), unsaved.stamp_of(data)
    if not unsaved.says_something(user, data, article=article, base_version=base):
        unsaved.forget(user, window, through=stamp)
        return {"kept": False, "status": ""}
    try:
        text = unsaved.keep(user, data, story=story, window=window, base_version=base, at=_typed_at(data))
    except unsaved.TooMany:
        return {"kept": False, "status": _too_many()}
    except unsaved.TooMuch:
        return {"kept": False, "status": _("Too long to be kept here. Your text is kept in this browser only.")}
    if stamp is not None and text.stamp > stamp:
        return {"kept": True, "newest": text.stamp, "status": ""}
    return {"kept": True, "status": _("Your draft is kept (%(time)s)") % {"time": moment(text.saved_at)}}


def _too_many() -> str:
    return _("You have too many unsaved texts: save them or throw them away. This one is kept in this browser only.")


def _typed_at(data: Sent) -> datetime | None:
    """When a copy out of the browser was typed; None for now. Nothing in the future, nothing too old."""
    stamp = unsaved.stamp_of(data)
    if stamp is None or "_adopt" not in data:
        return None
    now = timezone.now()
    typed_at = datetime.fromtimestamp(min(stamp / 1000, now.timestamp()), UTC)
    return max(typed_at, now - LONGEST_ABSENCE)


def _note_presence(user: User, article: Article, data: Sent) -> None:
    if "_leaving" in data:
        presence.leave(user, article)
    elif "_here" in data:
        presence.beat(user, article)


def _news(user: User, article: Article, shown: int) -> dict[str, str]:
    return {"others": others_sentence(user, article), "newer": _newer(user, article, shown)}


def _newer(user: User, article: Article, shown: int) -> str:
    """That somebody else has saved another text since; "" when only its state has changed, or oneself has saved."""
    if shown == article.version:
        return ""
    saves = article.story.revisions.filter(version__gt=shown, version__lte=article.version).order_by("-version")
    newest = saves.exclude(by=user).select_related("by").defer("data").first()
    base = article.story.revisions.filter(version=shown).values_list("data", flat=True).first()
    if newest is None or (base is not None and not differences(base, text_in(article), _without_papers(base))):
        return ""
    return _("A newer version was saved (%(name)s, %(time)s). Your text stays here; both are shown when you save.") % {
        "name": newest.by or "—",
        "time": moment(newest.created_at),
    }


def _without_papers(base: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in base.items() if name not in PAPERS}
