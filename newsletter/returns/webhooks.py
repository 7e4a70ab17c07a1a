"""Takes the reports of the mail provider: put down at once, read afterwards, so that no provider waits for us.

A row of RawReport holds what came until it was read. What cannot be understood stays there for some days.
"""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from anymail.exceptions import AnymailError
from anymail.signals import AnymailTrackingEvent
from anymail.urls import urlpatterns as anymail_urls
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop

from newsletter.enums import EventKind
from newsletter.models import RawReport
from newsletter.returns.identifying import delivery_known_as
from newsletter.returns.notices import Notice, notice_of
from newsletter.returns.recording import record_event
from newsroom.lib.mail_setup import PROVIDERS

logger = logging.getLogger(__name__)

# In RawReport.error: not read yet, and read in vain.
WAITING = "waiting"
NOT_UNDERSTOOD = gettext_noop("It could not be understood.")

# Rows of one look; a row is one call of the provider, with up to a few thousand notices.
AT_ONCE = 100

# Without their signature the library does not take a report of these, whatever the address holds.
_ALWAYS_SIGN = {"mailersend", "mandrill"}

_collected: ContextVar[list[Notice] | None] = ContextVar("collected", default=None)


def view_of(provider: str) -> Callable[[HttpRequest], HttpResponse] | None:
    """The library's view for the provider that sends our mail, None for all others and where nothing proves a report.

    Nobody is believed by default: without WEBHOOK_SECRET and without the provider's signing key there is no address.
    """
    known = PROVIDERS.get(provider)
    if known is None or provider != settings.MAIL_PROVIDER:
        return None
    is_signed = bool(known.signing) and f"{provider.upper()}_{known.signing}" in settings.ANYMAIL
    has_secret = "WEBHOOK_SECRET" in settings.ANYMAIL and provider not in _ALWAYS_SIGN
    if not (is_signed or has_secret):
        return None
    names = {f"{known.module}_tracking_webhook"}
    return next((pattern.callback for pattern in anymail_urls if pattern.name in names), None)


def is_genuine(view: Callable[[HttpRequest], HttpResponse], request: HttpRequest) -> bool:
    """Whether the call carries the secret or the signature, asked before anything of it is read.

    The library's own checks trip over hostile input in several ways; each of them is a no.
    """
    checker = view.view_class(**view.view_initkwargs)  # type: ignore[attr-defined] # set by View.as_view
    checker.setup(request)
    try:
        checker.run_validators(request)
    except (AnymailError, SuspiciousOperation, ValueError, LookupError, TypeError, AttributeError) as refusal:
        logger.warning("A report was refused: %s", refusal)
        return False
    return True


def collect(sender: object, event: AnymailTrackingEvent, esp_name: str, **kwargs: Any) -> None:
    """The receiver of anymail's signal `tracking`, connected in apps.py; called for each event of a call."""
    notices = _collected.get()
    notice = notice_of(event)
    if notices is not None and notice is not None:
        notices.append(notice)


@contextmanager
def collecting() -> Iterator[list[Notice]]:
    """What the library's view finds in one call."""
    notices: list[Notice] = []
    token = _collected.set(notices)
    try:
        yield notices
    finally:
        _collected.reset(token)


def put_down(provider: str, notices: list[Notice]) -> None:
    """One row for one call. Who calls wakes the reader after that."""
    # Addresses as they are: whoever has his data erased is looked for here too.
    body = json.dumps([notice.as_json() for notice in notices], ensure_ascii=False).replace("\\u0000", "")
    RawReport.objects.create(provider=provider, body=body, error=WAITING)


def keep_unread(provider: str, body: bytes) -> None:
    """What a provider said and the library did not understand."""
    text = body.decode("utf-8", "replace").replace("\x00", "")
    RawReport.objects.create(provider=provider, body=text, error=NOT_UNDERSTOOD)


def read_waiting() -> int:
    """Record what waits, and return how many reports were new. May run several times at once."""
    new = 0
    for report in RawReport.objects.filter(error=WAITING).order_by("id")[:AT_ONCE]:
        notices: list[dict[str, Any]] = json.loads(report.body)
        for notice in notices:
            new += record_event(
                provider=report.provider,
                event_id=notice["event_id"],
                kind=EventKind(notice["kind"]),
                at=datetime.fromisoformat(notice["at"]),
                delivery=notice["delivery"] or delivery_known_as(notice["message_id"], notice["address"]),
                address=notice["address"],
                detail=notice["detail"],
            )
        # What it said is in the events; the addresses need not lie here as well.
        RawReport.objects.filter(pk=report.pk).delete()
    return new
