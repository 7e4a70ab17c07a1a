"""No more messages in a second than the mail server and the mail domains want, from all senders together.

A limit is a row that says from when on the next message may leave. A sender takes some of these moments in advance and
lets one message go at each; a moment that it misses is lost, so that nothing is ever made up for in a rush.
"""

from collections import deque
from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from newsletter.models import RateBucket
from newsletter.sending.letters import Kind, Letter, Outcome
from newsletter.sending.runs import ticks
from newsroom.lib.database_clock import database_now

# A message takes a while from here to the server, not always the same: part of the limit is left for that, so that
# also the server counts no more in any second.
SHARE = 0.8
# Seconds for which moments are taken in advance, and after which one that was not used is lost.
AHEAD = 0.5
LATE = 0.05
# Letters of one domain that are held here at most: others are waiting behind them.
MOST_OF_A_DOMAIN = 40
# A domain that says "not now" so many times in a row rests: so many seconds, twice as long each time.
REFUSALS = 10
FIRST_REST = 30
LONGEST_REST = 600


class Gate:
    """Holds the letters of one sender until each may go."""

    def __init__(self, server: str) -> None:
        self._server = f"server:{server}"
        self._letters: dict[str, deque[Letter]] = {}
        self._moments: dict[str, deque[float]] = {}
        self._refusals: dict[str, int] = {}
        self._rests: dict[str, int] = {}

    @property
    def is_needed(self) -> bool:
        return bool(settings.NEWSLETTER_RATE or settings.NEWSLETTER_DOMAIN_RATE)

    def hold(self, letter: Letter) -> None:
        self._letters.setdefault(letter.domain, deque()).append(letter)

    def waiting(self) -> int:
        return sum(map(len, self._letters.values()))

    def full_domains(self) -> set[str]:
        return {domain for domain, letters in self._letters.items() if len(letters) >= MOST_OF_A_DOMAIN}

    def take_back(self) -> list[Letter]:
        letters = [letter for held in self._letters.values() for letter in held]
        self._letters.clear()
        return letters

    def released(self, *, at_most: int) -> list[Letter]:
        """Those that may leave now. Asks the database for further moments where they are used up."""
        self._reserve()
        free: list[Letter] = []
        for domain in list(self._letters):
            while self._letters[domain] and len(free) < at_most and self._may_go(domain):
                free.append(self._letters[domain].popleft())
            if not self._letters[domain]:
                del self._letters[domain]
        return free

    def heed(self, outcome: Outcome) -> str:
        """The domain that should be left alone for a while after this answer, or ''."""
        domain = outcome.letter.domain
        if outcome.kind is Kind.ACCEPTED:
            self._refusals.pop(domain, None)
            self._rests.pop(domain, None)
        elif outcome.kind is Kind.DEFERRED and outcome.code:
            self._refusals[domain] = self._refusals.get(domain, 0) + 1
            if self._refusals[domain] % REFUSALS == 0:
                return domain
        return ""

    def rest_of(self, domain: str) -> float:
        number = self._rests[domain] = self._rests.get(domain, 0) + 1
        return float(min(LONGEST_REST, FIRST_REST * 2 ** (number - 1)))

    def _may_go(self, domain: str) -> bool:
        """Use one moment of each limit that there is, if all have one now."""
        queues = [self._current(name) for name in self._limits(domain)]
        if not all(queues):
            return False
        for queue in queues:
            queue.popleft()
        return True

    def _current(self, name: str) -> deque[float]:
        """The moments of a limit if the first of them is now, else an empty list."""
        moments, now = self._moments.setdefault(name, deque()), ticks()
        while moments and moments[0] < now - LATE:
            moments.popleft()
        return moments if moments and moments[0] <= now else deque()

    def _limits(self, domain: str) -> dict[str, float]:
        rates: Mapping[str, float] = settings.NEWSLETTER_DOMAIN_RATE
        limits = {self._server: settings.NEWSLETTER_RATE, f"domain:{domain}": rates.get(domain, rates.get("*", 0))}
        return {name: rate for name, rate in limits.items() if rate}

    def _reserve(self) -> None:
        wanted = {name: rate for domain in self._letters for name, rate in self._limits(domain).items()}
        used_up = {name: rate for name, rate in wanted.items() if not self._moments.get(name)}
        if used_up:
            self._moments |= {name: deque(moments) for name, moments in reserve(used_up).items()}


@transaction.atomic
def reserve(rates: Mapping[str, float]) -> dict[str, list[float]]:
    """Take the next moments of these limits, none later than AHEAD; on the clock of ticks()."""
    RateBucket.objects.bulk_create([RateBucket(name=name) for name in rates], ignore_conflicts=True)
    found: dict[str, list[float]] = {}
    buckets = list(RateBucket.objects.select_for_update().filter(name__in=list(rates)).order_by("name"))
    here, now = ticks(), database_now()
    for bucket in buckets:
        gap = timedelta(seconds=1 / (rates[bucket.name] * SHARE))
        # A moment that lies too far ahead was given by a clock that has been set back since.
        start = bucket.refilled_at if now <= bucket.refilled_at <= now + timedelta(seconds=AHEAD) + gap else now
        moments = []
        while start <= now + timedelta(seconds=AHEAD):
            moments.append(here + (start - now).total_seconds())
            start += gap
        bucket.refilled_at = start
        found[bucket.name] = moments
    RateBucket.objects.bulk_update(buckets, ["refilled_at"])
    return found


def close_domain(domain: str, *, seconds: float) -> None:
    """Nobody sends there before."""
    until = database_now() + timedelta(seconds=seconds)
    RateBucket.objects.update_or_create(name=f"domain:{domain}", defaults={"closed_until": until})


def closed_domains() -> set[str]:
    closed = RateBucket.objects.filter(closed_until__gt=database_now()).values_list("name", flat=True)
    return {name.removeprefix("domain:") for name in closed}
