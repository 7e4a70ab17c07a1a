from typing import cast

from django.http import HttpRequest

from accounts.models import User
from newsroom.lib.keys import read_number


def member(request: HttpRequest) -> User:
    """The signed-in member of staff: the admin lets nobody else in."""
    return cast(User, request.user)


def seen_version(request: HttpRequest) -> int | None:
    """The newest version that the page knew of which asked for this deed."""
    return read_number(request.POST.get("version", ""))
