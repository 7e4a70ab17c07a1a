"""Which addresses show what has changed, and telling the proxies in front of them (newsroom.lib.refresh_calls).

Every change is bumped under names of scopes (newsroom.lib.generations); here they become addresses. Deeper pages of
lists, search results and what else there is follow by themselves: no proxy shows a page that is older than 10 seconds.
"""

import atexit
import logging
import threading
import time
from collections.abc import Iterable, Iterator
from contextvars import ContextVar

from django.conf import settings
from django.db import close_old_connections, connections
from django.urls import reverse

from articles.models import Article, Author, Section, Source, Tag
from newsroom.lib import generations
from newsroom.lib.refresh_calls import fetch_anew
from newsroom.lib.scopes import CORRECTIONS, FRONT, SITE, STORIES
from newsroom.lib.watched import scope_of

logger = logging.getLogger(__name__)

FEEDS = ("rss", "atom", "json")  # as in articles.feeds.urls
MOST_ADDRESSES = 60  # of one round; an article with six tags has fewer
MOST_ARTICLES = 20
MOST_WAITING = 1_000  # scopes
PATIENCE = 3.0  # s: how long whoever withdraws an article waits
GATHERING = 0.03  # s: the changes of one deed come one after the other
LONGEST_ROUND = 10.0  # s
LONGEST_REST = 0.5  # s
# s: once more. A page that was being made when it changed may have reached the proxy after our call.
AGAIN_AFTER = 1.5

# Whether a copy of what was withdrawn in this request may still be shown (articles.middleware.copies).
is_left = ContextVar("is_left", default=False)


def addresses_of(scopes: Iterable[str]) -> list[str]:
    """Paths of pages that show any of these, at most MOST_ADDRESSES, the most urgent first."""
    keys = _Keys(scopes)
    found = dict.fromkeys(_addresses(keys))
    return list(found)[:MOST_ADDRESSES]


class _Keys:
    """Scopes by what they name: "articles.section:3" and "articles.section:3 stories" are both the section 3."""

    def __init__(self, scopes: Iterable[str]) -> None:
        self.names = set(scopes)
        self._keys: dict[str, set[int]] = {}
        for scope in self.names:
            model, colon, key = scope.removesuffix(" stories").partition(":")
            if colon and key.isdecimal():
                self._keys.setdefault(model, set()).add(int(key))

    def of(self, model: type) -> set[int]:
        return self._keys.get(scope_of(model, "").removesuffix(":"), set())


def _addresses(keys: _Keys) -> Iterator[str]:
    # What was never public has no copy.
    articles = Article.objects.filter(pk__in=keys.of(Article), published_at__isnull=False)
    for article in articles.only("slug")[:MOST_ARTICLES]:
        yield article.get_absolute_url()
        yield reverse("articles:lite_detail", args=[article.pk, article.slug] if article.slug else [article.pk])
    if keys.names & {STORIES, FRONT, SITE}:
        yield from map(reverse, ("articles:home", "articles:lite_home"))
    for section in Section.objects.filter(pk__in=keys.of(Section)):
        yield section.get_absolute_url()
        yield reverse("articles:lite_section", args=[section.slug])
        yield from _feeds("section", section.slug)
    if STORIES in keys.names:
        yield from (reverse(f"articles:feed_{form}") for form in FEEDS)
        yield reverse("articles:sitemap_news")
    if CORRECTIONS in keys.names:
        yield reverse("articles:corrections")
    for kind, rows in (("tag", Tag.objects), ("author", Author.objects)):
        for row in rows.filter(pk__in=keys.of(rows.model)):
            yield row.get_absolute_url()
            yield from _feeds(kind, row.slug)
    for source in Source.objects.filter(pk__in=keys.of(Source)):
        yield source.get_absolute_url()


def _feeds(kind: str, slug: str) -> Iterator[str]:
    return (reverse(f"articles:{kind}_{form}", args=[slug]) for form in FEEDS)


def recall(scopes: Iterable[str]) -> None:
    """Have the pages fetched anew while whoever did it waits; `is_left` says whether one was not."""
    try:
        is_fetched = fetch_anew(addresses_of(scopes), seconds=PATIENCE, is_urgent=True)
    except Exception:
        logger.exception("The proxies could not be told of what was recalled")
        is_fetched = False
    if not is_fetched:
        is_left.set(True)


class Refresher:
    """Tells the proxies of changes soon after them, in a thread that begins with the first one.

    It rests as long as it has worked: a hundred changes a second must not take the machine from the readers.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, float] = {}  # scope to the moment (time.monotonic) from which it may be told
        self._condition = threading.Condition()
        self._is_working = False
        self._thread: threading.Thread | None = None

    def tell(self, scopes: Iterable[str], *, after: float = 0) -> None:
        moment = time.monotonic() + after
        with self._condition:
            for scope in scopes:
                if len(self._waiting) < MOST_WAITING:
                    self._waiting.setdefault(scope, moment)
            if self._thread is None or not self._thread.is_alive():
                self._is_working = False
                self._thread = threading.Thread(target=self._work, name="refresher", daemon=True)
                self._thread.start()
            self._condition.notify_all()

    def wait(self, seconds: float) -> bool:
        """Until nothing is left to tell; False when that takes longer."""
        with self._condition:
            return self._condition.wait_for(lambda: not self._waiting and not self._is_working, timeout=seconds)

    def _work(self) -> None:
        while True:
            scopes = self._next()
            began = time.monotonic()
            try:
                close_old_connections()
                fetch_anew(addresses_of(scopes), seconds=LONGEST_ROUND)
            except Exception:
                logger.exception("The proxies could not be told of changes")
            finally:
                connections.close_all()
                with self._condition:
                    self._is_working = False
                    self._condition.notify_all()
            time.sleep(min(time.monotonic() - began, LONGEST_REST))

    def _next(self) -> list[str]:
        """Wait for changes whose moment has come."""
        with self._condition:
            while not (due := self._due()):
                soonest = min(self._waiting.values(), default=None)
                self._condition.wait(None if soonest is None else max(0.001, soonest - time.monotonic()))
            self._is_working = True
        time.sleep(GATHERING)
        with self._condition:
            due = self._due()
            for scope in due:
                del self._waiting[scope]
            return due

    def _due(self) -> list[str]:
        now = time.monotonic()
        return [scope for scope, moment in self._waiting.items() if moment <= now]


refresher = Refresher()


def bumped(scopes: tuple[str, ...], *, is_recall: bool) -> None:
    """Called after each bump."""
    if is_recall:
        recall(scopes)
        refresher.tell(scopes, after=AGAIN_AFTER)
    else:
        refresher.tell(scopes)


def listen() -> None:
    """Once in a process, when all apps are loaded; nothing where no proxy is named."""
    if settings.CACHE_REFRESH_URLS and bumped not in generations.listeners:
        generations.listeners.append(bumped)
        # A command ends right after its deed.
        atexit.register(refresher.wait, PATIENCE)
