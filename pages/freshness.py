"""When a page last changed, for Last-Modified: never too early, so that a "304 Not Modified" is never wrong."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from pages.current import Site
from pages.days import midnight, today

# Another release may print the same rows in another way.
STARTED_AT = timezone.now()
# A deed bears the time at which it began, and shows when its transaction ends; HTTP knows whole seconds only.
# So a change is vouched for once it is a little old.
SETTLED = timedelta(seconds=10)


def last_modified(site: Site) -> datetime | None:
    """Return the newest of: the last deed of anybody, what the clock alone made public or ended, the start of this
    process, and midnight, when the date at the head of each page changes. None while that is too recent to be sure.

    The list of the most read stories does not count: it changes every minute, and no page is about it but its own.
    """
    if site.changed_at is None and settings.PAGE_CACHE != "off":
        return None  # kept without that time (pages.current); pages that are kept know when they were made
    newest = max(filter(None, (site.changed_at, midnight(today()), STARTED_AT)))
    if newest > timezone.now() - SETTLED:
        return None
    return newest.astimezone(UTC).replace(microsecond=0) + timedelta(seconds=1)
