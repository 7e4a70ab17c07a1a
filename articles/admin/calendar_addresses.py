"""The secret addresses at which a member of staff has the calendar in a program of his own."""

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.models import User
from articles.admin.staff import member
from articles.calendar_feeds import DAYS_AHEAD, DAYS_BACK, delete_feed, make_feed, may_have, renew_feed
from articles.models import CalendarFeed, Section
from newsroom.lib.keys import read_key


@never_cache
def addresses_page(request: HttpRequest) -> HttpResponse:
    """GET shows one's own addresses; POST makes, renews or deletes one of them. Raises Http404 for any other."""
    user = member(request)
    if not may_have(user):
        raise PermissionDenied
    if request.method == "POST":
        messages.success(request, _carried_out(request, user))
        return redirect("desk:calendar_addresses")
    feeds = CalendarFeed.objects.filter(user=user).select_related("section")
    shown = [(feed, settings.SITE_URL + reverse("articles:calendar_feed", args=[feed.key])) for feed in feeds]
    has = {feed.section_id for feed, _address in shown if feed.section_id}
    context = admin.site.each_context(request) | {
        "title": _("Calendar at a secret address"),
        "shown": shown,
        "has_all": any(feed.section_id is None for feed, _address in shown),
        "sections": Section.objects.exclude(pk__in=has),
        "days_back": DAYS_BACK,
        "days_ahead": DAYS_AHEAD,
    }
    return TemplateResponse(request, "admin/articles/calendar/addresses.html", context)


def _carried_out(request: HttpRequest, user: User) -> str:
    """What the button says, and the sentence that tells it."""
    if "_make" in request.POST:
        section = request.POST.get("section", "")
        make_feed(by=user, section=get_object_or_404(Section, pk=read_key(section)) if section else None)
        return _("The address is made. Enter it in your calendar program.")
    feed = get_object_or_404(CalendarFeed, pk=read_key(request.POST.get("feed", "")), user=user)
    if "_delete" in request.POST:
        delete_feed(feed, by=user)
        return _("The address is deleted. It answers nobody any more.")
    renew_feed(feed, by=user)
    return _("There is a new address. The old one answers nobody any more.")
