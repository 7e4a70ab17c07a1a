"""Whose a session is. One rule for the whole site, so that no page has to remember it:

a session that needs a second factor and has not given it is nobody's. `accounts.middleware.second_factor` puts the
answer into `request.user`; the pages of the factor itself, and they alone, ask `waiting_user`.
"""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import RequiredFactor, StaffSession, User

# The name of the row, in the session.
SESSION_KEY = "staff_session"
# How exact "last seen" is: one write in this time and not one for every page.
SEEN_EVERY = timedelta(minutes=5)


def signed_in_user(request: HttpRequest, user: Any) -> Any:
    """`user`, whom Django found in the session, or nobody; one query, and none for strangers.

    A session without a row (made by a program, never by our sign-in) is judged like any other.
    """
    if not user.is_authenticated:
        return user
    reference = reference_of(request)
    row = _session_with_standing(user, reference) if reference else None
    if reference and row is None:
        # Ended from another device, or run out.
        request.session.flush()
        return AnonymousUser()
    device, is_required = (row.device_id, row.is_required) if row else _standing(user)
    if device is None and not is_required or device and row and row.factor_id == device:
        if row:
            _remember_visit(row, user)
        return user
    request.waiting_user = user  # type: ignore[attr-defined]
    return AnonymousUser()


def waiting_user(request: HttpRequest) -> User | None:
    """Who has given the password in this session and still owes the second factor."""
    if request.user.is_authenticated:
        return None
    return getattr(request, "waiting_user", None)


def current_session(request: HttpRequest, user: User) -> StaffSession | None:
    """The row of this session, if it is one of `user`'s."""
    return StaffSession.objects.filter(pk=reference_of(request), user=user).first()


def reference_of(request: HttpRequest) -> Any:
    """The id of the row that this session names, or None."""
    return request.session.get(SESSION_KEY)


def device_of(user: User) -> TOTPDevice | None:
    """The telephone that gives the codes of `user`; everybody has at most one."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).order_by("pk").first()


def is_factor_required(user: User) -> bool:
    """Whether one of the roles of `user` demands a second factor."""
    return RequiredFactor.objects.filter(group__user=user).exists()


def _session_with_standing(user: User, reference: str) -> Any:
    rows = StaffSession.objects.unexpired().filter(pk=reference, user=user)
    return rows.annotate(**_standing_of("user")).first()


def _standing(user: User) -> tuple[int | None, bool]:
    found: Any = User.objects.filter(pk=user.pk).annotate(**_standing_of("pk")).get()
    return found.device_id, found.is_required


def _standing_of(user: str) -> dict[str, Any]:
    devices = TOTPDevice.objects.filter(user=OuterRef(user), confirmed=True).order_by("pk")
    return {
        "device_id": Subquery(devices.values("pk")[:1]),
        "is_required": Exists(RequiredFactor.objects.filter(group__user=OuterRef(user))),
    }


def _remember_visit(row: StaffSession, user: User) -> None:
    """Note that the device is in use, and the mark of a password that was changed in this very session."""
    now = timezone.now()
    auth_hash = user.get_session_auth_hash()
    if now - row.last_seen_at >= SEEN_EVERY or row.auth_hash != auth_hash:
        StaffSession.objects.filter(pk=row.pk).update(last_seen_at=now, auth_hash=auth_hash)
