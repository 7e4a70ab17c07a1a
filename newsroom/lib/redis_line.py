"""The line to Redis: short waits, and after a failure none at all for a while, so that a dead Redis slows nobody."""

import logging
import threading
import time
from functools import cache
from typing import Any

from django.conf import settings
from redis import ConnectionError as Disconnected
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

SECONDS = 0.2  # for connecting, and for each answer
OPEN = 5.0  # s without a question after a failure
FAULTS = (RedisError, OSError)


class Breaker:
    """Of one process: open, nobody asks. After OPEN seconds one may try; the others wait for what comes of it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open_until = 0.0  # time.monotonic
        self.failures = 0

    @property
    def is_open(self) -> bool:
        return self._open_until > 0

    def may_ask(self) -> bool:
        if not self._open_until:
            return True
        with self._lock:
            now = time.monotonic()
            if now < self._open_until:
                return False
            self._open_until = now + OPEN
            return True

    def failed(self, error: Exception) -> None:
        with self._lock:
            if not self._open_until:
                logger.warning("Redis does not answer, the site goes on without: %s", type(error).__name__)
            self.failures += 1
            self._open_until = time.monotonic() + OPEN

    def answered(self) -> None:
        if self._open_until:
            self._open_until = 0.0
            logger.warning("Redis answers again")


breaker = Breaker()


def options(*, seconds: float = SECONDS) -> dict[str, Any]:
    """For each connection. A line that Redis has closed is opened anew once; one that is silent is not asked again."""
    again = Retry(NoBackoff(), 1, supported_errors=(Disconnected,))
    return {"socket_timeout": seconds, "socket_connect_timeout": SECONDS, "retry": again, "protocol": 2}


@cache
def line() -> Redis:
    """Of this process; its threads share the connections. Asked only through `breaker`."""
    return Redis.from_url(settings.REDIS_URL, **options())
