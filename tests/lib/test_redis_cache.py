"""Redis as a cache that may be gone at any moment; against a real server, on a port of its own."""

import os
import shutil
import signal
import time
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings

from newsroom.lib import redis_bell, redis_line
from newsroom.lib.redis_cache import PlainSerializer, SafeRedisCache
from newsroom.lib.redis_line import Breaker, breaker
from newsroom.lib.redis_setup import READS_OF_A_MACHINE, caches_for
from tests.machines.servers import redis_server

pytestmark = pytest.mark.skipif(
    not shutil.which("redis-server") and os.environ.get("CI") != "true", reason="Redis is not installed"
)


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, Any]]:
    with redis_server() as server:
        yield server


@pytest.fixture(autouse=True)
def closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test with a line that works, as far as anybody knows."""
    breaker._open_until = 0.0


def make_cache(url: str, name: str = "default") -> SafeRedisCache:
    told = dict(caches_for(url)[name])
    del told["BACKEND"]
    return SafeRedisCache(told.pop("LOCATION"), told)


@pytest.fixture
def cache(server: tuple[str, Any]) -> SafeRedisCache:
    cache = make_cache(server[0])
    cache.clear()
    return cache


@pytest.mark.parametrize("value", [5, -1, True, None, "خبر", b"\x00\xff", 1.5, {"a": [1, "ب"]}])
def test_what_is_put_in_comes_out(cache: SafeRedisCache, value: object) -> None:
    cache.set("name", value, 60)
    assert cache.get("name", "nothing") == value
    assert type(cache.get("name", "nothing")) is type(value)


def test_numbers_are_counted_and_names_taken_once(cache: SafeRedisCache) -> None:
    assert cache.add("n", 0, 60)
    assert not cache.add("n", 7, 60)
    assert [cache.incr("n"), cache.incr("n", 3)] == [1, 4]
    with pytest.raises(ValueError, match="not found"):
        cache.incr("nothing")
    assert not breaker.is_open


def test_many_at_once_and_away_again(cache: SafeRedisCache) -> None:
    cache.set_many({"a": 1, "b": 2})
    assert cache.get_many(["a", "b", "c"]) == {"a": 1, "b": 2}
    cache.delete_many(["a"])
    assert (cache.delete("b"), cache.delete("b"), "a" in cache) == (True, False, False)


def test_nothing_that_is_unpacked_could_run(cache: SafeRedisCache) -> None:
    with pytest.raises(TypeError):
        cache.set("name", object())
    with pytest.raises(ValueError, match="invalid literal"):
        PlainSerializer().loads(b"\x80\x04\x95\x0b\x00\x00\x00")


@pytest.mark.parametrize("data", [b"j{broken", b"j\xff\xfe", b"pickled", b""])
def test_what_cannot_be_read_is_not_there(cache: SafeRedisCache, data: bytes) -> None:
    """Another program wrote into this Redis, or a version of ours that is to come."""
    client = cache._cache.get_client(write=True)
    client.set(cache.make_key("name"), data)
    assert cache.get("name", "nothing") == "nothing"
    assert cache.get_many(["name"]) == {}
    assert not breaker.is_open
    cache.set("name", 5)
    assert (cache.get("name"), cache.get_many(["name"])) == (5, {"name": 5})


def test_what_cannot_be_counted_is_not_there(cache: SafeRedisCache) -> None:
    cache.set("name", "a word")
    with pytest.raises(ValueError, match="not found"):
        cache.incr("name")


def test_names_of_the_two_caches_do_not_meet(server: tuple[str, Any]) -> None:
    first, second = make_cache(server[0]), make_cache(server[0], "reads")
    first.set("name", 1)
    second.set("name", 2)
    assert (first.get("name"), second.get("name")) == (1, 2)


def test_a_redis_that_is_gone_is_a_cache_that_keeps_nothing(cache: SafeRedisCache) -> None:
    gone = make_cache("redis://127.0.0.1:1/0")
    gone.set("name", 5)
    assert gone.get("name", "nothing") == "nothing"
    assert gone.add("name", 1)
    assert not gone.delete("name")
    assert gone.get_many(["name"]) == {}
    with pytest.raises(ValueError, match="not found"):
        gone.incr("name")
    assert breaker.is_open


def test_reads_are_counted_by_the_machine_while_redis_is_gone() -> None:
    gone = make_cache("redis://127.0.0.1:1/0", "reads")
    gone.clear()
    assert [gone.add("reader", 1, 60), gone.add("reader", 1, 60)] == [True, False]
    assert gone.incr("reader") == 2
    assert caches_for("")["reads"] == READS_OF_A_MACHINE


def test_a_silent_redis_costs_one_wait_and_then_none(server: tuple[str, Any], cache: SafeRedisCache) -> None:
    cache.set("name", 1)
    failures = breaker.failures
    os.kill(server[1].pid, signal.SIGSTOP)
    try:
        assert [cache.get("name") for _ in range(50)] == [None] * 50
    finally:
        os.kill(server[1].pid, signal.SIGCONT)
    assert breaker.failures == failures + 1


def test_redis_that_was_started_anew_is_used_after_the_pause(
    cache: SafeRedisCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaker.failed(OSError())
    assert cache.get("name", "nothing") == "nothing"
    now = time.monotonic()
    monkeypatch.setattr(redis_line.time, "monotonic", lambda: now + redis_line.OPEN + 1)
    cache.set("name", 3)
    assert cache.get("name") == 3
    assert not breaker.is_open


def test_a_line_that_redis_has_closed_is_opened_anew_at_once(cache: SafeRedisCache) -> None:
    cache.set("name", 1)
    cache._cache.get_client(write=True).client_kill_filter(_type="normal", skipme=False)
    assert cache.get("name") == 1
    assert not breaker.is_open


def test_after_a_failure_one_tries_and_the_others_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    own = Breaker()
    own.failed(OSError())
    assert not own.may_ask()
    now = time.monotonic()
    monkeypatch.setattr(redis_line.time, "monotonic", lambda: now + redis_line.OPEN + 1)
    assert [own.may_ask(), own.may_ask()] == [True, False]
    own.answered()
    assert [own.may_ask(), own.may_ask()] == [True, True]


def test_the_password_is_written_nowhere(server: tuple[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    make_cache(server[0].replace("for-tests-only", "wrong-word")).get("name")
    assert "Redis does not answer" in caplog.text
    assert "wrong-word" not in caplog.text


# The bell


@pytest.fixture
def bell(server: tuple[str, Any], settings: Settings) -> Iterator[redis_bell.Bell]:
    settings.REDIS_URL = server[0]
    redis_line.line.cache_clear()
    yield redis_bell.Bell()
    redis_line.line.cache_clear()


def test_the_bell_is_heard(bell: redis_bell.Bell, monkeypatch: pytest.MonkeyPatch) -> None:
    bell.wait()  # hung
    assert bell.is_connected
    monkeypatch.setattr(redis_bell, "EVERY", 60.0)
    for _time in range(3):
        redis_bell.ring()
    bell.wait()
    monkeypatch.setattr(redis_bell, "EVERY", 0.05)
    bell.wait()  # no second one of the three
    assert bell.is_connected


def test_a_bell_whose_line_is_dead_is_noticed_and_time_goes_on(
    bell: redis_bell.Bell, server: tuple[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    bell.wait()
    monkeypatch.setattr(redis_bell, "EVERY", 0.3)
    os.kill(server[1].pid, signal.SIGSTOP)
    try:
        bell.wait()
        assert not bell.is_connected
        monkeypatch.setattr(redis_bell.change_bell.time, "sleep", lambda _seconds: None)
        bell.wait()
        redis_bell.ring()
        assert breaker.is_open
    finally:
        os.kill(server[1].pid, signal.SIGCONT)
