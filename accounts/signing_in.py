"""Signing in and out, and the list of devices on which a member of staff is signed in."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import throttling
from accounts.browsers import browser_and_system
from accounts.models import StaffSession, User
from accounts.standing import SESSION_KEY, current_session, device_of, is_factor_required, reference_of
from audit.enums import Action
from audit.origin import current
from audit.recording import log
from newsroom.lib import meters

PURPOSE = "password"


class WrongPassword(Exception):
    pass


def sign_in(request: HttpRequest, user: User) -> bool:
    """Begin a session for `user`, whose password was right; returns whether the second factor is still owed.

    Whatever was in the session before is dropped: a factor that was given in it counted for an earlier sign-in.
    """
    with transaction.atomic():
        StaffSession.objects.filter(pk=reference_of(request)).delete()
        request.session.flush()
        login(request, user)
        _make_row(request, user)
        is_owed = device_of(user) is not None or is_factor_required(user)
        if is_owed:
            request.user = AnonymousUser()
        else:
            log(Action.SIGNED_IN, by=user, subject=user)
    return is_owed


def give_factor(request: HttpRequest, user: User, device: TOTPDevice) -> None:
    """Make the session one of somebody: `device` was believed in it. Its key changes, as at a sign-in."""
    request.session.cycle_key()
    rotate_token(request)
    was_waiting = not request.user.is_authenticated
    with transaction.atomic():
        row = current_session(request, user) or _make_row(request, user)
        row.factor = device
        row.save(update_fields=["factor"])
        if was_waiting:
            log(Action.SIGNED_IN, by=user, subject=user)
    request.user = user


def sign_in_refused(name: str, *, is_locked_now: bool) -> None:
    """Write down a refused sign-in under the name that was typed, which may be nobody's."""
    meters.add("newsroom_sign_in_failures_total")
    with transaction.atomic():
        log(Action.SIGN_IN_REFUSED, by=None, note=name)
        if is_locked_now:
            log(Action.LOCKED_OUT, by=None, note=name)
        throttling.count_address_failure()


def sign_out(request: HttpRequest) -> None:
    """End the session, also one that still owes the second factor."""
    user = request.user
    with transaction.atomic():
        StaffSession.objects.filter(pk=reference_of(request)).delete()
        if isinstance(user, User):
            log(Action.SIGNED_OUT, by=user, subject=user)
        logout(request)


def end_session(session: StaffSession, *, by: User) -> None:
    """Sign out one device, which may be in somebody else's hands."""
    with transaction.atomic():
        log(Action.SIGNED_OUT, by=by, subject=session.user, note=str(session))
        session.delete()


def end_all_sessions(user: User, *, by: User) -> None:
    """Sign out every device of `user`, the one that asks for it as well."""
    with transaction.atomic():
        StaffSession.objects.filter(user=user).delete()
        log(Action.SIGNED_OUT_EVERYWHERE, by=by, subject=user)


def confirm_password(user: User, password: str) -> None:
    """Raise WrongPassword, or throttling.LockedOut, unless `password` is the user's own."""
    throttling.check_page(PURPOSE, user)
    is_right = user.check_password(password)
    with transaction.atomic():
        if is_right:
            throttling.forgive_page(PURPOSE, user)
        else:
            log(Action.SIGN_IN_REFUSED, by=user, subject=user)
            throttling.count_page_failure(PURPOSE, user)
    if not is_right:
        raise WrongPassword


def change_password(request: HttpRequest, form: Any) -> None:
    """Save the new password that `form` (Django's) has checked; all sessions but this one end by Django's own rule."""
    with transaction.atomic():
        user = form.save()
        StaffSession.objects.filter(user=user).exclude(pk=reference_of(request)).delete()
        log(Action.PASSWORD_CHANGED, by=user, subject=user)
    update_session_auth_hash(request, user)


def _make_row(request: HttpRequest, user: User) -> StaffSession:
    """A row for this session. Rows of anybody that have run out go at the same time, so that none stays for ever."""
    StaffSession.objects.expired().delete()
    origin = current.get()
    browser, system = browser_and_system(origin.user_agent)
    row = StaffSession.objects.create(
        user=user,
        auth_hash=user.get_session_auth_hash(),
        expires_at=timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE),
        address=origin.address,
        browser=browser,
        system=system,
    )
    request.session[SESSION_KEY] = str(row.pk)
    return row
