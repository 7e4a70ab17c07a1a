"""Closing the site for a while: one file beside the data, which every process looks at and no database is needed for.

The page is made when the site is closed, because nothing may work afterwards.
"""

import json
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from newsroom.lib.dates import PrintStyle, format_datetime, format_time, local_time
from newsroom.lib.generations import bump_everything
from newsroom.lib.zones import city_of
from newsroom.plain_pages import as_response
from pages.current import current_site
from pages.models import SiteSettings

# What Retry-After says when nobody knows how long it takes, or when it takes longer than planned; seconds.
SOON = 300


def notice() -> Path:
    return Path(settings.DATA_DIR, "maintenance.json")


def close_site(*, until: datetime | None = None, note: str = "") -> None:
    """Answer every reader and editor with a page that says when the site is back. A second call changes the page."""
    site = known_settings()
    context = {
        "name": site.name,
        "until": _printed(until, site.style) if until else "",
        "city": city_of(site.time_zone),
        "channel": next(iter(site.social_addresses), ""),
        "note": note,
    }
    page = render_to_string("plain/503.html", context)
    text = json.dumps({"until": until.isoformat() if until else None, "page": page}, ensure_ascii=False)
    # Never half of a file: it is read while it is written.
    fresh = notice().with_suffix(".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(notice())
    bump_everything(recall=True)


def known_settings() -> SiteSettings:
    """Of the site; without its database, which is when it is closed in a hurry: named by its host, on world time."""
    try:
        return current_site().settings
    except (OperationalError, InterfaceError):
        return SiteSettings(name=settings.SITE_HOST, time_zone="UTC")


def open_site() -> bool:
    """Return whether it was closed."""
    was_closed = notice().exists()
    notice().unlink(missing_ok=True)
    bump_everything()
    return was_closed


def closed_page() -> HttpResponse | None:
    """503 with the page while the site is closed (RFC 9110, 15.6.4), else None."""
    try:
        told = json.loads(notice().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    response = as_response(told["page"], status=503)
    response["Retry-After"] = str(_seconds_until(told["until"]))
    response["Cache-Control"] = "no-store"
    return response


def _seconds_until(moment: str | None) -> int:
    left = datetime.fromisoformat(moment) - timezone.now() if moment else timedelta()
    return max(SOON, int(left.total_seconds()))


def _printed(moment: datetime, style: PrintStyle) -> str:
    is_today = local_time(moment, style).date() == local_time(timezone.now(), style).date()
    return format_time(moment, style) if is_today else format_datetime(moment, style)
