"""/readyz says whether this process may be given requests, and nothing else."""

import threading
import time
from collections.abc import Iterator

import pytest
from django.db import OperationalError
from django.test import Client
from django.test.utils import override_settings
from pytest_django import Settings

from newsroom.maintenance import close_site, open_site
from newsroom.operating import readiness
from tests.factories import make_site


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    readiness.known.__init__()  # type: ignore[misc]
    yield
    readiness.known.__init__()  # type: ignore[misc]


def answer(client: Client) -> tuple[int, str]:
    response = client.get("/readyz")
    assert response["Cache-Control"] == "no-store"
    assert response["Content-Type"] == "text/plain"
    return response.status_code, response.content.decode()


@pytest.mark.django_db
def test_ready(client: Client) -> None:
    assert answer(client) == (200, "ok")


def test_without_a_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "_ask", lambda: readiness.NO_DATABASE)
    assert answer(client) == (503, "database")


@pytest.mark.django_db
def test_what_keeps_the_database_from_answering_is_not_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> list[object]:
        raise OperationalError("password of newsroom at db.internal is wrong")

    monkeypatch.setattr(readiness, "_what_is_missing", refuse)
    assert answer(client) == (503, "database")


def test_a_database_that_hangs_is_waited_for_less_than_a_second(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on, asked = threading.Event(), []

    def hang() -> str:
        asked.append(1)
        goes_on.wait(10)
        return readiness.READY

    monkeypatch.setattr(readiness, "_ask", hang)
    monkeypatch.setattr(readiness, "PATIENCE", 0.05)
    monkeypatch.setattr(readiness, "GOOD_FOR", 0)
    began = time.monotonic()
    answers = {answer(client) for _ in range(5)}
    waited = time.monotonic() - began
    goes_on.set()
    assert answers == {(503, "database")}
    assert len(asked) == 1
    assert waited < 5


@pytest.mark.django_db
def test_not_before_the_migrations(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    there = readiness.wanted()
    monkeypatch.setattr(readiness, "wanted", lambda: there | {("articles", "9999_of_tomorrow")})
    assert answer(client) == (503, "migrations")
    monkeypatch.setattr(readiness, "wanted", lambda: there - {("tasks", "0002_operating")})
    readiness.known.until = 0
    assert answer(client) == (200, "ok")


@pytest.mark.django_db
def test_an_answer_is_good_for_a_moment(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks a thousand times asks the database once."""
    asked: list[int] = []
    monkeypatch.setattr(readiness, "_ask", lambda: asked.append(1) or "ok")
    monkeypatch.setattr(readiness, "GOOD_FOR", 60)
    assert {answer(client) for _ in range(20)} == {(200, "ok")}
    assert len(asked) == 1


def test_a_process_that_ends_says_so_first(client: Client) -> None:
    readiness.known.is_stopping = lambda: True
    assert answer(client) == (503, "stopping")


@pytest.mark.django_db
def test_a_closed_site_answers_by_itself_and_is_ready(client: Client) -> None:
    make_site()
    close_site()
    try:
        assert answer(client) == (200, "closed")
        assert client.get("/livez").status_code == 200
        assert client.get("/").status_code == 503
    finally:
        open_site()


@override_settings(SECURE_SSL_REDIRECT=True)
@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_signs_of_life_are_not_led_to_https(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(readiness, "_ask", lambda: "ok")
    assert client.get(path).status_code == 200
    assert client.get("/").status_code == 301


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "TRACE", "PURGE"])
def test_signs_of_life_are_only_looked_at(client: Client, path: str, method: str) -> None:
    assert client.generic(method, path).status_code == 405
