"""The devices on which somebody is signed in, and what an administrator may do for a member who lost one."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import second_factor, signing_in
from accounts.models import StaffSession, User
from accounts.ranks import may_manage
from accounts.standing import device_of, is_factor_required, reference_of
from accounts.views import asks, signed_in


@require_safe
@signed_in
def security(request: HttpRequest, user: User) -> HttpResponse:
    """Everybody's own page: the second factor and the devices."""
    return _page(
        request, "security", _("Security and sessions"), user, codes_left=second_factor.recovery_codes_left(user)
    )


@require_safe
@signed_in
def member(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """The same about a member below, without what only the member can do."""
    found = _member(user, pk)
    if found == user:
        return redirect("accounts:security")
    return _page(request, "member", _("Security and sessions: %(name)s") % {"name": found}, found)


@require_POST
@signed_in
def end_session(request: HttpRequest, user: User, pk: UUID) -> HttpResponse:
    """Sign one device out, the own or that of a member below; one that is signed out already is no error."""
    session = StaffSession.objects.select_related("user").filter(pk=pk).first()
    if session is None:
        return redirect("accounts:security")
    if session.user != user and not may_manage(user, session.user):
        raise PermissionDenied
    signing_in.end_session(session, by=user)
    messages.success(request, _("The session was ended."))
    return redirect("accounts:security") if session.user == user else redirect("accounts:member", session.user_id)


@asks
@signed_in
def end_all_sessions(request: HttpRequest, user: User, pk: int | None = None) -> HttpResponse:
    """Ask, then sign every device out: the own ones with this one, or those of a member below."""
    found = user if pk is None else _member(user, pk)
    if request.method != "POST":
        return _page(request, "end_all", _("Sign out of all devices"), found)
    signing_in.end_all_sessions(found, by=user)
    if found == user:
        return redirect("admin:login")
    messages.success(request, _("All sessions of %(name)s were ended.") % {"name": found})
    return redirect("accounts:member", found.pk)


@asks
@signed_in
def remove_of_member(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Ask, then take away the second factor of a member whose telephone is lost."""
    found = _member(user, pk)
    if found == user:
        return redirect("accounts:security")
    try:
        second_factor.check_removable(found, by=user)
        if request.method != "POST":
            return _page(request, "remove_of_member", _("Remove the phone of %(name)s") % {"name": found}, found)
        second_factor.remove(found, by=user)
    except second_factor.NoDevice:
        messages.error(request, _("No phone is set up."))
    else:
        messages.success(request, _("Two-step verification of %(name)s is off.") % {"name": found})
    return redirect("accounts:member", found.pk)


def _member(user: User, pk: int) -> User:
    """The member `pk` whom `user` may look after. Who may look after nobody learns not even who exists."""
    if not user.has_perm("accounts.change_user"):
        raise PermissionDenied
    found = get_object_or_404(User, pk=pk)
    if found != user and not may_manage(user, found):
        raise PermissionDenied
    return found


def _page(request: HttpRequest, name: str, title: str, member: User, **context: Any) -> HttpResponse:
    device, is_required = device_of(member), is_factor_required(member)
    sessions = list(StaffSession.objects.live(member))
    shown = {
        "title": title,
        "member": member,
        "device": device,
        "is_required": is_required,
        "sessions": sessions,
        # Somebody knew the password there: the owner should see it.
        "owing": [s for s in sessions if (device or is_required) and s.factor_id != (device.pk if device else 0)],
        "current": str(reference_of(request)),
        "back": reverse("accounts:security")
        if member == request.user
        else reverse("accounts:member", args=[member.pk]),
    }
    return TemplateResponse(request, f"admin/accounts/{name}.html", admin.site.each_context(request) | shown | context)
