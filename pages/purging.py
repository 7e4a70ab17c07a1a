"""Having a CDN put away what has changed, by the keys that pages were sent with (newsroom.lib.surrogate_keys).

A call that comes late or never costs seconds: what the CDN has is no older than `s-maxage` says.
"""

import json
import logging
import threading
from collections.abc import Iterable
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, InterfaceError

from newsroom.lib import generations
from newsroom.lib.surrogate_keys import keys_of_change
from newsroom.lib.timed_flush import TimedFlush
from tasks.defining import task

logger = logging.getLogger(__name__)

TIMEOUT = 5.0  # s
# s: the changes of one deed come one after the other, and the machine that the CDN asks must know of them
# (newsroom.lib.change_bell.EVERY).
GATHERING = 1.2
MOST_KEYS = 30  # of one call, as Cloudflare takes them
BACKOFF = (2, 10, 60)  # s


class Refused(Exception):
    """The CDN answered something else than that it is done."""


@task(max_attempts=4, backoff=BACKOFF)
def purge(keys: list[str]) -> None:
    """Raises Refused, OSError or HTTPException: it is tried again."""
    for first in range(0, len(keys), MOST_KEYS):
        _call(keys[first : first + MOST_KEYS])


def _call(keys: list[str]) -> None:
    """The keys in a header as Fastly reads them, and in the body as Cloudflare does."""
    address = urlsplit(settings.CDN_PURGE_URL)
    name, _colon, value = settings.CDN_PURGE_TOKEN.partition(":")
    headers = {"Content-Type": "application/json", "Surrogate-Key": " ".join(keys), name.strip(): value.strip()}
    connection = (HTTPSConnection if address.scheme == "https" else HTTPConnection)(address.netloc, timeout=TIMEOUT)
    try:
        path = f"{address.path or '/'}{'?' if address.query else ''}{address.query}"
        connection.request("POST", path, json.dumps({"tags": keys}), headers)
        status = connection.getresponse().status
    except HTTPException as error:
        raise Refused(type(error).__name__) from error
    finally:
        connection.close()
    if status >= 300:
        raise Refused(f"it answered {status}")


class Purger:
    """Collects what has changed, and has a worker call the CDN soon after."""

    def __init__(self) -> None:
        self._keys: set[str] = set()
        self._lock = threading.Lock()
        self.timed = TimedFlush(self.flush, seconds=GATHERING)

    def changed(self, scopes: Iterable[str], *, is_recall: bool) -> None:
        keys = keys_of_change(scopes)
        if is_recall:
            _enqueue(keys)  # and once more
        with self._lock:
            self._keys |= keys
        self.timed.begin()

    def flush(self) -> None:
        with self._lock:
            keys, self._keys = self._keys, set()
        if keys:
            _enqueue(keys)


def _enqueue(keys: set[str]) -> None:
    try:
        purge.enqueue(sorted(keys))
    except (DatabaseError, InterfaceError):
        logger.exception("The CDN could not be told of changes")


purger = Purger()


def listen() -> None:
    """Once in a process, when all apps are loaded; nothing where no CDN is named."""
    if settings.CDN_PURGE_URL and purger.changed not in generations.tellers:
        generations.tellers.append(purger.changed)
        purger.timed.start()
