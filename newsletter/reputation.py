"""How the last issues were received: complaints and bounces against the limits of the mail providers.

Gmail's and Yahoo's rules for bulk senders (2024): below 0.1 % complaints is good, 0.3 % must never be reached.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count
from django.utils import timezone

from newsletter.enums import DeliveryState, EventKind
from newsletter.models import Delivery, DeliveryEvent, Issue
from newsletter.providers import provider_of

DAYS = 30
# Of 1: complaints, and addresses that do not exist.
COMPLAINTS_WARN, COMPLAINTS_STOP = 0.001, 0.003
BOUNCES_WARN, BOUNCES_STOP = 0.02, 0.05
# Rows that are counted at most; of a large newsroom that is the last issue or two.
MOST_ROWS = 500_000
# Below it one complaint is more than the limit and says nothing.
ENOUGH = 1_000


@dataclass(frozen=True)
class Rate:
    """Of one provider, or of all with the provider None."""

    provider: str | None
    sent: int
    complaints: int
    bounces: int

    @property
    def complaint_rate(self) -> float:
        return self.complaints / self.sent if self.sent else 0.0

    @property
    def bounce_rate(self) -> float:
        return self.bounces / self.sent if self.sent else 0.0

    @property
    def complaint_level(self) -> str:
        return _level(self.complaint_rate, COMPLAINTS_WARN, COMPLAINTS_STOP, self.sent)

    @property
    def bounce_level(self) -> str:
        return _level(self.bounce_rate, BOUNCES_WARN, BOUNCES_STOP, self.sent)


@dataclass(frozen=True)
class Reputation:
    """`total` and, most mail first, the providers; counted over `issues` issues since `since` days."""

    total: Rate
    providers: list[Rate]
    issues: int
    days: int = DAYS


def reputation() -> Reputation:
    """Of the issues of the last DAYS days, the newest first, until MOST_ROWS messages are reached."""
    issues = _newest()
    sent = Counter[str]()
    rows = Delivery.objects.filter(issue__in=issues, state=DeliveryState.SENT)
    for domain, number in rows.values_list("domain").annotate(number=Count("pk")).order_by():
        sent[provider_of(domain)] += number
    complaints = _events(issues, EventKind.COMPLAINED)
    bounces = _events(issues, EventKind.HARD_BOUNCE)
    providers = [Rate(name, sent[name], complaints[name], bounces[name]) for name, _number in sent.most_common()]
    total = Rate(None, sent.total(), complaints.total(), bounces.total())
    return Reputation(total, providers, len(issues))


def _newest() -> list[int]:
    since = timezone.now() - timedelta(days=DAYS)
    found: list[int] = []
    rows = 0
    newest = Issue.objects.filter(started_at__gte=since, sent_count__gt=0).order_by("-started_at")
    for pk, count in newest.values_list("pk", "sent_count"):
        if found and rows + count > MOST_ROWS:
            break
        found.append(pk)
        rows += count
    return found


def _events(issues: list[int], kind: EventKind) -> Counter[str]:
    """By provider; of one message several reports count once."""
    since = timezone.now() - timedelta(days=DAYS + 1)
    rows = DeliveryEvent.objects.filter(kind=kind, at__gte=since, delivery__issue__in=issues)
    found = Counter[str]()
    for domain, number in (
        rows.values_list("delivery__domain").annotate(number=Count("delivery", distinct=True)).order_by()
    ):
        found[provider_of(domain)] += number
    return found


def _level(rate: float, warn: float, stop: float, sent: int) -> str:
    """ "good", "warn" or "bad"; "few" while there is too little mail to say."""
    if sent < ENOUGH:
        return "few"
    return "bad" if rate >= stop else "warn" if rate >= warn else "good"
