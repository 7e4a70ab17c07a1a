"""What somebody typed and has not saved: kept for himself, offered back, forgotten when it is in a version.

Sendings of one window may arrive in another order than they left in, or after somebody stopped waiting for them. So
each carries a stamp that only grows in its window, and an older one neither replaces nor removes what a newer one said.
"""

import json
import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from articles.conflicts import version_of
from articles.models import Article, Presence, Revision, UnsavedText
from articles.typed import NAMES, PAPERS, Sent, Text, last, same, text_in, text_of, words_of
from newsroom.lib.keys import read_number

MOST_TEXTS = 50  # a user
MOST_LETTERS = 1_000_000  # of one form as JSON: a body of 200 KB and everything round it
MOST_OFFERED = 5
MOST_VERSIONS_READ = 20
KEPT = timedelta(days=30)
PRESENCE_KEPT = timedelta(days=1)
# Boxes that are never empty say nothing by themselves.
_CHOICES = {"origin", "section_id", *PAPERS}
_WINDOW = re.compile(r"[0-9a-f-]{8,36}", re.ASCII)
_LONGEST_STAMP = 15  # digits


class TooMuch(Exception):
    """The form is larger than any article."""


class TooMany(TooMuch):
    """MOST_TEXTS are kept that all say something: none of them is dropped for a newer one."""


def window_of(data: Sent) -> str:
    """The key of the window that a form was sent from; "" for none of ours."""
    window = last(data, "window") or ""
    return window if _WINDOW.fullmatch(window) else ""


def stamp_of(data: Sent) -> int | None:
    """The number that orders the sendings of one window, ms since 1970 by its clock; None from a page without script.

    Never compared between windows: their clocks may differ.
    """
    return read_number(last(data, "_stamp") or "", digits=_LONGEST_STAMP)


@transaction.atomic
def keep(
    user: User, data: Sent, *, story: Article | None, window: str, base_version: int = 0, at: datetime | None = None
) -> UnsavedText:
    """Store what was typed in a window, over what was stored of it before unless that was typed later.

    Returns what is stored of the window by then. Raises TooMuch and TooMany, and stores nothing.
    """
    words = {_storable(name): [_storable(value) for value in values] for name, values in words_of(data).items()}
    if len(json.dumps(words, ensure_ascii=False)) > MOST_LETTERS:
        raise TooMuch
    _make_room(user, window)
    text = UnsavedText(
        user=user,
        window=window,
        article=story,
        base_version=base_version or version_of(data),
        data=words,
        saved_at=at or timezone.now(),
    )
    _write(text, stamp_of(data))
    return UnsavedText.objects.get(user=user, window=window)  # the statement has locked it, also where it wrote nothing


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


def forget(user: User, window: str, *, through: int | None = None) -> None:
    """Drop what is stored of a window, unless it was typed after the stamp `through`."""
    stored = UnsavedText.objects.filter(user=user, window=window)
    (stored if through is None else stored.filter(stamp__lte=through)).delete()


def name_brought_back(text: UnsavedText) -> str:
    """By which a form says what it took over: that window may be open somewhere, and typed into since."""
    return f"{text.window}:{text.stamp}"


def forget_brought_back(user: User, names: Iterable[str]) -> None:
    for name in names:
        window, _colon, stamp = name.partition(":")
        if _WINDOW.fullmatch(window):
            # Without a stamp: kept of a page without script, or named by a page that is older than stamps.
            forget(user, window, through=stamp_of({"_stamp": [stamp]}) or None)


def forget_saved(user: User, *, article: Article) -> None:
    """Drop what the versions of this story hold by now."""
    for text in UnsavedText.objects.filter(user=user, article=article.story):
        if not says_something(user, text.data, article=article, base_version=text.base_version):
            _drop(text)


def forget_old(now: datetime) -> int:
    """Delete what nobody has asked for in 30 days, and who was where yesterday. Returns how many rows."""
    texts = UnsavedText.objects.filter(saved_at__lt=now - KEPT).delete()[0]
    return texts + Presence.objects.filter(seen_at__lt=now - PRESENCE_KEPT).delete()[0]


def _write(text: UnsavedText, stamp: int | None) -> None:
    """In one statement, so that nothing comes between looking and writing. Without a stamp it is the newest."""
    meta, quoted = UnsavedText._meta, connection.ops.quote_name
    text.stamp = stamp or 0
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    values = [field.get_db_prep_save(getattr(text, field.attname), connection) for field in fields]
    names = [quoted(str(field.column)) for field in fields]
    key = [quoted("user_id"), quoted("window")]
    kept_as_it_is = {*key, *([quoted("stamp")] if stamp is None else [])}
    sets = ", ".join(f"{name} = excluded.{name}" for name in names if name not in kept_as_it_is)
    table = quoted(meta.db_table)
    newest = "" if stamp is None else f" WHERE {table}.stamp <= excluded.stamp"
    statement = (
        f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(['%s'] * len(names))}) "  # noqa: S608 - our names
        f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {sets}{newest}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _make_room(user: User, window: str) -> None:
    """For one more window: what says nothing goes. Raises TooMany."""
    texts = UnsavedText.objects.filter(user=user)
    if texts.count() < MOST_TEXTS or texts.filter(window=window).exists():
        return
    for text in texts.select_related("article"):
        if not says_something(user, text.data, article=text.article, base_version=text.base_version):
            _drop(text)
    if texts.count() >= MOST_TEXTS:
        raise TooMany


def _drop(text: UnsavedText) -> None:
    """As it was read: what has been typed over it since stays."""
    UnsavedText.objects.filter(pk=text.pk, stamp=text.stamp, saved_at=text.saved_at).delete()


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
