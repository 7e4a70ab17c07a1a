"""Asks about new tags that resemble others, beside the form that was saved without them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import ngettext

from articles.forms import ArticleForm
from articles.models import Article, Tag
from articles.near_tags import near_duplicates_of
from articles.tag_uses import uses_of

_ASKED = "tag_doubts"  # in the session: key of the article to names
MOST_ARTICLES = 10


@dataclass(frozen=True)
class Choice:
    tag: Tag
    uses: int


@dataclass(frozen=True)
class Question:
    name: str
    choices: list[Choice]


def keep(request: HttpRequest, article: Article, form: ArticleForm) -> bool:
    """What the form of this article asks until it is sent again; says so. Returns whether it asks anything."""
    asked = request.session.get(_ASKED, {})
    if form.doubts or str(article.pk) in asked:
        others = {key: names for key, names in asked.items() if key != str(article.pk)}
        newest = dict(list(others.items())[1 - MOST_ARTICLES :])
        request.session[_ASKED] = newest | ({str(article.pk): list(form.doubts)} if form.doubts else {})
    if form.doubts:
        sentence = ngettext(
            "The text is saved. One tag is not on it yet: it resembles one that exists. Choose below.",
            "The text is saved. %(count)d tags are not on it yet: they resemble some that exist. Choose below.",
            len(form.doubts),
        )
        messages.warning(request, sentence % {"count": len(form.doubts)})
    return bool(form.doubts)


def is_asking(request: HttpRequest, article: Article) -> bool:
    return str(article.pk) in request.session.get(_ASKED, {})


def questions(request: HttpRequest, article: Article | None, form: Any) -> list[Question]:
    """For the form that is about to be shown. The names stand in its box too, so that none is lost."""
    if "tags" not in form.fields:
        return []
    if form.is_bound:
        return _asked(form.doubts)
    names = request.session.get(_ASKED, {}).get(str(article.pk), []) if article else []
    if not names:
        return []
    form.initial["tags"] = [*map(str, form.initial.get("tags") or ()), *names]
    return _asked(near_duplicates_of(names))


def _asked(doubts: dict[str, list[Tag]]) -> list[Question]:
    uses = uses_of([tag for tags in doubts.values() for tag in tags])
    return [Question(name, _choices(tags, uses)) for name, tags in doubts.items()]


def _choices(tags: Sequence[Tag], uses: dict[int, int]) -> list[Choice]:
    return [Choice(tag, uses.get(tag.pk, 0)) for tag in tags]
