"""Days as the newsroom counts them: in the time zone of the site, not of the server or the reader."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from pages.current import current_site

_keepers: list[Callable[[ZoneInfo], object]] = []


def keeps_days(count_anew: Callable[[ZoneInfo], object]) -> None:
    """Have what is kept by days made anew for another time zone. Apps above this one call it in ready()."""
    _keepers.append(count_anew)


def move_days(time_zone: str) -> None:
    """After the site got this time zone, in that transaction."""
    for count_anew in _keepers:
        count_anew(ZoneInfo(time_zone))


def site_zone() -> ZoneInfo:
    return ZoneInfo(current_site().settings.time_zone)


def today() -> date:
    return day_of(timezone.now())


def day_of(moment: datetime) -> date:
    return moment.astimezone(site_zone()).date()


def midnight(day: date) -> datetime:
    """The moment a day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=site_zone())


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """First moment of the day and of the next: `>=` the one, `<` the other, also where clocks change."""
    return midnight(day), midnight(day + timedelta(days=1))


def month_bounds(year: int, month: int) -> tuple[datetime, datetime]:
    """First moment of the month and of the next."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return midnight(date(year, month, 1)), midnight(following)
