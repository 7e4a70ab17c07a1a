"""How the site stands, as numbers: of the database, the disks, the mail. Each asked for apart, so that one that cannot
be found out leaves the others."""

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connections
from django.db.models import Count, F, Sum
from django.utils import timezone

from audit.enums import Action
from audit.models import AuditEntry
from newsletter.enums import EventKind, IssueState
from newsletter.models import ConfirmationRequest, DeliveryEvent, Issue, SenderSlot
from newsletter.sending.slices import SILENCE
from newsroom.backups.standing import NewestBackup, newest_backup
from newsroom.checkup.databases import ask
from newsroom.lib.replicas import lag_of
from newsroom.operating.local_disks import Disk, local_disks
from tasks.standing import Standing, standing

logger = logging.getLogger(__name__)
T = TypeVar("T")

DAY = timedelta(days=1)
# A mail that a reader was promised goes out at once, and again from the clock: past that nobody sends it.
LATE = timedelta(minutes=20)
_BACK = (EventKind.HARD_BOUNCE, EventKind.SOFT_BOUNCE, EventKind.COMPLAINED, EventKind.REJECTED, EventKind.DEFERRED)
_REFUSED = (Action.SIGN_IN_REFUSED, Action.LOCKED_OUT)


@dataclass(frozen=True)
class MailFigures:
    """`waiting` and `uncertain`: messages of issues on their way; `back`: reports of the last day by kind; `late`:
    mails that readers were promised and did not get; `stuck`: issues that the site itself has paused."""

    waiting: int
    uncertain: int
    senders: int
    stuck: int
    late: int
    back: dict[str, int]


@dataclass(frozen=True)
class Figures:
    """None: could not be found out."""

    at: datetime
    tasks: Standing | None
    mail: MailFigures | None
    # Of the last day, by the names of audit.enums.Action.
    sign_ins: dict[str, int] | None
    database_size: int | None
    # Seconds behind by alias; None for one that does not answer, or is behind and nobody knows how far.
    replicas: dict[str, float | None]
    disks: list[Disk]
    backup: NewestBackup | None
    unknown: list[str] = field(default_factory=list)


def figures() -> Figures:
    """A dozen small queries; nothing is written."""
    unknown: list[str] = []

    def known(name: str, find: Callable[[], T]) -> T | None:
        try:
            return find()
        except (DatabaseError, InterfaceError, OSError) as error:
            logger.warning("%s could not be found out: %s", name, type(error).__name__)
            unknown.append(name)
            return None

    return Figures(
        timezone.now(),
        known("tasks", standing),
        known("mail", _mail),
        known("sign-ins", _sign_ins),
        known("database size", _database_size),
        {alias: known(alias, lambda alias=alias: _lag(alias)) for alias in _replicas()},  # type: ignore[misc]
        known("disks", local_disks) or [],
        known("backup", newest_backup),
        unknown,
    )


def _mail() -> MailFigures:
    now = timezone.now()
    on_their_way = Issue.objects.filter(state__in=[IssueState.SENDING, IssueState.PAUSED])
    done = F("sent_count") + F("failed_count") + F("skipped_count") + F("uncertain_count")
    sums = on_their_way.aggregate(left=Sum(F("candidate_count") - done), uncertain=Sum("uncertain_count"))
    excluded = sum(issue.excluded_count for issue in on_their_way.only("excluded_counts"))
    events = DeliveryEvent.objects.filter(kind__in=_BACK, at__gte=now - DAY)
    promised = ConfirmationRequest.objects.unsent(patience=timedelta(), at_most=DAY)
    return MailFigures(
        waiting=max((sums["left"] or 0) - excluded, 0),
        uncertain=sums["uncertain"] or 0,
        senders=SenderSlot.objects.filter(beat_at__gte=now - SILENCE).exclude(owner="").count(),
        stuck=Issue.objects.filter(state=IssueState.PAUSED).exclude(paused_reason="").count(),
        late=promised.filter(created_at__lte=now - LATE).count(),
        back=dict(events.values_list("kind").annotate(count=Count("pk")).order_by()),
    )


def _sign_ins() -> dict[str, int]:
    recent = AuditEntry.objects.filter(action__in=_REFUSED, at__gte=timezone.now() - DAY)
    found = dict(recent.values_list("action").annotate(count=Count("pk")).order_by())
    return {str(action.value): found.get(action.value, 0) for action in _REFUSED}


def _database_size() -> int:
    if connections[DEFAULT_DB_ALIAS].vendor == "postgresql":
        return int(ask("SELECT pg_database_size(current_database())"))
    return int(ask("PRAGMA page_count")) * int(ask("PRAGMA page_size"))


def _replicas() -> list[str]:
    names = [alias for alias in settings.DATABASES if alias != DEFAULT_DB_ALIAS]
    return [alias for alias in names if connections[alias].vendor == "postgresql"]


def _lag(alias: str) -> float | None:
    try:
        lag = lag_of(alias)
    finally:
        connections[alias].close()
    if lag is None:
        raise InterfaceError(f"{alias} does not answer, or is no replica")
    return None if math.isinf(lag) else lag
