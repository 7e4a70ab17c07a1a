from typing import cast

from django.http import HttpRequest

from accounts.models import User


def member(request: HttpRequest) -> User:
    """The signed-in member of staff: the admin lets nobody else in."""
    return cast(User, request.user)
