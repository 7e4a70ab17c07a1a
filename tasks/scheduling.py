"""What is to be done once in a period, however many clocks there are: `claim` it, do it, say that it is `done`."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from tasks.models import Schedule

# Longer than any step lasts: when its clock dies over it, another one begins again after that.
LONGEST_STEP = timedelta(hours=1)
REST_AFTER_FAILURE = timedelta(minutes=10)


def claim(name: str, *, period: str, now: datetime, term: timedelta = LONGEST_STEP) -> bool:
    """Whether the caller is the one who does the step `name` for `period`, such as "2026-11-20".

    `term`: how long it takes at most.
    """
    if Schedule.objects.filter(name=name, done_for=period).exists():
        return False  # nearly always, and then nothing is written
    Schedule.objects.get_or_create(name=name)
    is_free = Q(busy_until__isnull=True) | Q(busy_until__lte=now)
    is_due = ~Q(done_for=period)
    # A clock that was turned back finds a time far ahead. Farther than the clocks of two machines are apart.
    is_nonsense = Q(busy_until__gt=now + 2 * LONGEST_STEP)
    due = Schedule.objects.filter(is_free | is_nonsense, is_due, name=name)
    return bool(due.update(busy_until=now + term))


def done(name: str, *, period: str, now: datetime) -> None:
    Schedule.objects.filter(name=name).update(done_for=period, done_at=now, busy_until=None)


def failed(name: str, *, now: datetime) -> None:
    """It is tried again, a little later."""
    Schedule.objects.filter(name=name).update(busy_until=now + REST_AFTER_FAILURE)


def note(name: str, *, now: datetime) -> None:
    """A step that any number of clocks may do at once was done: only so that somebody can look it up."""
    Schedule.objects.update_or_create(name=name, defaults={"done_at": now})


def reached(name: str) -> QuerySet[Schedule, datetime | None]:
    """Up to which moment a step was done that has no period: one value, or none."""
    return Schedule.objects.filter(name=name).values_list("done_at", flat=True)


def reach(name: str, moment: datetime | None, *, before: datetime | None) -> bool:
    """Say that it was done up to `moment`; False where somebody else has moved it from `before` already."""
    Schedule.objects.get_or_create(name=name)
    return bool(Schedule.objects.filter(name=name, done_at=before).update(done_at=moment))
