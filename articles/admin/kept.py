"""The page that gives back what was typed when it could not be saved."""

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from articles.admin import deed_words
from articles.comparing import label
from articles.forms import ArticleForm
from articles.models import Article
from articles.typed import GROUPS, MACHINERY, Sent, text_of
from newsroom.lib.http import says_same_origin
from richtext.bounds import BodyTooLarge
from richtext.render import to_text
from richtext.sanitise import sanitise

View = Callable[..., HttpResponse]

FORMS = (
    "articles_article_add",
    "articles_article_change",
    "articles_article_coverage",
    "articles_article_update",
    "newsletter_issue_change",
)
_AGAIN = ("_merge", "_review", "_save")


class Box(NamedTuple):
    name: str
    label: str
    text: str
    rows: int


def kept_page(
    request: HttpRequest, data: Sent, *, title: str, sentence: str, status: int, **context: Any
) -> TemplateResponse:
    """What somebody typed, in boxes to copy from. `context`: `sends_again`, `story`, `offers_edit`, `add`."""
    values = {
        "title": title,
        "sentence": sentence,
        "boxes": _boxes(data),
        "hidden": [],
        "sends_again": False,
        "story": None,
        "offers_edit": False,
        "kept_at": "",  # key of the copy in the browser that the server has too
        "cookie": settings.CSRF_COOKIE_NAME,
        "opts": Article._meta,
        "is_nav_sidebar_enabled": admin.site.has_permission(request),
    }
    page = "admin/articles/article/kept_text.html"
    response = TemplateResponse(request, page, admin.site.each_context(request) | values | context, status=status)
    add_never_cache_headers(response)
    return response


def send_again_page(request: HttpRequest, *, sentence: str, status: int) -> TemplateResponse:
    """For who is signed out, or whose token is old: sign in elsewhere, then send the same form from here."""
    data = dict(request.POST.lists())
    return kept_page(
        request,
        data,
        title=_("Not saved yet: your text is here"),
        sentence=sentence,
        status=status,
        sends_again=True,
        hidden=_carried(data),
    )


def keeps_words(view: View) -> View:
    """Instead of sending who was signed out to the door, and his words to nowhere. Goes round admin_view."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not admin.site.has_permission(request):
            sentence = _("Your session has ended. Sign in in the new window, come back here and send again.")
            return send_again_page(request, sentence=sentence, status=401)
        return view(request, *args, **kwargs)

    return guarded


def refused_form(request: HttpRequest) -> TemplateResponse | None:
    """The same for a form of ours whose token is no longer good; None for any other.

    Only when the browser says that our own page sent it: a page with a good token round what another site made up
    would be a way past the check.
    """
    match = request.resolver_match
    if request.method != "POST" or match is None or match.url_name not in FORMS or not says_same_origin(request):
        return None
    sentence = _("You signed in again since this page was opened, so it was not accepted at once. Send again.")
    return send_again_page(request, sentence=sentence, status=403)


def given_back(request: HttpRequest) -> dict[str, Any]:
    """What stands on the page for who sent a form of ours while the database was gone; {} for any other request.

    Without a query, and perhaps before Django looked for the view or at the token: hence the same condition as above.
    """
    try:
        name = resolve(request.path_info).url_name
    except Resolver404:
        return {}
    if request.method != "POST" or name not in FORMS or not says_same_origin(request):
        return {}
    data = dict(request.POST.lists())
    return {"boxes": _boxes(data), "hidden": _carried(data), "token": get_token(request)}


def _carried(data: dict[str, list[str]]) -> list[tuple[str, str]]:
    """The form as hidden fields, and the button that was pressed, as long as it only saves."""
    pressed = next((name for name in _AGAIN if name in data), "_continue")
    return [*((name, value) for name, values in data.items() if _is_carried(name) for value in values), (pressed, "1")]


def _is_carried(name: str) -> bool:
    return name in MACHINERY or not name.startswith(("_", "csrfmiddlewaretoken"))


def _boxes(data: Sent) -> list[Box]:
    """Every field in which words stand; of the body its words alone, for the clipboard."""
    found = []
    for name, value in text_of(data).items():
        if name in GROUPS or name.endswith("_id") or name in {"without_picture", "origin", "slug"} or not value:
            continue
        text = _words(value) if name == "body" else "، ".join(value) if name == "tags" else str(value)
        found.append(Box(name, label(name), text, _rows_for(text)))
    notes = deed_words.words_of(data).items()
    return found + [
        Box(name, str(ArticleForm.declared_fields[name].label), text, _rows_for(text)) for name, text in notes
    ]


def _rows_for(text: str) -> int:
    return min(max(text.count("\n") + 1, len(text) // 60 + 1), 24)


def _words(html: str) -> str:
    try:
        return to_text(sanitise(html))
    except BodyTooLarge:
        return html
