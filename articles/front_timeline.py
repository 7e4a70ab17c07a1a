"""What will change on the home page by itself until a moment: publications, pins and breaking news that end."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from articles.enums import Status
from articles.front_layout import Layout
from articles.models import Article

MOST_EVENTS = 40


class Happening(StrEnum):
    PUBLISHED = "published"
    PIN_ENDS = "pin_ends"
    BREAKING_ENDS = "breaking_ends"


@dataclass(frozen=True)
class Event:
    at: datetime
    happening: Happening
    article: Article


def timeline(layout: Layout, now: datetime, until: datetime) -> list[Event]:
    """In the order of the clock, from `now` on up to and with `until`; the first MOST_EVENTS of each. Three queries."""
    stories = Article.objects.defer("body")
    coming = stories.filter(
        status=Status.APPROVED, working_copy_of__isnull=True, publish_at__gt=now, publish_at__lte=until
    ).order_by("publish_at", "id")
    ending = stories.filter(
        breaking_until__gt=now, breaking_until__lte=until, working_copy_of__isnull=True, status=Status.APPROVED
    ).order_by("breaking_until", "id")
    ends = {pin.article_id: pin.ends_at for pin in layout if pin.ends_at and now < pin.ends_at <= until}
    pinned = stories.in_bulk(list(ends))
    events = [Event(row.publish_at, Happening.PUBLISHED, row) for row in coming[:MOST_EVENTS] if row.publish_at]
    events += [
        Event(row.breaking_until, Happening.BREAKING_ENDS, row) for row in ending[:MOST_EVENTS] if row.breaking_until
    ]
    events += [Event(end, Happening.PIN_ENDS, pinned[key]) for key, end in ends.items() if key in pinned]
    return sorted(events, key=lambda event: (event.at, event.happening, event.article.pk))
