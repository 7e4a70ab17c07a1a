"""Which beacons are reads of people: no robots, nobody of the staff, nobody twice, nobody a thousand times.

Nothing is kept of a reader. What tells two of them apart is a digest under a random key that is known to the cache
alone and thrown away after half a day; it lies in the cache for half an hour, never in the database or the log.
"""

import hmac
import re
import secrets

from django.conf import settings
from django.core.cache import BaseCache, caches
from django.http import HttpRequest

from accounts.throttling import client_network
from newsroom.lib.tables import words

# Seconds in which a story that is opened again is still the same read.
SAME_READ = 30 * 60
KEY_LIVES = 12 * 60 * 60  # seconds
# Networks of telephones put thousands of people behind one address, so that the limits are wide: they keep a story
# from being written to the top of the list by one machine, no more.
MOST_OF_NETWORK = 600  # reads in WINDOW
MOST_OF_NETWORK_AND_STORY = 60
WINDOW = 10 * 60  # seconds

_ROBOTS = re.compile("|".join(map(re.escape, words("robots"))), re.IGNORECASE)
_NO_ROBOTS = re.compile("|".join(map(re.escape, words("robots_not"))), re.IGNORECASE)


def is_read(request: HttpRequest, article_id: int) -> bool:
    """Whether this beacon is to be counted; asking is remembered. Reads no session and no database."""
    if is_from_staff(request) or is_ahead_of_reader(request) or is_robot(request.headers.get("User-Agent", "")):
        return False
    return _is_new(client_network(), request.headers.get("User-Agent", ""), article_id)


def is_from_staff(request: HttpRequest) -> bool:
    """Readers never have a session. Whether this one still lives is not worth a query."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def is_ahead_of_reader(request: HttpRequest) -> bool:
    """A browser that fetches a page in case somebody wants it says so (the header's names since 2010)."""
    purposes = (request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"))
    return any("prefetch" in purpose or "prerender" in purpose or "preview" in purpose for purpose in purposes)


def is_robot(user_agent: str) -> bool:
    """By what the program calls itself: newsroom/lib/tables/robots.txt. Every browser begins with Mozilla."""
    return not user_agent.startswith("Mozilla/") or bool(_ROBOTS.search(_NO_ROBOTS.sub("", user_agent)))


def is_first(seconds: int, *parts: str) -> bool:
    """Whether nobody has asked about the same `parts` within so many seconds; only their digest is remembered."""
    cache = caches["reads"]
    return bool(cache.add(_digest(_key(cache), *parts), 1, seconds))


def has_room(name: str, most: int, seconds: int) -> bool:
    """Whether `name` was asked about at most `most` times, this time included, within so many seconds of the first."""
    cache = caches["reads"]
    return _has_room(cache, _digest(_key(cache), name), most, seconds)


def _is_new(network: str, user_agent: str, article_id: int) -> bool:
    cache = caches["reads"]
    key = _key(cache)
    if not _has_room(cache, _digest(key, network), MOST_OF_NETWORK):
        return False
    if not cache.add(_digest(key, network, user_agent, str(article_id)), 1, SAME_READ):
        return False
    return _has_room(cache, _digest(key, network, str(article_id)), MOST_OF_NETWORK_AND_STORY)


def _key(cache: BaseCache) -> bytes:
    """The random key of this half day; the first process that needs one makes it."""
    key: bytes | None = cache.get("key")
    return key or cache.get_or_set("key", lambda: secrets.token_bytes(32), KEY_LIVES) or b""


def _digest(key: bytes, *parts: str) -> str:
    return hmac.digest(key, "\n".join(parts).encode(), "sha256").hex()


def _has_room(cache: BaseCache, name: str, most: int, seconds: int = WINDOW) -> bool:
    """Count one more under `name`; False from the one after `most` on."""
    cache.add(name, 0, seconds)
    try:
        return cache.incr(name) <= most
    except ValueError:  # forgotten between the two lines
        return True
