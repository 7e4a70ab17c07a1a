"""What is shared between processes for speed alone: the site goes on without it, slower."""

import secrets
import time
from collections.abc import Iterator

from django.conf import settings
from django.core.cache import caches
from django.utils.translation import gettext_lazy as _

from newsroom.checkup.findings import Finding, ok, warning
from newsroom.lib.refresh_calls import fetch_anew

SLOW = 0.05  # s
PATIENCE = 3.0  # s


def check_caches() -> Iterator[Finding]:
    """What is written to it is read back, with a key that nobody else has."""
    cache, key = caches["default"], f"doctor-{secrets.token_hex(8)}"
    began = time.monotonic()
    cache.set(key, "there", 10)
    is_back = cache.get(key) == "there"
    cache.delete(key)
    milliseconds = round((time.monotonic() - began) * 1000)
    if not is_back:
        yield warning(
            "cache",
            _("The cache does not keep what it is given; the site goes on without it, slower."),
            _("Start Redis, or correct REDIS_URL."),
        )
    elif milliseconds > SLOW * 3 * 1000:
        yield warning(
            "cache",
            _("The cache took %(ms)s ms."),
            _("Look at the load of Redis and at the network between."),
            ms=milliseconds,
        )
    else:
        yield ok("cache", _("The cache answered after %(ms)s ms."), ms=milliseconds)


def check_proxies() -> Iterator[Finding]:
    """Whether those that keep copies take our word for it that a page has changed."""
    if not settings.CACHE_REFRESH_URLS:
        return
    if fetch_anew(["/"], seconds=PATIENCE):
        yield ok("proxies", _("The proxies fetch pages anew when they are told to."))
    else:
        yield warning(
            "proxies",
            _("A proxy does not fetch pages anew when it is told to: corrections show up to 10 seconds late."),
            _("Compare CACHE_REFRESH_URLS and CACHE_REFRESH_TOKEN with the proxy's own; the log says which it is."),
        )
