"""The cache that processes share: what it keeps, for how long, and who sees it."""

import os
from collections.abc import Iterator

import pytest
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from time_machine import Traveller

from newsroom.lib import shared_cache


@pytest.fixture
def cache(clock: Traveller) -> Iterator[BaseCache]:
    caches["reads"].clear()
    yield caches["reads"]
    caches["reads"].clear()


@pytest.mark.parametrize("value", [0, 1, -5, 2**60, b"", b"key", bytes(range(32))])
def test_what_is_set_is_there(cache: BaseCache, value: object) -> None:
    cache.set("name", value, 10)
    assert cache.get("name") == value
    assert cache.get("other") is None


@pytest.mark.parametrize("value", ["text", None, 1.5])
def test_only_numbers_and_bytes_are_kept(cache: BaseCache, value: object) -> None:
    with pytest.raises(TypeError):
        cache.set("name", value)


def test_long_bytes_are_refused(cache: BaseCache) -> None:
    with pytest.raises(ValueError, match="32"):
        cache.set("name", bytes(33))


def test_add_takes_a_name_once_until_it_ends(cache: BaseCache, clock: Traveller) -> None:
    assert cache.add("name", 1, 10)
    assert not cache.add("name", 2, 10)
    assert cache.get("name") == 1
    clock.shift(11)
    assert cache.get("name") is None
    assert cache.add("name", 3, 10)


def test_counting_does_not_put_the_end_off(cache: BaseCache, clock: Traveller) -> None:
    cache.add("name", 0, 10)
    clock.shift(9)
    assert cache.incr("name") == 1
    assert cache.incr("name", 4) == 5
    clock.shift(2)
    with pytest.raises(ValueError, match="no such name"):
        cache.incr("name")


def test_what_is_deleted_is_gone(cache: BaseCache) -> None:
    cache.set("name", 1)
    assert cache.delete("name")
    assert not cache.delete("name")
    assert cache.get("name") is None


def test_where_it_is_full_what_ends_first_makes_room(cache: BaseCache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_cache, "_BUCKETS", 1)
    cache.set("key", b"kept", 1000)
    for number in range(50):
        cache.set(f"name-{number}", number, 10 + number)
    assert cache.get("key") == b"kept"
    assert [number for number in range(50) if cache.get(f"name-{number}") is not None] == list(range(43, 50))


def test_a_process_that_was_forked_shares_it(cache: BaseCache) -> None:
    cache.add("count", 1, 100)
    child = os.fork()
    if child == 0:
        is_seen = cache.get("count") == 1 and cache.incr("count") == 2 and cache.add("from-child", 7, 100)
        os._exit(0 if is_seen else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert cache.get("count") == 2
    assert not cache.add("from-child", 8, 100)
