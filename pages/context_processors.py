from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from pages.current import current_site


def site(request: HttpRequest) -> dict[str, object]:
    """`site` in every template; lazy, because mails and the login page may not need it."""
    return {"site": SimpleLazyObject(current_site)}
