from typing import cast

from django.http import HttpRequest

from accounts.models import User


def member(request: HttpRequest) -> User:
    """The signed-in member of staff: the admin lets nobody else in."""
    return cast(User, request.user)


def seen_version(request: HttpRequest) -> int | None:
    """The newest version that the page knew of which asked for this deed."""
    raw = request.POST.get("version", "")
    return int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 10 else None
