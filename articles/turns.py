"""What the clock alone begins and ends among the stories, for pages that are kept (pages.clock)."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet

from articles.enums import Status
from articles.models import Article, FrontSlot
from newsroom.lib.scopes import FRONT
from pages.clock import Turn


def _scheduled() -> QuerySet:
    # Not by published(), which hides the index of publish_at.
    return Article.objects.stories().filter(status=Status.APPROVED)


def _next_published(now: datetime) -> QuerySet:
    return _scheduled().filter(publish_at__gt=now).order_by("publish_at").values_list("publish_at", flat=True)


def newest_published(now: datetime) -> QuerySet:
    """Whose moment has come: what readers have seen stays public when the clock goes back (pages.public_time)."""
    due = _scheduled().filter(publish_at__lte=now)
    return due.order_by("-publish_at").values_list("publish_at", flat=True)


def _published(since: datetime, now: datetime) -> Iterator[str]:
    for story in _scheduled().filter(publish_at__gt=since, publish_at__lte=now):
        yield from story.changed_scopes()


def _next_breaking_ended(now: datetime) -> QuerySet:
    lasting = Article.objects.filter(breaking_until__gt=now)
    return lasting.order_by("breaking_until").values_list("breaking_until", flat=True)


def _breaking_ended(since: datetime, now: datetime) -> Iterator[str]:
    for story in Article.objects.filter(breaking_until__gt=since, breaking_until__lte=now):
        yield from story.changed_scopes()


def _next_place_ended(now: datetime) -> QuerySet:
    return FrontSlot.objects.filter(ends_at__gt=now).order_by("ends_at").values_list("ends_at", flat=True)


def _place_ended(since: datetime, now: datetime) -> Iterator[str]:
    if FrontSlot.objects.filter(ends_at__gt=since, ends_at__lte=now).exists():
        yield FRONT


TURNS = (
    Turn(_next_published, _published),
    Turn(_next_breaking_ended, _breaking_ended),
    Turn(_next_place_ended, _place_ended),
)
