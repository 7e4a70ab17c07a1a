"""What became of an issue and of the issues of a list, in numbers. Sums and shares, nobody's name."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, Q, Sum

from newsletter.enums import DeliveryState, EventKind, Tracking
from newsletter.hit_counting import MACHINE_OPENED, OPENED
from newsletter.models import Delivery, DeliveryEvent, HitCount, Issue, LinkTarget, MailingList
from newsletter.proportions import Comparison, Side, compare
from newsletter.providers import provider_of

# Issues of a list that are shown.
MOST_ISSUES = 20
_RETURNED = [
    EventKind.HARD_BOUNCE,
    EventKind.SOFT_BOUNCE,
    EventKind.REJECTED,
    EventKind.COMPLAINED,
    EventKind.DEFERRED,
]


@dataclass(frozen=True)
class Link:
    number: int
    url: str
    # The headline that stood there; '' for other links.
    name: str
    clicks: int
    # By variant, where there are two.
    by_variant: dict[str, int]


@dataclass
class Returns:
    """Of one provider, or of all: messages that left, and those that came back in one way or another."""

    sent: int = 0
    kinds: Counter[str] = field(default_factory=Counter)

    @property
    def hard(self) -> int:
        return self.kinds[EventKind.HARD_BOUNCE]

    @property
    def soft(self) -> int:
        return self.kinds[EventKind.SOFT_BOUNCE]

    @property
    def refused(self) -> int:
        return self.kinds[EventKind.REJECTED]

    @property
    def complained(self) -> int:
        return self.kinds[EventKind.COMPLAINED]

    @property
    def deferred(self) -> int:
        return self.kinds[EventKind.DEFERRED]

    @property
    def returned(self) -> int:
        return self.hard + self.soft + self.refused


@dataclass(frozen=True)
class IssueFigures:
    """`sides`: by variant, messages sent and times opened. `providers`: by name, most mail first, "" for all others.

    `hours`: times opened and links followed, by the hour. What is not known is empty: an issue that counts nothing has
    no sums, and one whose rows were folded does not say any more how many went to each provider.
    """

    issue: Issue
    sides: dict[str, Side]
    machine_opens: int
    links: list[Link]
    hours: dict[datetime, tuple[int, int]]
    providers: dict[str, Returns]

    @property
    def is_counted(self) -> bool:
        return self.issue.tracking != Tracking.OFF

    @property
    def is_by_name(self) -> bool:
        return self.issue.tracking == Tracking.INDIVIDUAL

    @property
    def sent(self) -> int:
        return self.issue.sent_count

    @property
    def opens(self) -> int:
        return sum(side.opened for side in self.sides.values())

    @property
    def clicks(self) -> int:
        return sum(link.clicks for link in self.links)

    @cached_property
    def total(self) -> Returns:
        return Returns(self.sent, sum((row.kinds for row in self.providers.values()), Counter()))

    @cached_property
    def comparison(self) -> Comparison | None:
        """Of the two subjects, where there are two and their openings are counted."""
        if not (self.is_counted and {"a", "b"} <= self.sides.keys()):
            return None
        return compare(self.sides["a"], self.sides["b"], by_name=self.is_by_name)


@dataclass(frozen=True)
class ListRow:
    """One issue among those of its list."""

    issue: Issue
    opens: int
    clicks: int
    kinds: Counter[str]

    @property
    def is_counted(self) -> bool:
        return self.issue.tracking != Tracking.OFF

    @property
    def returned(self) -> int:
        return sum(self.kinds[kind] for kind in (EventKind.HARD_BOUNCE, EventKind.SOFT_BOUNCE, EventKind.REJECTED))

    @property
    def complained(self) -> int:
        return self.kinds[EventKind.COMPLAINED]

    @property
    def unsubscribed(self) -> int:
        return self.kinds[EventKind.UNSUBSCRIBED]


def issue_figures(issue: Issue) -> IssueFigures:
    """Six queries; the rows of the issue are read once, by the database."""
    counted = dict(_sums(issue))
    sent = Counter[str]()
    providers: dict[str, Returns] = {}
    for variant, domain, number in _sent(issue):
        sent[variant] += number
        providers.setdefault(provider_of(domain), Returns()).sent += number
    for domain, kind, number in _returned(Q(delivery__issue=issue), "domain"):
        providers.setdefault(provider_of(domain), Returns()).kinds[kind] += number
    opened = {variant: counted.get((variant, OPENED), 0) for variant in issue.variants}
    return IssueFigures(
        issue=issue,
        sides={variant: Side(sent[variant], opened[variant]) for variant in issue.variants},
        machine_opens=sum(count for (_variant, number), count in counted.items() if number == MACHINE_OPENED),
        links=_links(issue, counted),
        hours=_hours(issue),
        providers=dict(sorted(providers.items(), key=lambda item: (item[0] == "", -item[1].sent, item[0]))),
    )


def list_rows(mailing_list: MailingList) -> list[ListRow]:
    """The last issues that readers got, the newest first. Three queries."""
    begun = mailing_list.issues.filter(started_at__isnull=False, sent_count__gt=0)
    issues = list(begun.order_by("-started_at", "-id")[:MOST_ISSUES])
    opens, clicks = Counter[int](), Counter[int]()
    sums = HitCount.objects.filter(issue__in=issues).exclude(number=MACHINE_OPENED).order_by()
    for issue_id, number, count in sums.values_list("issue", "number").annotate(total=Sum("count")):
        (opens if number == OPENED else clicks)[issue_id] += count
    kinds: dict[Any, Counter[str]] = {issue.pk: Counter() for issue in issues}
    for issue_id, kind, number in _returned(Q(delivery__issue__in=issues), "delivery__issue"):
        kinds[issue_id][kind] += number
    return [ListRow(issue, opens[issue.pk], clicks[issue.pk], kinds[issue.pk]) for issue in issues]


def _sums(issue: Issue) -> Iterable[tuple[tuple[str, int], int]]:
    rows = issue.hit_counts.order_by().values_list("variant", "number").annotate(total=Sum("count"))
    return (((variant, number), total) for variant, number, total in rows)


def _sent(issue: Issue) -> Iterable[tuple[str, str, int]]:
    rows = Delivery.objects.filter(issue=issue, state=DeliveryState.SENT).order_by()
    return rows.values_list("variant", "domain").annotate(number=Count("pk"))


def _returned(about: Q, by: str) -> Iterable[tuple[Any, str, int]]:
    """Messages, not reports: one that came back twice is one."""
    events = DeliveryEvent.objects.filter(about, kind__in=[*_RETURNED, EventKind.UNSUBSCRIBED]).order_by()
    return events.values_list(by, "kind").annotate(number=Count("delivery", distinct=True))


def _links(issue: Issue, counted: dict[tuple[str, int], int]) -> list[Link]:
    """Those that were followed most first."""
    names = dict(issue.items.exclude(url="").values_list("url", "headline"))
    found = []
    for number, url in LinkTarget.objects.filter(issue=issue).values_list("number", "url"):
        by_variant = {variant: counted.get((variant, number), 0) for variant in issue.variants}
        found.append(Link(number, url, names.get(url, ""), sum(by_variant.values()), by_variant))
    return sorted(found, key=lambda link: (-link.clicks, link.number))


def _hours(issue: Issue, days: int = 31) -> dict[datetime, tuple[int, int]]:
    if issue.started_at is None:
        return {}
    until = issue.started_at + timedelta(days=days)
    rows = issue.hit_counts.filter(hour__lt=until).exclude(number=MACHINE_OPENED).order_by().values("hour")
    sums = rows.annotate(
        opens=Sum("count", filter=Q(number=OPENED), default=0),
        clicks=Sum("count", filter=Q(number__gt=OPENED), default=0),
    )
    return {row["hour"]: (row["opens"], row["clicks"]) for row in sums}
