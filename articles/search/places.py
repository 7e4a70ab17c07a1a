"""Where an article stands in the order of results: one number, which both databases sort alike.

The seconds of its first publication stand in the upper bits and its id in the lower ones, so that the newest come
first and two of one second never change places. What readers cannot have seen has a place below zero.
"""

from datetime import UTC, datetime, timedelta

from articles.models.search import ID_BITS, IDS

# All words in the headline are worth as much as four months of age.
TITLE_BONUS = int(timedelta(days=120).total_seconds()) << ID_BITS


def place_of(moment: datetime, article_id: int) -> int:
    return int(moment.timestamp()) << ID_BITS | article_id


def hidden_place(article_id: int) -> int:
    return -article_id


def last_place(moment: datetime) -> int:
    """Beyond everything published at `moment` or before it."""
    return (int(moment.timestamp()) + 1) << ID_BITS


def article_at(place: int) -> int:
    """The id of the article at a place that readers can see."""
    return place & IDS


def month_at(place: int) -> int:
    """The calendar month (UTC) of a place, counted from the year 0: 12 * year + month - 1."""
    day = datetime.fromtimestamp(place >> ID_BITS, tz=UTC)
    return 12 * day.year + day.month - 1
