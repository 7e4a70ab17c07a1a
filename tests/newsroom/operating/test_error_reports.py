"""What leaves for Sentry says where in the code, never who or what for."""

import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import sentry_sdk
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import override_settings
from django.urls import include, path
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from newsroom.lib.version import VERSION
from newsroom.operating import error_reports
from newsroom.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500"]

DSN = "https://public@sentry.example/1"
# In pieces, because lines of the code around an error are told.
SOMEBODY, PASSWORD = "@".join(("salma", "example.org")), "".join(("hunt", "er2"))


def fail(request: HttpRequest, secret: str) -> HttpResponse:
    password = PASSWORD
    logging.getLogger("a.library").warning("Asked for /preview/%s/ by %s", secret, SOMEBODY)
    raise RuntimeError(f"nothing of {request.path} for {SOMEBODY}, {len(password)}")


urlpatterns = [path("preview/<str:secret>/", fail), path("", include("newsroom.urls"))]


class Caught(Transport):
    """Sends nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.envelopes: list[Envelope] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        self.envelopes.append(envelope)

    @property
    def events(self) -> list[dict[str, Any]]:
        return [event for envelope in self.envelopes if (event := envelope.get_event())]


@pytest.fixture
def caught() -> Iterator[Caught]:
    caught = Caught()
    error_reports.start(DSN, transport=caught)
    yield caught
    sentry_sdk.get_client().close()
    sentry_sdk.get_global_scope().set_client(None)


@override_settings(ROOT_URLCONF="tests.newsroom.operating.test_error_reports")
def test_an_error_tells_nothing_of_the_reader(caught: Caught) -> None:
    visitor = Client(raise_request_exception=False, headers={"User-Agent": "salmas-browser"})
    visitor.cookies["sessionid"] = "a-session-of-somebody"
    answer = visitor.post("/preview/a-secret-token/?q=asked-for", {"text": "what-she-wrote"})
    (event,) = [event for event in caught.events if "exception" in event]
    told = json.dumps(event, default=str)
    for secret in ("salma", "a-session", "a-secret-token", "asked-for", "hunter2", "203.0.113", "127.0.0.1"):
        assert secret not in told, secret
    assert set(event.get("request", {})) <= {"method"}
    assert event["release"] == VERSION
    assert event["tags"]["request"] == answer["X-Request-ID"]
    assert event["exception"]["values"][0]["type"] == "RuntimeError"
    assert "user" not in event


def test_of_a_request_only_its_method_is_told() -> None:
    told = {
        "method": "POST",
        "url": "https://news.example/preview/a-secret/",
        "query_string": "q=asked",
        "data": {"text": "written"},
        "cookies": {"sessionid": "x"},
        "headers": {"User-Agent": "y"},
        "env": {"REMOTE_ADDR": "203.0.113.7"},
    }
    event = error_reports.cleaned({"request": told, "user": {"id": 5}, "extra": {"sys.argv": ["x"]}})
    assert event == {"request": {"method": "POST"}, "contexts": {}}


@pytest.mark.django_db
def test_what_led_to_it_has_queries_without_their_values(caught: Caught) -> None:
    crumb = {"category": "query", "message": "SELECT 1 WHERE email = %s", "data": {"params": ["salma@example.org"]}}
    cleaned = error_reports.cleaned_crumb(crumb)
    assert cleaned == {"category": "query", "message": "SELECT 1 WHERE email = %s"}


def test_without_an_address_nothing_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)
    assert error_reports.start("") is None


def test_without_the_package_the_site_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)
    with pytest.raises(ImproperlyConfigured, match="requirements-sentry.lock") as refused:
        error_reports.start(DSN)
    assert DSN not in str(refused.value)
