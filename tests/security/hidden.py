"""Articles that readers may not see, each with words that stand nowhere else: title, address, body."""

import re
from copy import copy
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.roles import Role
from articles.changes import open_changes
from articles.enums import Status
from articles.models import Article, Correction, RelatedLink
from articles.search.indexing import index
from tests.factories import BODY, make_article, make_image, make_user

SECRET = re.compile(r"zq\d+(title|slug|body|lead|file|note)")
STATES = ("draft", "in review", "approved", "scheduled", "deleted", "changes", "changes in review")
# What a page says of what was asked: it is there because the reader typed it.
_ECHO = re.compile(r"[?&]q=[^\"&\s]*|value=\"[^\"]*\"")


def texts(number: int) -> dict[str, Any]:
    return {
        "headline": f"خبر zq{number}title عن الحي",
        "slug": f"zq{number}slug",
        "standfirst": f"مقدمة zq{number}lead قصيرة",
        "kicker": f"zq{number}title",
        "body": f"<p>متن zq{number}body هنا.</p>{BODY}",
    }


def hide(public: list[Article], **about: Any) -> dict[str, Article]:
    """One article in each of the states, about the same section, people, source and tags as what is public."""
    hidden = {state: _make(state, number, about) for number, state in enumerate(STATES)}
    index([article.pk for article in hidden.values()])
    for number, article in enumerate(hidden.values()):
        Correction.objects.create(article=article, note=f"zq{number}note", at=timezone.now())
        RelatedLink.objects.create(article=public[0], target=article, position=number, after_block=1)
    gone = copy(hidden["deleted"])
    hidden["deleted"].delete()
    return hidden | {"deleted": gone}


def _make(state: str, number: int, about: dict[str, Any]) -> Article:
    fields = texts(number) | {"lead_image": make_image(alt_text=f"zq{number}lead", caption=f"zq{number}note")}
    if state.startswith("changes"):
        story = make_article(f"القصة المنشورة {number}", **about)
        changed = open_changes(story, by=make_user(Role.EDITOR))
        status = Status.IN_REVIEW if "review" in state else Status.DRAFT
        Article.objects.filter(pk=changed.pk).update(status=status, **fields)
        return Article.objects.get(pk=changed.pk)
    later = timezone.now() + timedelta(hours=1)
    scheduled = {"publish_at": later, "published_at": later, "breaking_until": later + timedelta(hours=2)}
    kept: dict[str, Any] = {
        "in review": {"status": Status.IN_REVIEW},
        "approved": {"status": Status.APPROVED},
        "scheduled": {"status": Status.APPROVED, **scheduled},
    }.get(state, {})
    return make_article(published=False, **fields, **kept, **about)


def told(answer: Any) -> list[str]:
    """The secret words that an answer gives away in its text, its headers or where it leads."""
    content = answer.content if hasattr(answer, "content") else answer.body
    everything = _ECHO.sub("", content.decode(errors="replace")) + str(dict(answer.headers))
    return sorted({found[0] for found in SECRET.finditer(everything)})
