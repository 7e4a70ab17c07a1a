"""The page that gives back what was typed when it could not be saved."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from articles.admin.kept_boxes import Box, boxes_of_any, boxes_of_article
from articles.admin.kept_fields import (
    FILES,
    SAVING,
    WINDOW,
    admin_of,
    boxes_of_fields,
    knows_fields_of,
    may_be_given_back,
)
from articles.models import Article
from articles.typed import MACHINERY, Sent, last
from newsroom.lib.http import says_same_origin

View = Callable[..., HttpResponse]

_ARTICLE = ("_merge", "_review", "_save", "_continue")
# Forms by the names of their addresses, with the buttons that only save or show: one of them is pressed again when
# the form is sent again, the last where it was another. What a button does beyond that nobody does unseen. Any other
# form that adds or changes a row has the buttons of Django's admin (kept_fields.SAVING).
FORMS = {
    "articles_article_add": _ARTICLE,
    "articles_article_change": _ARTICLE,
    "articles_article_comments": (),
    "articles_article_coverage": _ARTICLE,
    "articles_article_import": ("_preview",),
    "articles_article_update": _ARTICLE,
    "articles_article_publish": ("_now", "_template", "_show"),
    "articles_frontslot_changelist": (),  # which button it was says a name without a line before it
    "images_image_change": ("_save", "_continue"),
    "images_image_complete": ("_copy", "_save"),
    "newsletter_issue_change": _ARTICLE,
}
_OTHERS = ("articles_article_publish", "articles_frontslot_", "images_")
# Letters in a form, several times the largest body: whoever sends more has not typed it, and gets no page made of it.
MOST_LETTERS = 1_000_000


def kept_page(
    request: HttpRequest, data: Sent, *, title: str, sentence: str, status: int, **context: Any
) -> TemplateResponse:
    """What somebody typed, in boxes to copy from. `context`: `sends_again`, `story`, `offers_edit`, `add`."""
    values = {
        "title": title,
        "sentence": sentence,
        "boxes": _boxes(_name_of(request), data),
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
    name, data = _name_of(request), dict(request.POST.lists())
    desk = admin_of(name)
    return kept_page(
        request,
        data,
        title=_("Not saved yet: your text is here"),
        sentence=sentence,
        status=status,
        sends_again=True,
        hidden=_carried(name, data),
        had_files=bool(request.FILES or FILES in data),
        **({"opts": desk.opts} if desk else {}),
    )


def keeps_words(view: View) -> View:
    """Of forms in which words are typed: instead of sending who was signed out to the door, and his words to nowhere.

    Goes round all that an admin shows (newsroom.admin_site).
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if _is_kept(request, _name_of(request)) and not admin.site.has_permission(request):
            sentence = _("Your session has ended. Sign in in the new window, come back here and send again.")
            return send_again_page(request, sentence=sentence, status=401)
        return view(request, *args, **kwargs)

    return guarded


def refused_form(request: HttpRequest) -> TemplateResponse | None:
    """The same for a form of ours whose token is no longer good; None for any other.

    Only when the browser says that our own page sent it: a page with a good token round what another site made up
    would be a way past the check.
    """
    if not says_same_origin(request) or not _is_kept(request, _name_of(request)):
        return None
    sentence = _("You signed in again since this page was opened, so it was not accepted at once. Send again.")
    return send_again_page(request, sentence=sentence, status=403)


def given_back(request: HttpRequest) -> dict[str, Any]:
    """What stands on the page for who sent a form of ours while the database was gone; {} for any other request.

    Without a query, and perhaps before Django looked for the view or at the token: hence the same condition as above.
    """
    try:
        name = resolve(request.path_info).url_name or ""
    except Resolver404:
        return {}
    if not says_same_origin(request) or not _is_kept(request, name):
        return {}
    data = dict(request.POST.lists())
    return {"boxes": _boxes(name, data), "hidden": _carried(name, data), "token": get_token(request)}


def _name_of(request: HttpRequest) -> str:
    """By which FORMS knows the address; "" for none."""
    return (request.resolver_match.url_name if request.resolver_match else None) or ""


def _is_kept(request: HttpRequest, name: str) -> bool:
    """Whether the words of this request are given back: a form of ours, and of a size that people type."""
    if request.method != "POST" or not (name in FORMS or knows_fields_of(name)):
        return False
    carried = (values for field, values in request.POST.lists() if _is_carried(field))
    return sum(len(value) for values in carried for value in values) <= MOST_LETTERS


def _boxes(form: str, data: Sent) -> list[Box]:
    if form.startswith(_OTHERS):
        return boxes_of_any(data)
    if FORMS.get(form) is _ARTICLE or not knows_fields_of(form):
        return boxes_of_article(data)
    return boxes_of_fields(form, data)


def _carried(form: str, data: Sent) -> list[tuple[str, str]]:
    """The form as hidden fields, and the button that was pressed, as long as it only saves or shows."""
    fields = [(name, value) for name, values in data.items() if _is_carried(name) for value in values]
    buttons = FORMS.get(form, SAVING)
    pressed = next((name for name in buttons if name in data), buttons[-1] if buttons else "")
    return [*fields, (pressed, last(data, pressed) or "1")] if pressed else fields


def _is_carried(name: str) -> bool:
    if name in MACHINERY or name in WINDOW:
        return True
    return not name.startswith(("_", "csrfmiddlewaretoken")) and may_be_given_back(name)
