"""How often somebody may try. django-axes counts what fails at signing in for each name from each address; here is
what it needs to know for that, the limit of one address over all names, and the limit of each page that asks for a
code or once more for the password.

All counts are rows, so that they hold for several processes and machines.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import FailureCount, User
from audit.enums import Action
from audit.origin import current
from audit.recording import log
from newsroom.lib.hygiene import clean_line
from newsroom.lib.networks import household

LONGEST_NAME = 150
_A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """At most `failures` in `window`, counted from the first of them."""

    failures: int
    window: timedelta


# A whole newsroom behind one address mistypes less; a guesser of names needs more.
PER_ADDRESS = Limit(50, timedelta(hours=1))
# What one signed-in or half signed-in member may mistype from one address: a code, or the own password.
PER_PAGE = Limit(5, timedelta(minutes=15))


class LockedOut(Exception):
    """Too many failures; `minutes` says how long it lasts."""

    def __init__(self, minutes: int) -> None:
        super().__init__(minutes)
        self.minutes = minutes


def normalise_name(_request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """The name as it is counted: written another way (`Salma`, full-width letters) it is the same name.

    So it is with invisible characters in it, which accounts.backends takes out: each spelling would be counted apart.
    """
    name = clean_line(unicodedata.normalize("NFKC", str((credentials or {}).get("username") or "")))
    return unicodedata.normalize("NFKC", name.casefold()).strip()[:LONGEST_NAME]


def client_network(_request: HttpRequest | None = None) -> str:
    """Whom a failure counts against: an IPv4 address, or the /64 that one IPv6 household has for itself.

    From the log's own rule about addresses (audit.middleware), which believes no header that a client can write.
    Where there is no address at all (a socket without a proxy) everybody shares one.
    """
    return household(current.get().address or "0.0.0.0")  # noqa: S104 - a name for "unknown", nothing listens there


def keep_answer(_request: HttpRequest, response: HttpResponse, _credentials: Any = None) -> HttpResponse:
    """Our sign-in view has answered already: django-axes need not."""
    return response


def check_address() -> None:
    """Raise LockedOut when this address has failed too often, whoever it claimed to be."""
    _check(_address_key(), PER_ADDRESS)


def count_address_failure() -> None:
    """Count against the address alone; at signing in, django-axes has counted against the name."""
    _count(_address_key(), PER_ADDRESS)
    _tell(_address_key(), PER_ADDRESS, None)


def check_page(purpose: str, user: User) -> None:
    """Raise LockedOut when `user` has failed too often at `purpose` from this address, or the address altogether."""
    _check(_page_key(purpose, user), PER_PAGE)
    check_address()


def count_page_failure(purpose: str, user: User) -> None:
    """Count against the page and the address; whoever comes to the limit by it is written down once."""
    _count(_page_key(purpose, user), PER_PAGE)
    _tell(_page_key(purpose, user), PER_PAGE, user)
    count_address_failure()


def forgive_page(purpose: str, user: User) -> None:
    """Begin again after a success. The count of the address stays: it may have failed at other names."""
    FailureCount.objects.filter(key=_page_key(purpose, user)).delete()


def minutes_of_name(name: str) -> int:
    """How long django-axes still refuses this name from here."""
    attempts = AccessAttempt.objects.filter(
        username=normalise_name(None, {"username": name}), ip_address=client_network()
    )
    latest = attempts.order_by("-attempt_time").values_list("attempt_time", flat=True).first()
    return _minutes_until((latest or timezone.now()) + settings.AXES_COOLOFF_TIME)


def _check(key: str, limit: Limit) -> None:
    began = timezone.now() - limit.window
    row = FailureCount.objects.filter(key=key, since__gt=began, count__gte=limit.failures).first()
    if row:
        raise LockedOut(_minutes_until(row.since + limit.window))


def _tell(key: str, limit: Limit, user: User | None) -> None:
    """Write the lock-out down. Nobody who is locked out is counted again, so it is one line each time."""
    try:
        _check(key, limit)
    except LockedOut:
        log(Action.LOCKED_OUT, by=user, subject=user)


def _count(key: str, limit: Limit) -> None:
    now = timezone.now()
    row, is_new = FailureCount.objects.get_or_create(key=key, defaults={"since": now})
    if is_new:
        FailureCount.objects.filter(since__lt=now - _A_DAY).delete()
        return
    is_over = FailureCount.objects.filter(key=key, since__lte=now - limit.window)
    if not is_over.update(count=1, since=now):
        FailureCount.objects.filter(key=row.key).update(count=F("count") + 1)


def _address_key() -> str:
    return f"address:{client_network()}"


def _page_key(purpose: str, user: User) -> str:
    return f"{purpose}:{user.pk}:{client_network()}"


def _minutes_until(moment: datetime) -> int:
    return max(1, ceil((moment - timezone.now()).total_seconds() / 60))
