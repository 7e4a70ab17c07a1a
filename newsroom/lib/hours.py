"""Hours, by which counts are put together: each is named by its beginning."""

from datetime import datetime


def hour_of(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
