"""The home page as readers will see it at a moment: the page itself in a sealed frame, and what changes until then.

The frame holds a document of its own with a policy of its own: nothing in it runs, leads anywhere or is kept. Its
address carries the arrangement, so that one that nobody has saved can be looked at.
"""

import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from articles import front_desk, front_layout
from articles.admin.front_forms import Unclear, moment_typed
from articles.admin.previewing import one_of, sealed
from articles.front_layout import Layout, Unreadable, as_text, in_order, lasting
from articles.front_page import FrontPage, front_page
from articles.front_timeline import timeline
from articles.models import Article, FrontSlot
from articles.validators import read_moment
from pages import days
from pages.public_time import public_now

WIDTHS = (360, 768, 1280)
SCHEMES = ("light", "dark")
# What a frame without scripts and without a way out has no use for.
_SCRIPTS = re.compile(r"<script\b.*?</script>", re.DOTALL)
_ASKED_FOR = re.compile(r'<link rel="(?:manifest|search|preload|icon|apple-touch-icon)"[^>]*>')
_LEADS_AWAY = re.compile(r'(<a\b[^<>]*?) href="[^"]*"')


def preview_page(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """GET: of what is saved. POST: of the arrangement in the form, which is kept nowhere."""
    data = request.POST if request.method == "POST" else request.GET
    layout, is_unsaved = _layout(data.get("pins"))
    now = public_now()
    at, refusal = _moment(data, now)
    width = next((width for width in WIDTHS if str(width) == data.get("width")), WIDTHS[-1])
    scheme = one_of(data.get("scheme", ""), SCHEMES)
    query = {"at": at.isoformat(), "scheme": scheme} | ({"pins": as_text(layout)} if is_unsaved else {})
    request.frame_sources = ["'self'"]  # type: ignore[attr-defined]
    context = site.each_context(request) | {
        "title": _("How the front page will look"),
        "opts": FrontSlot._meta,
        "at": at,
        "is_now": at <= now,
        "refusal": refusal,
        "pins": as_text(layout) if is_unsaved else "",
        "is_unsaved": is_unsaved,
        "width": width,
        "widths": WIDTHS,
        "scheme": scheme,
        "schemes": SCHEMES,
        "frame": f"{reverse('admin:articles_frontslot_page')}?{urlencode(query)}",
        "steps": _steps(now, at),
        "events": timeline(layout, now, at),
        "is_nav_sidebar_enabled": False,
    }
    return TemplateResponse(request, "admin/articles/front/preview.html", context)


def page_document(request: HttpRequest) -> HttpResponse:
    """The home page of a moment, sealed. Raises BadRequest for an address that no page of ours names."""
    layout, _is_unsaved = _layout(request.GET.get("pins"))
    at = read_moment(request.GET.get("at", ""))
    if at is None:
        raise BadRequest("at")
    front = front_page(at, layout)
    _put_the_clock_on(front, at)
    html = render_to_string("articles/home.html", {"front": front}, request)
    response = sealed(HttpResponse(as_shown(html, one_of(request.GET.get("scheme", ""), SCHEMES))))
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def as_shown(html: str, scheme: str) -> str:
    """The page by day or by night, without scripts and without links that lead anywhere."""
    html = _LEADS_AWAY.sub(r"\1", _ASKED_FOR.sub("", _SCRIPTS.sub("", html)))
    return html.replace("<html ", f'<html data-theme="{scheme}" ', 1)


def _put_the_clock_on(front: FrontPage, at: datetime) -> None:
    """A card asks the clock whether its story is breaking news; by then that may be over."""
    shown: list[Article] = [*front.breaking, *front.seconds, *front.latest, *front.picks, *front.opinions]
    shown += [article for row in (*front.rows, *front.pairs) for article in row.articles]
    for article in [*shown, *([front.lead] if front.lead else [])]:
        if not article.is_breaking_at(at):
            article.breaking_until = None


def _layout(pins: str | None) -> tuple[Layout, bool]:
    """The arrangement in the request, or the stored one; and whether it is another one than that."""
    stored = front_desk.stored_layout()
    if pins is None:
        return stored, False
    try:
        layout = front_layout.from_text(pins)
    except Unreadable as error:
        raise BadRequest("pins") from error
    return layout, layout != in_order(lasting(stored, public_now()))


def _moment(data: Any, now: datetime) -> tuple[datetime, str]:
    """What the page is asked for: a step, what stands in the boxes, the address; else now. And what was wrong."""
    if step := data.get("step"):
        at = read_moment(step)
        return (at, "") if at else (now, "")
    if data.get("at_0") or data.get("at_1"):
        try:
            return moment_typed(data, "at"), ""
        except Unclear as error:
            return now, str(error)
    return read_moment(data.get("at", "")) or now, ""


def _steps(now: datetime, at: datetime) -> list[tuple[str, str]]:
    """Quick ways to a moment: (label, moment)."""
    today = days.day_of(now)
    evening = days.midnight(today) + timedelta(hours=18)
    if evening <= now:
        evening += timedelta(days=1)
    morning = days.midnight(today + timedelta(days=1)) + timedelta(hours=6)
    return [
        (_("Now"), now.isoformat()),
        (_("One hour later"), (max(at, now) + timedelta(hours=1)).isoformat()),
        ("18:00", evening.isoformat()),
        (_("Tomorrow 06:00"), morning.isoformat()),
    ]
