"""Made-up reads of the sample stories, so that the list and the charts show something at once."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from articles.models import Article, ReadCount
from articles.most_read import rank
from newsroom.lib.hours import hour_of
from pages.days import site_zone

# Reads of an hour: at first, and after how many hours half of them; what goes on for weeks.
FIRST_READS, HALF_LIFE, LATER_READS = (30, 400), 5, 2
DAYS = 30
# The part of a day's readers who are awake, from midnight on.
AWAKE = (3, 2, 1, 1, 1, 2, 4, 7, 9, 9, 8, 8, 8, 8, 8, 8, 8, 9, 10, 11, 12, 11, 8, 5)


def add_reads(*, now: datetime) -> None:
    """The same for every load, as seen from the moment of loading. Fills the list of the most read, too."""
    rows: list[ReadCount] = []
    for article in Article.objects.published(now).order_by("published_at", "pk"):
        rows.extend(_reads_of(article, now))
    ReadCount.objects.bulk_create(rows, batch_size=300)
    rank(now)


def _reads_of(article: Article, now: datetime) -> Iterator[ReadCount]:
    """Many in the first hours, a few for weeks, hardly any at night."""
    chance = Random(article.headline)  # noqa: S311 - it draws a picture, no secret
    first, zone = chance.randint(*FIRST_READS), site_zone()
    published = hour_of(article.published_at or now)
    begins = max(published, hour_of(now) - timedelta(days=DAYS))
    for number in range(int((hour_of(now) - begins) / timedelta(hours=1)) + 1):
        hour = begins + timedelta(hours=number)
        age = (hour - published) / timedelta(hours=1)
        readers = first * 0.5 ** (age / HALF_LIFE) + LATER_READS * chance.random()
        if hour == hour_of(now):
            readers *= now.minute / 60
        if count := round(readers * chance.uniform(0.8, 1.2) * AWAKE[hour.astimezone(zone).hour] / max(AWAKE)):
            yield ReadCount(article=article, hour=hour, count=count)
