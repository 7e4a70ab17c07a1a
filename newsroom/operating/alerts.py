"""What needs a person: looked for by the clock, told by mail once when it begins and once when it is over.

A row remembers each (tasks.models.Alert), so that any number of clocks tell it once. What comes back soon after its end
is the same trouble and no new mail.
"""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from newsroom.operating.alert_mail import mail_alerts
from newsroom.operating.figures import figures
from newsroom.operating.machines import machines_now
from newsroom.operating.reading import note_reading
from newsroom.operating.troubles import Trouble, place_of, troubles_of
from tasks import scheduling
from tasks.models import Alert, Schedule

# What was not seen for so long is over; what comes back so soon after its end has not ended.
QUIET, REST = timedelta(minutes=10), timedelta(hours=1)
# Mails to all who are told take less.
TERM = timedelta(minutes=5)
KEPT = timedelta(days=90)


def watch(now: datetime) -> dict[str, int]:
    """Look once. Returns how many began, ended and were mailed, in words of the log."""
    ticked_at = Schedule.objects.filter(name="tick").values_list("done_at", flat=True).first()
    note_reading(now)
    machines = machines_now(now)
    found = troubles_of(figures(), machines, now=now, ticked_at=ticked_at)
    began = sum(_note(trouble, now) for trouble in found)
    ended = _end(now, heard={machine.name for machine in machines})
    return {"alerts begun": began, "alerts ended": ended, "alerts mailed": _tell(now)}


def _note(trouble: Trouble, now: datetime) -> bool:
    """Whether it is new."""
    name, value = trouble.name[:64], trouble.value[:100]
    if Alert.objects.filter(name=name, ended_at=None).update(seen_at=now, value=value):
        return False
    again = Alert.objects.filter(name=name, ended_at__gt=now - REST).order_by("-ended_at").first()
    try:
        with transaction.atomic():
            if again:
                Alert.objects.filter(pk=again.pk).update(seen_at=now, value=value, ended_at=None)
                return False
            Alert.objects.create(name=name, value=value, began_at=now, seen_at=now)
    except IntegrityError:
        return False  # another clock was faster
    return True


def _end(now: datetime, *, heard: set[str]) -> int:
    """What is of a machine that says nothing may be as it was, until that is gone for long."""
    open_ones = Alert.objects.filter(ended_at=None, seen_at__lte=now - QUIET)
    return sum(
        Alert.objects.filter(pk=alert.pk, ended_at=None).update(ended_at=now)
        for alert in open_ones
        if place_of(alert.name) in {"", *heard} or alert.seen_at <= now - REST
    )


def _tell(now: datetime) -> int:
    """One mail for all that is new and all that is over. What no mail server takes is tried again a minute later.

    Of several clocks one tells it. One that dies over it has told it perhaps; another one tells it TERM later.
    """
    over = Alert.objects.filter(told_at__isnull=False, end_told_at=None, ended_at__isnull=False)
    if not (_untold(now).exists() or over.exists()):
        return 0
    minute = f"{now:%Y-%m-%dT%H:%M}"
    if not scheduling.claim("tell_alerts", period=minute, now=now, term=TERM):
        return 0
    began, ended = list(_untold(now)), list(over)
    sent = mail_alerts(began, ended) if began or ended else 0
    if sent:
        Alert.objects.filter(pk__in=[alert.pk for alert in began]).update(told_at=now, end_told_at=None)
        Alert.objects.filter(pk__in=[alert.pk for alert in ended]).update(end_told_at=now)
    scheduling.done("tell_alerts", period=minute, now=now)
    return sent


def _untold(now: datetime) -> QuerySet[Alert]:
    """Seen twice, so that a moment is nothing; but the clock itself sees only once that it stood still.

    What is back although its end was told is told again, but not twice in an hour.
    """
    is_steady = Q(seen_at__gt=F("began_at")) | Q(name="clock")
    is_back = Q(end_told_at__isnull=False, told_at__lte=now - REST)
    return Alert.objects.filter(Q(told_at=None) & is_steady | is_back, ended_at=None)


def forget_alerts(now: datetime) -> int:
    deleted, _by_model = Alert.objects.filter(ended_at__lt=now - KEPT).delete()
    return deleted
