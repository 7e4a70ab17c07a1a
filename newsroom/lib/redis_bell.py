"""Rings on all machines at once when one has changed something. Loaded where REDIS_URL is set: redis takes 20 MB.

It says only "look now". What has changed stands in the database (pages.neighbours), so that nothing is lost with a
message, and nothing is believed that somebody else writes into Redis.
"""

import time
from typing import Any

from django.conf import settings
from redis import Redis
from redis.client import PubSub

from newsroom.lib import change_bell
from newsroom.lib.redis_line import FAULTS, OPEN, breaker, line, options

CHANNEL = "newsroom changes"
EVERY = 2.0  # s between two looks while nothing rings: also who rings may have lost the line
# s: what is rung within it is one ring. A deed changes several things.
GATHERING = 0.01


def ring() -> None:
    if breaker.may_ask():
        try:
            line().publish(CHANNEL, "")
        except FAULTS as error:
            breaker.failed(error)
        else:
            breaker.answered()


class Bell(change_bell.Bell):
    """Of one thread, which does nothing but wait for it."""

    def __init__(self) -> None:
        self._heard: PubSub | None = None
        self._try_at = 0.0  # time.monotonic

    @property
    def is_connected(self) -> bool:
        return self._heard is not None

    def wait(self) -> None:
        """Until it is time to look: after a ring, when the line was made anew, at the latest after EVERY."""
        if self._heard is not None:
            self._listen(self._heard)
        elif not self._connect():
            super().wait()

    def _connect(self) -> bool:
        if time.monotonic() < self._try_at:
            return False
        heard = Redis.from_url(settings.REDIS_URL, **options(seconds=EVERY)).pubsub()
        try:
            heard.subscribe(CHANNEL)
            heard.get_message(timeout=EVERY)
        except FAULTS:
            self._lose(heard)
            return False
        self._heard = heard
        return True

    def _listen(self, heard: PubSub) -> None:
        try:
            heard.ping()
            until = time.monotonic() + EVERY
            is_alive = False
            while (left := until - time.monotonic()) > 0:
                message = heard.get_message(timeout=left)
                is_alive |= message is not None
                if _is_ring(message):
                    time.sleep(GATHERING)
                    while heard.get_message(timeout=0) is not None:
                        pass
                    return
            if not is_alive:  # not even to the ping did it answer
                self._lose(heard)
        except FAULTS:
            self._lose(heard)

    def _lose(self, heard: PubSub) -> None:
        self._heard = None
        self._try_at = time.monotonic() + OPEN
        heard.close()


def _is_ring(message: Any) -> bool:
    return message is not None and message["type"] == "message"
