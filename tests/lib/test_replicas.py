"""Who reads a copy of the database, and which copy is near enough."""

import threading
import time

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from newsroom import replica_reading
from newsroom.lib import replicas
from newsroom.lib.generations import bump, generations
from newsroom.lib.keeping import make_kept
from newsroom.lib.replicas import LAG, SEEN_FOR, SETTLED, Replica, Replicas, Router, read_alias, reading

router = Router()


class Copy(Replica):
    """One that says how far it is behind."""

    def __init__(self, alias: str, lag: float | None = 0.0) -> None:
        super().__init__(alias)
        self.says = lag
        self.look()

    def _begin(self) -> None:
        """No thread: tests look themselves."""

    def _measured(self, now: float) -> float | None:
        return self.says


@pytest.fixture
def copies(monkeypatch: pytest.MonkeyPatch) -> Replicas:
    both = Replicas([])
    both.each = {"replica1": Copy("replica1"), "replica2": Copy("replica2")}
    monkeypatch.setattr(replica_reading, "replicas", both)
    return both


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    told = [True]
    monkeypatch.setattr(replicas, "is_settled", lambda: told[0])
    monkeypatch.setattr(replica_reading, "is_settled", lambda: told[0])
    return told


def alias_for(method: str = "GET", path: str = "/search/", **more: str) -> str:
    """What a view reads for this request."""
    seen: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(read_alias())
        return HttpResponse()

    request = RequestFactory().generic(method, path, **more)
    replica_reading.replica_reading(view)(request)
    return seen[-1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("copies", "settled")
@pytest.mark.parametrize(
    ("method", "path", "headers", "is_replica"),
    [
        ("GET", "/search/", {}, True),
        ("HEAD", "/", {}, True),
        ("GET", "/search/", {"HTTP_COOKIE": "theme=dark"}, True),
        ("GET", "/search/", {"HTTP_COOKIE": "pin=1"}, False),
        ("GET", "/search/", {"HTTP_COOKIE": "sessionid=abc"}, False),
        ("GET", "/search/", {"HTTP_AUTHORIZATION": "Basic eDp5"}, False),
        ("GET", "/admin/", {}, False),
        ("GET", "/preview/abc/", {}, False),
        ("GET", "/newsletter/preferences/abc/", {}, False),
        ("POST", "/newsletter/subscribe/", {}, False),
        ("PUT", "/", {}, False),
    ],
)
def test_only_visitors_who_look_read_a_replica(
    method: str, path: str, headers: dict[str, str], is_replica: bool
) -> None:
    assert (alias_for(method, path, **headers) != "default") is is_replica


@pytest.mark.django_db(transaction=True)
def test_what_no_request_asked_for_reads_the_primary_as_does_everything_in_a_transaction() -> None:
    assert router.db_for_read(object) == "default"
    with reading("replica1"):
        assert router.db_for_read(object) == "replica1"
        assert router.db_for_write(object) == "default"
        with transaction.atomic():
            assert router.db_for_read(object) == "default"
    assert router.db_for_read(object) == "default"


def test_rows_of_all_copies_are_related_and_only_the_primary_is_migrated() -> None:
    assert router.allow_relation(object(), object())
    assert [router.allow_migrate(alias, "articles") for alias in ("default", "replica1")] == [True, False]


def test_another_thread_is_not_taken_along() -> None:
    seen: list[str] = []
    with reading("replica1"):
        thread = threading.Thread(target=lambda: seen.append(replicas._alias.get()))
        thread.start()
        thread.join()
    assert seen == ["default"]


def test_copies_take_turns(copies: Replicas) -> None:
    assert [copies.pick() for _ in range(4)] == ["replica1", "replica2", "replica1", "replica2"]


@pytest.mark.parametrize("lag", [None, LAG + 0.1])
def test_a_copy_that_is_late_or_silent_is_left_out(copies: Replicas, lag: float | None) -> None:
    first = copies.each["replica1"]
    first.says = lag  # type: ignore[attr-defined]
    first.look()
    assert {copies.pick() for _ in range(4)} == {"replica2"}
    copies.each["replica2"].drop()
    assert copies.pick() == "default"


def test_a_look_that_began_before_a_copy_failed_does_not_bring_it_back(copies: Replicas) -> None:
    copy = copies.each["replica1"]

    def fails_meanwhile(now: float) -> float:
        copy.drop()
        return 0.0

    copy._measured = fails_meanwhile  # type: ignore[method-assign]
    copy.look()
    assert not copy.is_usable()
    del copy._measured
    copy.look()
    assert copy.is_usable()


def test_a_copy_that_nobody_could_look_at_for_a_while_counts_no_more(
    copies: Replicas, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.monotonic()
    monkeypatch.setattr(replicas.time, "monotonic", lambda: now + SEEN_FOR + 0.1)
    assert copies.pick() == "default"


# How far a copy is behind


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> Replica:
    replica = Replica("replica1")
    replica.answers = {}  # type: ignore[attr-defined]
    monkeypatch.setattr(replicas, "_asked", lambda alias, _sql: replica.answers[alias])  # type: ignore[attr-defined]
    return replica


def lag_of(replica: Replica, at: float, primary: object, copy: object) -> float | None:
    replica.answers |= {"default": primary, "replica1": copy}  # type: ignore[attr-defined]
    return replica._measured(at)


def test_a_primary_where_nothing_happens_makes_no_copy_late(measured: Replica) -> None:
    assert lag_of(measured, 0, (500, 90_000.0), (True, 500, 10.0)) == 0


def test_a_copy_is_as_old_as_the_last_place_of_the_primary_that_it_has_reached(measured: Replica) -> None:
    lag_of(measured, 0, (500, 1000.0), (True, 500, 10.0))
    assert lag_of(measured, 3, (600, 1003.0), (True, 550, 10.0)) == 3
    assert lag_of(measured, 4, (600, 1004.0), (True, 550, 1003.5)) == 0.5
    assert lag_of(measured, 9, (600, 1009.0), (True, 600, 1003.5)) == 0


def test_of_a_copy_that_was_never_near_nothing_is_known(measured: Replica) -> None:
    assert lag_of(measured, 0, (500, 1000.0), (True, 400, None)) == float("inf")


@pytest.mark.parametrize("copy", [None, (False, 500, 10.0), (True, None, None)])
def test_a_copy_that_is_gone_or_was_made_a_primary_is_none(measured: Replica, copy: object) -> None:
    assert lag_of(measured, 0, (500, 1000.0), copy) is None


def test_while_the_primary_is_gone_copies_are_as_new_as_can_be(measured: Replica) -> None:
    assert lag_of(measured, 0, None, (True, 400, None)) == 0


@pytest.mark.parametrize(
    ("copy", "lag"),
    [
        ((True, 500, 10.0), 0),  # it has everything
        ((True, 400, 700.0), 300),  # it hears nothing of the primary: all that it got is replayed
        ((True, 400, None), float("inf")),
        (None, None),
        ((False, 500, 10.0), None),
    ],
)
def test_who_asks_once_learns_how_far_a_copy_is_behind_the_primary(
    monkeypatch: pytest.MonkeyPatch, copy: object, lag: float | None
) -> None:
    answers = {"default": (500, 1000.0), "replica1": copy}
    monkeypatch.setattr(replicas, "_asked", lambda alias, _sql: answers[alias])
    monkeypatch.setattr(replicas, "MOMENT", 0.01)
    assert replicas.lag_of("replica1") == lag


def test_what_was_written_a_moment_ago_makes_no_copy_late(monkeypatch: pytest.MonkeyPatch) -> None:
    places = iter([400, 500, 600])
    answers = {"default": lambda: (500, 90_000.0), "replica1": lambda: (True, next(places), 10.0)}
    monkeypatch.setattr(replicas, "_asked", lambda alias, _sql: answers[alias]())
    lag = replicas.lag_of("replica1")
    assert lag is not None
    assert lag <= replicas.MOMENT


# What is kept


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("copies")
def test_what_is_kept_is_read_from_the_primary_as_long_as_a_copy_may_lack_a_change(settled: list[bool]) -> None:
    def page() -> str:
        return make_kept(alias_for).value

    assert page() != "default"
    settled[0] = False
    assert page() == "default"
    assert alias_for() != "default"
    with reading("replica1"):
        assert make_kept(read_alias).value == "default"
    settled[0] = True
    with reading("replica1"):
        assert make_kept(read_alias).value == "replica1"


def test_a_change_settles_after_the_longest_lag(monkeypatch: pytest.MonkeyPatch) -> None:
    bump("stories")
    assert not generations().is_settled(SETTLED)
    now = time.monotonic_ns()
    monkeypatch.setattr(time, "monotonic_ns", lambda: now + int((SETTLED + 1) * 1e9))
    assert generations().is_settled(SETTLED)
    assert SETTLED > LAG + SEEN_FOR


# Failures, and the cookie


class Broken:
    errors_occurred = True
    closed = False

    def close(self) -> None:
        self.closed = True


@pytest.mark.usefixtures("settled")
def test_a_page_that_broke_with_its_copy_is_made_from_the_primary(
    copies: Replicas, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, seen = Broken(), []
    monkeypatch.setattr(replica_reading, "connections", dict.fromkeys(copies.each, broken))

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(replicas._alias.get())
        return HttpResponse(status=200 if seen[-1] == "default" else 503)

    response = replica_reading.replica_reading(view)(RequestFactory().get("/search/"))
    assert (response.status_code, seen) == (200, ["replica1", "default"])
    assert broken.closed
    assert {copies.pick() for _ in range(3)} == {"replica2"}


def pin_of(method: str, path: str) -> object:
    response = replica_reading.replica_reading(lambda _request: HttpResponse())(RequestFactory().generic(method, path))
    return response.cookies.get("pin")


@pytest.mark.usefixtures("copies", "settled")
def test_who_sends_something_is_shown_the_primary_for_a_while(settings: Settings) -> None:
    settings.HTTPS = True
    pin = pin_of("POST", "/newsletter/subscribe/")
    assert pin is not None
    assert (pin["max-age"], pin["secure"], pin["httponly"]) == (10, True, True)  # type: ignore[index]
    assert pin_of("GET", "/") is None
    assert pin_of("POST", "/reads/5/") is None
