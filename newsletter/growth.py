"""How a mailing list grows: who came and who went, day by day. Counted from what was agreed to, which nobody erases."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from newsletter.enums import ConsentAction, SubscriptionStatus
from newsletter.models import ConsentRecord, MailingList
from newsroom.lib.charts import BarChart, Column, bar_chart
from newsroom.lib.dates import format_date, format_digits
from newsroom.lib.numbers import format_number
from newsroom.lib.site_style import site_style
from pages.days import day_of, midnight, site_zone

DAYS = 90
# Words below the columns: a telephone has room for no more.
_TICK_EVERY = 18
_DAY = timedelta(days=1)
_CAME = (ConsentAction.CONFIRMED, ConsentAction.IMPORTED)
_CHANGES_NOTHING = (ConsentAction.REQUESTED, ConsentAction.CHANGED)


@dataclass(frozen=True)
class Growth:
    """The columns are days: `value` who confirmed, `earlier` who ended it. Older lists are only a number.

    In the chart one of them would make all other days look like nothing.
    """

    confirmed: int  # who gets the list now
    came: int
    went: int
    imported: int
    says: str
    drawing: BarChart
    columns: list[Column]

    @property
    def is_empty(self) -> bool:
        return not (self.came or self.went)

    @property
    def rows(self) -> list[Column]:
        """For the table: the days on which something happened, the newest first."""
        return [column for column in reversed(self.columns) if column.value or column.earlier]


def growth_of(mailing_list: MailingList, now: datetime | None = None) -> Growth:
    """The last 90 days of the site. Five queries, however many readers there are."""
    moment = now or timezone.now()
    today = day_of(moment)
    since = midnight(today - (DAYS - 1) * _DAY)
    came = _by_day(mailing_list, ConsentAction.CONFIRMED, since)
    went = _by_day(mailing_list, ConsentAction.UNSUBSCRIBED, since) + _erased_by_day(mailing_list, since)
    columns = [_column(today - age * _DAY, age, came, went) for age in reversed(range(DAYS))]
    print_number = partial(format_number, style=site_style())
    total = {"came": came.total(), "went": went.total()}
    return Growth(
        confirmed=mailing_list.subscriptions.filter(status=SubscriptionStatus.CONFIRMED).count(),
        **total,
        imported=_by_day(mailing_list, ConsentAction.IMPORTED, since).total(),
        says=_("The last 90 days. Confirmed: %(came)s. Ended: %(went)s.")
        % {name: print_number(count) for name, count in total.items()},
        drawing=bar_chart(columns, print_number=print_number),
        columns=columns,
    )


def _by_day(mailing_list: MailingList, action: ConsentAction, since: datetime) -> Counter[date]:
    return _counted(ConsentRecord.objects.filter(mailing_list_name=mailing_list.name, action=action, at__gte=since))


def _erased_by_day(mailing_list: MailingList, since: datetime) -> Counter[date]:
    """Those who had their data erased while they were on the list: that record names no list."""
    about = ConsentRecord.objects.filter(
        address_hash=OuterRef("address_hash"), mailing_list_name=mailing_list.name, pk__lt=OuterRef("pk")
    )
    last = about.exclude(action__in=_CHANGES_NOTHING).order_by("-pk").values("action")[:1]
    erased = ConsentRecord.objects.filter(action=ConsentAction.ERASED, at__gte=since)
    return _counted(erased.annotate(last=Subquery(last)).filter(last__in=_CAME))


def _counted(records: QuerySet[ConsentRecord]) -> Counter[date]:
    days = records.annotate(day=TruncDate("at", tzinfo=site_zone())).order_by().values("day")
    return Counter(dict(days.annotate(count=Count("pk")).values_list("day", "count")))


def _column(day: date, age: int, came: Counter[date], went: Counter[date]) -> Column:
    style = site_style()
    tick = format_digits(f"{day.day}/{day.month}", style) if age % _TICK_EVERY == _TICK_EVERY // 2 else ""
    return Column(format_date(day, style, weekday=True, year=False), came[day], tick, went[day])
