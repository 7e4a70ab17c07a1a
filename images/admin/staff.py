from typing import cast

from django.contrib.auth.models import AbstractUser
from django.http import HttpRequest


def member(request: HttpRequest) -> AbstractUser:
    """The signed-in member of staff: the admin lets nobody else in."""
    return cast(AbstractUser, request.user)
