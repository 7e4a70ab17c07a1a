"""Redis as the cache of all machines, without which the site works as well: what it does not answer is not there."""

import json
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.redis import RedisCache
from django.utils.module_loading import import_string

from newsroom.lib.redis_line import FAULTS, breaker, options

_BYTES, _JSON = b"b", b"j"
_NOTHING = DummyCache("", {})


class PlainSerializer:
    """Numbers as Redis counts them, bytes, and what JSON can hold.

    Never pickle: who can write into Redis could have every web server run what he likes.
    """

    def dumps(self, value: Any) -> bytes | int:
        """Raises TypeError for anything else."""
        if type(value) is int:
            return value
        if isinstance(value, bytes):
            return _BYTES + value
        return _JSON + json.dumps(value, ensure_ascii=False).encode()

    def loads(self, data: bytes) -> Any:
        kind, value = data[:1], data[1:]
        if kind == _BYTES:
            return value
        return json.loads(value) if kind == _JSON else int(data)


class SafeRedisCache(RedisCache):
    """Raises nothing of Redis. While that is silent, `aside` (OPTIONS) is asked, else a cache that keeps nothing."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        given = dict(params.get("OPTIONS", {}))
        aside = import_string(given.pop("aside")) if "aside" in given else DummyCache
        self._aside: BaseCache = aside("", params | {"OPTIONS": {}})
        super().__init__(server, params | {"OPTIONS": {**options(), "serializer": PlainSerializer(), **given}})

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        return bool(self._ask("add", key, value, timeout, version))

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        return self._ask("get", key, default, version)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> None:
        self._ask("set", key, value, timeout, version)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        return bool(self._ask("touch", key, timeout, version))

    def delete(self, key: Any, version: Any = None) -> bool:
        return bool(self._ask("delete", key, version))

    def get_many(self, keys: Any, version: Any = None) -> dict[Any, Any]:
        return dict(self._ask("get_many", list(keys), version))

    def has_key(self, key: Any, version: Any = None) -> bool:
        return bool(self._ask("has_key", key, version))

    def incr(self, key: Any, delta: int = 1, version: Any = None) -> int:
        """Raises ValueError for a name that is not there."""
        return int(self._ask("incr", key, delta, version))

    def set_many(self, data: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> list[Any]:
        return list(self._ask("set_many", data, timeout, version))

    def delete_many(self, keys: Any, version: Any = None) -> None:
        self._ask("delete_many", list(keys), version)

    def clear(self) -> None:
        self._ask("clear")

    def _ask(self, name: str, *arguments: Any) -> Any:
        if breaker.may_ask():
            try:
                answer = getattr(super(), name)(*arguments)
            except FAULTS as error:
                breaker.failed(error)
            except ValueError:  # Redis did answer
                breaker.answered()
                if name == "incr":  # there is no such name
                    raise
                # Under our name lies what we cannot read: it is not there.
                return getattr(_NOTHING, name)(*arguments)
            else:
                breaker.answered()
                return answer
        return getattr(self._aside, name)(*arguments)
