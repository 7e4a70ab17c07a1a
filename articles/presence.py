"""Who has the form of an article open. A heartbeat every 15 seconds keeps the row fresh; it locks nothing."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

from accounts.models import User
from articles.models import Article, Presence

FRESH = timedelta(seconds=45)
# Whoever comes back within this time, after a save for example, was never away.
AWAY = timedelta(seconds=90)


def beat(user: User, article: Article) -> None:
    now = timezone.now()
    presence, is_new = Presence.objects.get_or_create(article=article, user=user, defaults={"seen_at": now})
    if is_new:
        return
    since = presence.since if now - presence.seen_at < AWAY else now
    Presence.objects.filter(pk=presence.pk).update(seen_at=now, since=since)


def leave(user: User, article: Article) -> None:
    """Seen no more, from now on; the row stays for whoever only saves and comes back."""
    Presence.objects.filter(article=article, user=user).update(seen_at=timezone.now() - FRESH)


def others(user: User, article: Article) -> models.QuerySet[Presence]:
    """Who else is there, who came first first."""
    fresh = Presence.objects.filter(article=article, seen_at__gt=timezone.now() - FRESH)
    return fresh.exclude(user=user).select_related("user").order_by("since", "pk")
