"""Lists of people as files for a spreadsheet."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.enums import Action
from audit.recording import log
from newsletter.enums import Frequency, SubscriptionStatus
from newsletter.models import MailingList, RefusedRow, SubscriberImport, Subscription
from newsroom.lib import spreadsheets

ROWS_AT_ONCE = 1000


@transaction.atomic
def export_list(mailing_list: MailingList, *, by: User, zone: tzinfo) -> Iterator[str]:
    """Those who get the list, as CSV piece by piece, times in `zone`. Who took how many out is logged before."""
    count = _subscriptions(mailing_list).count()
    note = _("Addresses in the file: %(count)d") % {"count": count}
    log(Action.EXPORTED, by=by, subject=mailing_list, note=note)
    headings = [_("e-mail"), _("name"), _("confirmed at"), _("how often"), _("wants no mail until")]
    return spreadsheets.as_csv(headings, (_cells(row, zone) for row in _in_pieces(mailing_list)))


def refused_as_csv(job: SubscriberImport) -> Iterator[str]:
    """The rows that an import refused, each with its reason: to be put right and brought again."""
    headings = [_("line"), _("reason"), _("as it stood there")]
    rows = RefusedRow.objects.filter(subscriber_import=job).values_list("line", "reason", "text")
    return spreadsheets.as_csv(headings, ((str(line), reason, text) for line, reason, text in rows.iterator()))


def _subscriptions(mailing_list: MailingList) -> QuerySet[Subscription]:
    return Subscription.objects.filter(mailing_list=mailing_list, status=SubscriptionStatus.CONFIRMED)


def _in_pieces(mailing_list: MailingList) -> Iterator[Subscription]:
    """Each piece is a query of its own that begins after the last: no cursor stays open for a slow download."""
    rows = _subscriptions(mailing_list).select_related("subscriber").order_by("pk")
    piece = list(rows[:ROWS_AT_ONCE])
    while piece:
        yield from piece
        piece = list(rows.filter(pk__gt=piece[-1].pk)[:ROWS_AT_ONCE])


def _cells(row: Subscription, zone: tzinfo) -> list[str]:
    return [
        row.subscriber.readable_email,
        row.subscriber.name,
        _printed(row.confirmed_at, zone),
        str(Frequency(row.frequency).label),
        _printed(row.subscriber.paused_until, zone),
    ]


def _printed(moment: datetime | None, zone: tzinfo) -> str:
    return f"{timezone.localtime(moment, zone):%Y-%m-%d %H:%M:%S}" if moment else ""
