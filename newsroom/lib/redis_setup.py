"""What settings make of REDIS_URL. Read before Django is there, so nothing of it is imported here."""

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

# By what shared memory of one machine does while there is no Redis: readers are counted once by each machine.
READS_OF_A_MACHINE = {"BACKEND": "newsroom.lib.shared_cache.SharedMemoryCache"}


def check_redis_url(url: str) -> str:
    """Raises ImproperlyConfigured for what names no Redis, without the password."""
    parts = urlsplit(url)
    is_known = parts.scheme in {"redis", "rediss"} and parts.hostname or parts.scheme == "unix" and parts.path
    if url and not is_known:
        raise ImproperlyConfigured("REDIS_URL must look like redis://:password@host:6379/0.")
    return url


def caches_for(redis_url: str) -> dict[str, Any]:
    """`default` is for anything that may be lost at any moment; `reads` counts a read once (articles.read_filter)."""
    if not redis_url:
        return {
            "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
            "reads": READS_OF_A_MACHINE,
        }
    shared = {"BACKEND": "newsroom.lib.redis_cache.SafeRedisCache", "LOCATION": redis_url}
    return {
        "default": shared | {"KEY_PREFIX": "newsroom"},
        "reads": shared | {"KEY_PREFIX": "reads", "OPTIONS": {"aside": READS_OF_A_MACHINE["BACKEND"]}},
    }
