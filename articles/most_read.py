"""The list of what is read most: made every minute from the reads of a day, of which older ones count less."""

from collections import Counter
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import BigIntegerField, Case, Sum, Value, When
from django.db.models.functions import Cast

from articles.counting import add_to_rows
from articles.models import Article, MostRead, ReadCount
from newsroom.lib.hours import hour_of
from pages.days import day_bounds, day_of, midnight, today
from pages.public_time import public_now

HOURS = 24
# After so many hours a read weighs half as much as a new one.
HALF_LIFE = 6
# More than any page shows, so that the list stays full when stories of it are withdrawn.
PLACES = 30
# Hours are told apart for so many days; then only the day is.
DAYS_BY_THE_HOUR = 35
# Weights are whole numbers, so that stories that are equal are equal in every database.
_ONE = 1_000_000


def rank(now: datetime | None = None) -> int:
    """Make the list anew; return how many stories are in it. Two at once leave one list."""
    places = _places(now or public_now())
    with transaction.atomic():
        # A second one waits here for the first; where the list is still empty, its one row a story keeps it right.
        stored = {row.article_id: (row.rank, row.score) for row in MostRead.objects.select_for_update().order_by("pk")}
        if stored != {place.article_id: (place.rank, place.score) for place in places}:
            _replace(places)
    return len(places)


def _places(now: datetime) -> list[MostRead]:
    """One query. Of stories that are read as much the newer one stands first."""
    this_hour = hour_of(now)
    weights = [
        When(hour=this_hour - timedelta(hours=age), then=Value(round(_ONE * 0.5 ** (age / HALF_LIFE))))
        for age in range(HOURS)
    ]
    weight = Cast("count", BigIntegerField()) * Case(*weights, default=0, output_field=BigIntegerField())
    rows = (
        ReadCount.objects.filter(hour__gt=this_hour - timedelta(hours=HOURS), hour__lte=this_hour)
        .filter(article__in=Article.objects.published(now).values("pk"))
        .order_by()
        .values("article")
        .annotate(weight=Sum(weight))
        .order_by("-weight", "-article")[:PLACES]
    )
    return [
        MostRead(article_id=row["article"], rank=place, score=row["weight"] / _ONE)
        for place, row in enumerate(rows, start=1)
    ]


def _replace(places: list[MostRead]) -> None:
    in_one_order = sorted(places, key=lambda place: place.article_id)
    MostRead.objects.bulk_create(
        in_one_order, update_conflicts=True, unique_fields=["article"], update_fields=["rank", "score"]
    )
    MostRead.objects.exclude(article__in=[place.article_id for place in places]).delete()


def fold() -> int:
    """Put the hours of days long past together, a row a day and story; return how many rows that saved.

    A day is the site's, and its row stands at the moment it begins. No read is lost, and two at once do no harm.
    """
    past = midnight(today() - timedelta(days=DAYS_BY_THE_HOUR))
    hours = ReadCount.objects.filter(hour__lt=past).order_by("hour").values_list("hour", flat=True).distinct()
    days = sorted({day_of(hour) for hour in hours if hour != midnight(day_of(hour))})
    return sum(map(_fold_day, days))


def _fold_day(day: date) -> int:
    start, end = day_bounds(day)
    with transaction.atomic():
        hours = ReadCount.objects.filter(hour__gt=start, hour__lt=end)
        sums: Counter[tuple[int, datetime]] = Counter()
        # A second one waits here, and finds nothing left.
        for row in hours.select_for_update().order_by("pk"):
            sums[row.article_id, start] += row.count
        deleted, _by_model = hours.delete()
        add_to_rows(sums)
    return deleted
