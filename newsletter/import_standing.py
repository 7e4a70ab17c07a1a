"""How the newsletter stands to the addresses of an older list: who is new, who is there, who must be left alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Case, Q, When
from django.utils import timezone
from django.utils.translation import gettext as _

from newsletter.address_keys import mail_domain
from newsletter.enums import ConsentAction, SubscriptionStatus, SuppressionReason
from newsletter.import_rows import Row
from newsletter.models import ConsentRecord, MailingList, Subscriber, Subscription, Suppression
from newsroom.lib.inserting import insert_rows

# Nobody who once said no comes back because of an old file.
_NO = (ConsentAction.UNSUBSCRIBED, ConsentAction.REFUSED, ConsentAction.ERASED)


@dataclass
class Standing:
    """The rows of a piece parted; dictionaries are by the normal form of the address."""

    new: list[Row] = field(default_factory=list)
    known: list[Row] = field(default_factory=list)
    refused: list[Row] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)  # of subscribers
    pending: dict[str, int] = field(default_factory=dict)  # subscriptions that wait for their confirmation


def standing_of(mailing_list: MailingList, rows: Sequence[Row], *, creates: bool) -> Standing:
    """Part the rows. With `creates` the subscribers are made and locked, so that what was found stays true."""
    standing = Standing()
    refusals = _refusals(mailing_list, {row.normal: row.address_hash for row in rows})
    welcome = [row for row in rows if row.normal not in refusals]
    if creates:
        _insert(welcome)
    standing.ids = _ids([row.normal for row in rows], locks=creates)
    places = _places(mailing_list, standing.ids)
    for row in rows:
        _sort_in(row, standing, places.get(row.normal), refusals.get(row.normal, ""))
    return standing


def _sort_in(row: Row, standing: Standing, place: tuple[int, str] | None, refusal: str) -> None:
    pk, status = place or (0, "")
    # Who is there by a confirmation of his own came after whatever he had said before.
    if status == SubscriptionStatus.CONFIRMED:
        standing.known.append(row)
    elif status == SubscriptionStatus.UNSUBSCRIBED or refusal:
        standing.refused.append(replace(row, refusal=refusal or _("This reader has ended the subscription.")))
    else:
        standing.new.append(row)
        if pk:
            standing.pending[row.normal] = pk


def _insert(rows: Sequence[Row]) -> None:
    now = timezone.now()
    columns = ("email", "email_normal", "name", "created_at", "soft_bounce_count", "address_hash", "domain")
    insert_rows(
        Subscriber,
        columns,
        ((row.email, row.normal, row.name, now, 0, row.address_hash, mail_domain(row.normal)) for row in rows),
    )


def _ids(normals: Sequence[str], *, locks: bool) -> dict[str, int]:
    subscribers = Subscriber.objects.filter(email_normal__in=normals).order_by("pk")
    if locks:
        subscribers = subscribers.select_for_update(no_key=True)
    return dict(subscribers.values_list("email_normal", "pk"))


def _places(mailing_list: MailingList, ids: dict[str, int]) -> dict[str, tuple[int, str]]:
    subscriptions = Subscription.objects.filter(mailing_list=mailing_list, subscriber__in=ids.values())
    # Who left and was then asked for by somebody, in vain so far, has left.
    left = Q(status=SubscriptionStatus.PENDING, ended_at__isnull=False)
    found = {
        subscriber: (pk, SubscriptionStatus.UNSUBSCRIBED if has_left else status)
        for pk, subscriber, status, has_left in subscriptions.annotate(
            has_left=Case(When(left, then=True), default=False)
        ).values_list("pk", "subscriber", "status", "has_left")
    }
    return {normal: found[pk] for normal, pk in ids.items() if pk in found}


def _refusals(mailing_list: MailingList, hashes: dict[str, str]) -> dict[str, str]:
    """Why an address must be left alone, whether or not a subscriber is known by it."""
    of_list_or_all = Q(mailing_list__isnull=True) | Q(mailing_list=mailing_list)
    suppressed = Suppression.objects.in_force().filter(of_list_or_all, address_hash__in=hashes.values())
    reasons = {
        key: _("Suppressed: %(reason)s.") % {"reason": SuppressionReason(reason).label}
        for key, reason in suppressed.values_list("address_hash", "reason")
    }
    said = Q(action=ConsentAction.ERASED) | Q(action__in=_NO, mailing_list_name=mailing_list.name)
    for key, action in ConsentRecord.objects.filter(said, address_hash__in=hashes.values()).order_by("pk").values_list(
        "address_hash", "action"
    ):  # fmt: skip
        reasons.setdefault(key, _("This reader once said: %(action)s.") % {"action": ConsentAction(action).label})
    return {normal: reasons[key] for normal, key in hashes.items() if key in reasons}
