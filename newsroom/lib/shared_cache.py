"""A cache in memory that processes share: for what is to be forgotten, and must not lie on a disk meanwhile."""

import mmap
import struct
import threading
import time
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

# The digest of the name, when it ends (seconds since 1970), the length of the value or NUMBER, the value.
_SLOT = struct.Struct("<16sIB32s")
_NUMBER = 255
_LONGEST = 32
_STRIDE = 64  # bytes: the size of a cache line, of which a slot fills most
_WAYS = 8  # slots in which one name may lie
_BUCKETS = 2**14
_SIZE = _BUCKETS * _WAYS * _STRIDE  # 8 MB, of which the system gives only what is written to

# Belongs to this process and to all that are forked from it later: gunicorn.conf.py imports this module for that.
_memory = mmap.mmap(-1, _SIZE)
_lock = threading.Lock()


class SharedMemoryCache(BaseCache):
    """Keeps numbers, and bytes up to 32, for all processes that one gunicorn has forked; the oldest make room.

    Threads of one process wait for each other. Processes do not: where two write to one slot in the same microsecond,
    a number may be one too small, or an entry be missing, as in any cache.
    """

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        with _lock:
            if self._find(key, version):
                return False
            self._write(key, version, value, timeout)
            return True

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        with _lock:
            found = self._find(key, version)
        return found[1] if found else default

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        with _lock:
            self._write(key, version, value, timeout)

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """The end stays where it was. Raises ValueError for a name that is not there."""
        with _lock:
            found = self._find(key, version)
            if not found:
                raise ValueError("no such name")
            place, number = found
            digest, ends, kind, _value = _SLOT.unpack_from(_memory, place)
            _SLOT.pack_into(_memory, place, digest, ends, kind, _packed(number + delta)[1])
            return int(number + delta)

    def delete(self, key: str, version: int | None = None) -> bool:
        with _lock:
            found = self._find(key, version)
            if found:
                _SLOT.pack_into(_memory, found[0], b"", 0, 0, b"")
            return bool(found)

    def clear(self) -> None:
        with _lock:
            _memory[:] = bytes(_SIZE)

    def _digest(self, key: str, version: int | None) -> bytes:
        return blake2b(self.make_and_validate_key(key, version=version).encode(), digest_size=16).digest()

    def _find(self, key: str, version: int | None) -> tuple[int, Any] | None:
        """Return (place, value) of what is there and has not ended."""
        digest, now = self._digest(key, version), time.time()
        for place in _places(digest):
            found, ends, kind, value = _SLOT.unpack_from(_memory, place)
            if found == digest and ends > now:
                return place, int.from_bytes(value[:8], "little", signed=True) if kind == _NUMBER else value[:kind]
        return None

    def _write(self, key: str, version: int | None, value: Any, timeout: Any) -> None:
        """Over the slot of the same name, else over the one that ends first."""
        digest = self._digest(key, version)
        ends = self.get_backend_timeout(timeout)
        slots = [(_SLOT.unpack_from(_memory, place), place) for place in _places(digest)]
        _rank, place = min(((slot[0] != digest, slot[1]), place) for slot, place in slots)
        kind, packed = _packed(value)
        _SLOT.pack_into(_memory, place, digest, 2**32 - 1 if ends is None else int(ends), kind, packed)


def _places(digest: bytes) -> Iterator[int]:
    first = int.from_bytes(digest[:8], "little") % _BUCKETS * _WAYS * _STRIDE
    return iter(range(first, first + _WAYS * _STRIDE, _STRIDE))


def _packed(value: Any) -> tuple[int, bytes]:
    """Raises TypeError for what this cache does not keep, ValueError for bytes that are too long."""
    if isinstance(value, int):
        return _NUMBER, value.to_bytes(8, "little", signed=True)
    if not isinstance(value, bytes):
        raise TypeError("numbers and bytes only")
    if len(value) > _LONGEST:
        raise ValueError(f"at most {_LONGEST} bytes")
    return len(value), value
