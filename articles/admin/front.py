"""The front desk: the arrangement of the home page as a picture of it, changed by buttons, by dragging and by keys.

Buttons change an arrangement that travels in the form; readers see it once it is saved. The breaking bar alone changes
at once.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from articles import front_desk, front_history
from articles.admin import front_preview
from articles.admin.front_forms import Draft, Unclear, act, breaking_until, key_in
from articles.admin.staff import member
from articles.enums import SlotPlace
from articles.front_board import board, placeable
from articles.front_layout import Layout, as_rows, as_text, fingerprint
from articles.front_page import SECONDS
from articles.models import Article, FrontChange, FrontSlot
from articles.publishing import NotAllowed, NotReady, WrongState
from audit.admin import LoggedAdmin
from newsroom.lib.keys import read_key
from pages.public_time import public_now

PAGE = "admin:articles_frontslot_changelist"


@admin.register(FrontSlot)
class FrontSlotAdmin(LoggedAdmin):
    """No list of rows: one page shows the whole arrangement."""

    def get_urls(self) -> list[URLPattern]:
        pages: dict[str, tuple[Callable[..., HttpResponse], str]] = {
            "": (self.board_view, "changelist"),
            "undo/<int:number>/": (self.undo_view, "undo"),
            "preview/": (self.preview_view, "preview"),
            "page/": (self.page_view, "page"),
        }
        view = self.admin_site.admin_view
        return [path(route, view(page), name=f"articles_frontslot_{name}") for route, (page, name) in pages.items()]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return front_desk.may_arrange(member(request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def board_view(self, request: HttpRequest) -> HttpResponse:
        self._require(request)
        return _ordered(request, self.admin_site) if request.method == "POST" else _opened(request, self.admin_site)

    def undo_view(self, request: HttpRequest, number: int) -> HttpResponse:
        self._require(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        return _undo(request, get_object_or_404(FrontChange, pk=number), self.admin_site)

    def preview_view(self, request: HttpRequest) -> HttpResponse:
        self._require(request)
        return front_preview.preview_page(request, self.admin_site)

    def page_view(self, request: HttpRequest) -> HttpResponse:
        self._require(request)
        return front_preview.page_document(request)

    def _require(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied


def _opened(request: HttpRequest, site: admin.AdminSite) -> HttpResponse:
    draft = Draft.of(front_desk.stored_layout())
    if wanted := request.GET.get("put", ""):
        draft.chosen = placeable().for_links().filter(pk=read_key(wanted) or 0).first()
    return _page(request, draft, site)


def _ordered(request: HttpRequest, site: admin.AdminSite) -> HttpResponse:
    """Do what a button asks for. What cannot be done is said above the arrangement, which stays as it was sent."""
    try:
        draft = Draft.read(request.POST)
    except Unclear as error:
        messages.error(request, str(error))
        return redirect(PAGE)
    order = request.POST.get("op", "")
    try:
        if order == "save":
            return _save(request, draft)
        if order.startswith(("break:", "unbreak:")):
            _break(request, order)
            if not draft.is_changed_from(front_desk.stored_layout()):
                return redirect(PAGE)
        else:
            act(draft, order, request.POST)
    except front_desk.ArrangedMeanwhile as error:
        return _page(request, draft, site, refusal=str(error), theirs=error.current)
    except (WrongState, NotAllowed) as error:
        return _page(request, draft, site, refusal=str(error))
    except NotReady as error:
        return _page(request, draft, site, refusal=" ".join(error.reasons.values()))
    return _page(request, draft, site)


def _save(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Raises ArrangedMeanwhile, NotAllowed, WrongState."""
    change = front_desk.arrange(draft.layout, by=member(request), seen=draft.seen)
    if change:
        messages.success(request, _("Readers see the new arrangement now."))
    else:
        messages.info(request, _("The front page stands like that already."))
    return redirect(PAGE)


def _break(request: HttpRequest, order: str) -> None:
    """Raises Unclear, WrongState, NotAllowed, NotReady."""
    name, _sep, rest = order.partition(":")
    key = key_in(rest)
    article = Article.objects.stories().filter(pk=key).first()
    if article is None:
        raise Unclear(_("This article does not exist any more."))
    if name == "unbreak":
        front_desk.set_breaking(article, None, by=member(request))
        messages.success(request, _("The story is out of the breaking bar."))
        return
    until = breaking_until(request.POST, key)
    text = request.POST.get(f"break-{key}-text")
    front_desk.set_breaking(article, until, by=member(request), text=text)
    messages.success(request, _("The story stands in the breaking bar."))


def _undo(request: HttpRequest, change: FrontChange, site: admin.AdminSite) -> HttpResponse:
    try:
        front_desk.undo(change, by=member(request), seen=request.POST.get("seen", "")[:80])
    except front_desk.ChangedSince as error:
        return _ask(request, change, error, site)
    except (WrongState, NotAllowed) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The change is taken back."))
    return redirect(PAGE)


def _ask(
    request: HttpRequest, change: FrontChange, error: front_desk.ChangedSince, site: admin.AdminSite
) -> HttpResponse:
    """What would be lost, and a button that agrees to it."""
    titles = front_history.titles_of([change.before, change.after, error.now])
    now = public_now()
    context = site.each_context(request) | {
        "title": _("Take the change back"),
        "opts": FrontSlot._meta,
        "change": change,
        "seen": error.seen,
        "did": front_history.deeds(change.before, change.after, titles, at=change.at),
        "lost": front_history.deeds(change.after, error.now, titles, at=now),
    }
    return TemplateResponse(request, "admin/articles/front/undo.html", context, status=409)


def _page(
    request: HttpRequest, draft: Draft, site: admin.AdminSite, *, refusal: str = "", theirs: Layout | None = None
) -> HttpResponse:
    slots = list(FrontSlot.objects.select_related("set_by").order_by("place", "position"))
    stored = front_desk.layout_of(slots) if theirs is None else theirs
    shown = board(draft.layout, slots, public_now())
    history = front_history.newest()
    context = site.each_context(request) | {
        "title": _("Front page"),
        "opts": FrontSlot._meta,
        "draft": draft,
        "board": shown,
        "pins": as_text(draft.layout),
        "is_changed": draft.is_changed_from(stored),
        "refusal": refusal,
        "seats": _seats(shown),
        "history": history,
        "newest": next((told for told in history if not told.is_undone), None),
        "is_nav_sidebar_enabled": False,  # the room is for the picture of the page
    }
    if theirs is not None:
        context |= _both(draft, theirs)
    return TemplateResponse(request, "admin/articles/front/desk.html", context, status=409 if refusal else 200)


def _both(draft: Draft, theirs: Layout) -> dict[str, Any]:
    """What somebody else has saved beside what was to be saved here; whoever presses save again has seen both."""
    states = [{"slots": as_rows(layout)} for layout in (theirs, draft.layout)]
    titles = front_history.titles_of(states)
    draft.seen = fingerprint(theirs)
    return {
        "conflict": front_history.deeds(states[0], states[1], titles, at=public_now()),
        "theirs": _listed(theirs, titles),
        "mine": _listed(draft.layout, titles),
    }


def _listed(layout: Layout, titles: dict[int, str]) -> list[tuple[str, list[str]]]:
    """The headlines by place."""
    return [
        (str(place.label), [titles.get(pin.article_id, "—") for pin in layout if pin.place == place])
        for place in SlotPlace
    ]


def _seats(shown: Any) -> list[tuple[str, str]]:
    """What a select offers: each seat of each place, for who has no pointer and no script."""
    seats = [("lead:0", str(SlotPlace.LEAD.label))]
    seats += [(f"second:{seat}", f"{SlotPlace.SECOND.label} {seat + 1}") for seat in range(SECONDS)]
    picks = next(zone for zone in shown.zones if zone.place == SlotPlace.PICK)
    return seats + [(f"pick:{seat}", f"{SlotPlace.PICK.label} {seat + 1}") for seat in range(picks.next_seat + 1)]
