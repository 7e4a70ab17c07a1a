"""The plan of the desk for the calendar programs of its members: secret addresses, and what stands at one of them."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from articles.calendar import Item, Kind, Place, Wanted, places, read_items
from articles.models import CalendarFeed, Section
from articles.models.partners import new_key
from articles.publishing import NotAllowed
from audit.enums import Action
from audit.recording import log
from newsroom.lib.bidi import plain_title
from newsroom.lib.ical import Event, write_calendar
from pages.current import current_site
from pages.days import day_of

DAYS_BACK, DAYS_AHEAD = 90, 180
MOST_EVENTS = 2_000
REFRESH = timedelta(hours=1)
_TO_COME = {Kind.PLANNED, Kind.SCHEDULED, Kind.DEADLINE}


def may_have(user: User) -> bool:
    """Whoever sees articles at the desk; asked again whenever the calendar is fetched."""
    return user.is_active and user.is_staff and user.has_perm("articles.view_article")


@transaction.atomic
def make_feed(*, by: User, section: Section | None = None) -> CalendarFeed:
    """The address of `by` for all sections or for one; the one that there is, if there is one. Raises NotAllowed."""
    if not may_have(by):
        raise NotAllowed
    feed, is_new = CalendarFeed.objects.get_or_create(user=by, section=section)
    if is_new:
        log(Action.ADDED, by=by, subject=feed)
    return feed


@transaction.atomic
def renew_feed(feed: CalendarFeed, *, by: User) -> CalendarFeed:
    """From now on the old address answers as one that never was. The log tells neither. Raises NotAllowed."""
    _require_own(feed, by)
    feed.key = new_key()
    feed.save(update_fields=["key"])
    log(Action.ADDRESS_RENEWED, by=by, subject=feed)
    return feed


@transaction.atomic
def delete_feed(feed: CalendarFeed, *, by: User) -> None:
    """Raises NotAllowed."""
    _require_own(feed, by)
    log(Action.DELETED, by=by, subject=feed)
    feed.delete()


def find_feed(key: str) -> CalendarFeed | None:
    """None for an unknown key and for a member who may see no articles any more, and nothing tells which.

    The key is looked up in its index, which takes as long for one that is nearly right as for any other.
    """
    feed = CalendarFeed.objects.select_related("user", "section").filter(key=key).first()
    return feed if feed and may_have(feed.user) else None


def calendar_of(feed: CalendarFeed, *, now: datetime | None = None) -> bytes:
    """As iCalendar: what the member sees in the calendar of the desk from DAYS_BACK ago to DAYS_AHEAD."""
    moment = now or timezone.now()
    today = day_of(moment)
    start, end = today - timedelta(days=DAYS_BACK), today + timedelta(days=DAYS_AHEAD + 1)
    found = places(feed.user, start, end, now=moment, wanted=Wanted(section=feed.section))
    items = read_items(feed.user, _most_wanted(found), now=moment)
    site = current_site().settings.name
    name = f"{site}: {feed.section.name}" if feed.section else site
    return write_calendar(
        (_event(item) for item in items.values()),
        name=_("Plan of %(name)s") % {"name": name},
        product=f"-//{site}//Newsroom//AR",
        refresh=REFRESH,
        now=moment,
    )


def _most_wanted(found: list[Place]) -> list[Place]:
    """All that is to be done goes before what is done, and of that the newest."""
    done = sorted((place for place in found if place.kind not in _TO_COME), key=_moment_of, reverse=True)
    return [*sorted((place for place in found if place.kind in _TO_COME), key=_moment_of), *done][:MOST_EVENTS]


def _moment_of(place: Place) -> tuple[int, float]:
    return place.day.toordinal(), place.at.timestamp() if place.at else 0


def _event(item: Item) -> Event:
    article = item.article
    # A planned story that gets its hour and appears is one event that changes; its deadline is another.
    name = "deadline" if item.kind == Kind.DEADLINE else "changes" if article.is_working_copy else "story"
    kind = _("changes: %(status)s") % {"status": item.kind.label} if article.is_working_copy else str(item.kind.label)
    headline = plain_title(str(article))
    person = article.assigned_to
    about = [article.section.name if article.section else "", str(person) if person else ""]
    return Event(
        uid=f"{name}-{article.pk}@{urlsplit(settings.SITE_URL).hostname}",
        summary=pgettext("calendar entry", "%(kind)s: %(headline)s") % {"kind": kind, "headline": headline},
        start=item.at or item.day,
        changed_at=article.saved_at,
        # Seconds of its life: more with each change, and no change is forgotten.
        sequence=max(int((article.saved_at - article.created_at).total_seconds()), 0),
        status="TENTATIVE" if item.kind == Kind.PLANNED else "CONFIRMED",
        url=settings.SITE_URL + reverse("admin:articles_article_change", args=[article.pk]),
        description="\n".join(filter(None, [kind, *about])),
        category=article.section.name if article.section else "",
    )


def _require_own(feed: CalendarFeed, by: User) -> None:
    if feed.user_id != by.pk:
        raise NotAllowed
