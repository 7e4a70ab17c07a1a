"""What somebody typed and has not saved: kept for himself, offered back, forgotten when it is in a version."""

import json
import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from articles.conflicts import version_of
from articles.models import Article, Presence, Revision, UnsavedText
from articles.typed import NAMES, PAPERS, Sent, Text, last, same, text_in, text_of, words_of

MOST_TEXTS = 20  # a user
MOST_LETTERS = 1_000_000  # of one form as JSON: a body of 200 KB and everything round it
MOST_OFFERED = 5
MOST_VERSIONS_READ = 20
KEPT = timedelta(days=30)
PRESENCE_KEPT = timedelta(days=1)
# Boxes that are never empty say nothing by themselves.
_CHOICES = {"origin", "section_id", *PAPERS}
_WINDOW = re.compile(r"[0-9a-f-]{8,36}", re.ASCII)


class TooMuch(Exception):
    """The form is larger than any article."""


def window_of(data: Sent) -> str:
    """The key of the window that a form was sent from; "" for none of ours."""
    window = last(data, "window") or ""
    return window if _WINDOW.fullmatch(window) else ""


@transaction.atomic
def keep(
    user: User, data: Sent, *, story: Article | None, window: str, base_version: int = 0, at: datetime | None = None
) -> UnsavedText:
    """Store what was typed in a window, over what was stored of it before. Raises TooMuch."""
    words = {_storable(name): [_storable(value) for value in values] for name, values in words_of(data).items()}
    if len(json.dumps(words, ensure_ascii=False)) > MOST_LETTERS:
        raise TooMuch
    values = {"article": story, "base_version": base_version or version_of(data), "data": words}
    text, _is_new = UnsavedText.objects.update_or_create(user=user, window=window, defaults=values)
    if at:
        text.saved_at = at
        UnsavedText.objects.filter(pk=text.pk).update(saved_at=at)  # past auto_now
    kept = UnsavedText.objects.filter(user=user).order_by("-saved_at", "-pk")
    UnsavedText.objects.filter(pk__in=list(kept.values_list("pk", flat=True)[MOST_TEXTS:])).delete()
    return text


def says_something(user: User, data: Sent, *, article: Article | None, base_version: int) -> bool:
    """Whether words would be lost with it: they stand neither in the article nor in a version that the user saved."""
    mine = text_of(data)
    if article is None:
        return _is_new_text(user, mine)
    story = article.story
    base = story.revisions.filter(version=base_version).values_list("data", flat=True).first() or {}
    changed = [
        name for name in mine if name not in PAPERS and not (name in base and same(name, mine[name], base[name]))
    ]
    if not changed or _holds(text_in(article), mine, changed):
        return False
    own = story.revisions.filter(by=user, version__gte=base_version).order_by("-version")
    return not any(_holds(text, mine, changed) for text in own.values_list("data", flat=True)[:MOST_VERSIONS_READ])


def offered(user: User, *, story: Article | None, article: Article | None, but: str = "") -> list[UnsavedText]:
    """What the form of `article` (None: a new one) may bring back, the newest first, without the window `but`."""
    texts = UnsavedText.objects.filter(user=user, article=story).exclude(window=but)[: 2 * MOST_OFFERED]
    found = (text for text in texts if says_something(user, text.data, article=article, base_version=text.base_version))
    return list(found)[:MOST_OFFERED]


def forget(user: User, windows: Iterable[str]) -> None:
    UnsavedText.objects.filter(user=user, window__in=list(windows)).delete()


def forget_saved(user: User, *, article: Article) -> None:
    """Drop what the versions of this story hold by now."""
    for text in UnsavedText.objects.filter(user=user, article=article.story):
        if not says_something(user, text.data, article=article, base_version=text.base_version):
            text.delete()


def forget_old(now: datetime) -> int:
    """Delete what nobody has asked for in 30 days, and who was where yesterday. Returns how many rows."""
    texts = UnsavedText.objects.filter(saved_at__lt=now - KEPT).delete()[0]
    return texts + Presence.objects.filter(seen_at__lt=now - PRESENCE_KEPT).delete()[0]


def _is_new_text(user: User, mine: Text) -> bool:
    """Of an article that was never saved; one that was just saved in another window is no loss."""
    changed = [name for name in NAMES if name in mine and name not in _CHOICES and mine[name]]
    if not changed:
        return False
    firsts = Revision.objects.filter(by=user, version=1, created_at__gt=timezone.now() - KEPT).order_by("-created_at")
    return not any(_holds(text, mine, changed) for text in firsts.values_list("data", flat=True)[:MOST_VERSIONS_READ])


def _holds(text: Text, mine: Text, names: Iterable[str]) -> bool:
    return all(same(name, mine[name], text.get(name)) for name in names)


def _storable(text: str) -> str:
    """Without what PostgreSQL refuses in JSON: NUL and halves of surrogate pairs."""
    return text.replace("\0", "").encode(errors="ignore").decode()
