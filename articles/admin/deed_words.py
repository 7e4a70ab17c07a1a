"""Reasons and notes beside the text: they go with the button of one deed, and come back when it was not done."""

from copy import copy
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from articles.models import Article
from articles.typed import Sent, last

# The box and the button that it goes with.
BUTTONS = {"return_reason": "_return", "correction_note": "_correct", "withdrawal_reason": "_withdraw"}
_KEPT = "words_of_deeds"  # in the session: key of the article to names of boxes to words
MOST_ARTICLES = 10


def words_of(data: Sent) -> dict[str, str]:
    """What stands in the boxes of a form that was sent."""
    return {name: words for name in BUTTONS if (words := last(data, name))}


def joined(data: Sent) -> str:
    return " · ".join(words_of(data).values())


def keep(request: HttpRequest, article: Article, *, done: str = "") -> None:
    """Until the form is shown again. `done` is the button of the deed that took its words along."""
    words = words_of(dict(request.POST.lists()))
    words = {name: text for name, text in words.items() if BUTTONS[name] != done}
    if words:
        others = {key: old for key, old in request.session.get(_KEPT, {}).items() if key != str(article.pk)}
        newest = dict(list(others.items())[1 - MOST_ARTICLES :])
        request.session[_KEPT] = newest | {str(article.pk): words}


def put_back(form: Any, request: HttpRequest, article: Article | None) -> None:
    """Into the boxes of a form (a class) that is about to be shown; what it has no box for stands in a message."""
    words = _taken(request, article)
    for name in words.keys() & form.base_fields.keys():
        form.base_fields[name] = copy(form.base_fields[name])  # all forms share the fields of their class
        form.base_fields[name].initial = words[name]
    if homeless := " · ".join(text for name, text in words.items() if name not in form.base_fields):
        sentence = _("Not sent, because the state of the article changed: %(words)s")
        messages.warning(request, sentence % {"words": homeless})


def opened(fieldsets: list[Any], request: HttpRequest, article: Article | None) -> list[Any]:
    """The groups of the form, those with words that came back unfolded."""
    words = _taken(request, article)
    return [
        (name, {**options, "classes": ()} if words.keys() & set(options["fields"]) else options)
        for name, options in fieldsets
    ]


def _taken(request: HttpRequest, article: Article | None) -> dict[str, str]:
    """The words for this article, out of the session into the request that shows its form."""
    if article is None or request.method != "GET":
        return {}
    if not hasattr(request, "deed_words"):
        kept = request.session.get(_KEPT, {})
        request.deed_words = kept.pop(str(article.pk), {})  # type: ignore[attr-defined]
        if request.deed_words:  # type: ignore[attr-defined]
            request.session[_KEPT] = kept
    words: dict[str, str] = request.deed_words  # type: ignore[attr-defined]
    return words
