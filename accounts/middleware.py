from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.middleware import get_user
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts.standing import signed_in_user

GetResponse = Callable[[HttpRequest], HttpResponse]


def second_factor(get_response: GetResponse) -> GetResponse:
    """Let whoever owes the second factor be nobody for all that comes after, whatever its address.

    Right after Django's AuthenticationMiddleware, and as lazy: a page that asks for no user asks no database.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        user: Any = SimpleLazyObject(lambda: signed_in_user(request, get_user(request)))

        async def auser() -> Any:
            # Evaluated in a thread: the lazy object reads the database.
            await sync_to_async(bool)(user.is_authenticated)
            return user

        request.user = user
        request.auser = auser
        return get_response(request)

    return middleware
