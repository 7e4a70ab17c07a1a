"""Errors to Sentry, where SENTRY_DSN names one: where in the code and in which view, never who or what for.

The package is an extra ("sentry"), imported only when it is asked for. Its own rules hide some things by their names;
here everything goes that is not needed.
"""

from importlib import import_module
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from newsroom.lib.current_work import current_work
from newsroom.lib.redacting import redacted
from newsroom.lib.version import VERSION

Event = dict[str, Any]

NOTHING = {
    "user_info": False,
    "cookies": {"mode": "off"},
    "http_headers": {"request": {"mode": "off"}},
    "http_bodies": [],
    "url_query_params": {"mode": "off"},
    "database_query_data": False,
    "queues": False,
    "stack_frame_variables": False,
}
# Of a request, what may be told.
_OF_REQUEST = ("method",)
_OF_CRUMB = ("type", "category", "level", "timestamp", "message")


def start(dsn: str, **more: Any) -> None:
    """Once in a process. Raises ImproperlyConfigured where the package is missing."""
    if not dsn:
        return
    try:
        sdk = import_module("sentry_sdk")
    except ImportError:
        raise ImproperlyConfigured(
            "SENTRY_DSN needs sentry-sdk: pip install --require-hashes --no-deps -r requirements-sentry.lock"
        ) from None
    sdk.init(
        dsn=dsn,
        release=VERSION,
        # In the place of send_default_pii=False, which is on its way out and keeps more.
        data_collection=NOTHING,
        max_request_body_size="never",
        traces_sample_rate=0,
        server_name="",
        before_send=cleaned,
        before_breadcrumb=cleaned_crumb,
        **more,
    )


def cleaned(event: Event, hint: dict[str, Any] | None = None) -> Event:
    """Without bodies, cookies, headers, query strings, addresses, people and variables; texts as in the log."""
    for name in ("user", "extra", "server_name", "modules"):
        event.pop(name, None)
    if request := event.pop("request", None):
        event["request"] = {name: request[name] for name in _OF_REQUEST if name in request}
    if work := current_work():
        event["tags"] = {"request": work.id, "work": work.name}
        event["transaction"] = work.name
    else:
        event.pop("transaction", None)
    for each in event.get("exception", {}).get("values", ()):
        _clean_exception(each)
    logged = event.get("logentry", {})
    for name in ("message", "formatted"):
        _redact(logged, name)
    logged.pop("params", None)
    _redact(event, "message")
    crumbs = event.get("breadcrumbs")
    if isinstance(crumbs, dict):
        crumbs["values"] = [cleaned_crumb(crumb) for crumb in crumbs.get("values", ())]
    told = event.get("contexts", {})
    event["contexts"] = {name: told[name] for name in ("runtime", "trace") if name in told}
    return event


def _clean_exception(told: dict[str, Any]) -> None:
    _redact(told, "value")
    for frame in (told.get("stacktrace") or {}).get("frames", ()):
        frame.pop("vars", None)


def cleaned_crumb(crumb: Event, hint: dict[str, Any] | None = None) -> Event:
    """A query is its SQL, which has marks where the values were; whatever came with it goes."""
    kept = {name: crumb[name] for name in _OF_CRUMB if name in crumb}
    _redact(kept, "message")
    return kept


def _redact(told: dict[str, Any], name: str) -> None:
    if isinstance(told.get(name), str):
        told[name] = redacted(told[name])
