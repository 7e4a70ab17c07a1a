"""How often somebody may ask for mail, and what gives a program away that fills in forms.

The counts are rows of ConfirmationRequest, so that they hold for several processes and machines.
"""

from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from django.core.signing import BadSignature, TimestampSigner
from django.utils import timezone
from django.utils.crypto import salted_hmac

from audit.origin import current
from newsletter.address_keys import HASH_LENGTH
from newsletter.models import ConfirmationRequest, Subscriber
from newsletter.querysets import ConfirmationRequestQuerySet
from newsroom.lib.networks import household

HOUR = timedelta(hours=1)
DAY = timedelta(hours=24)


@dataclass(frozen=True)
class Limit:
    """At most `count` in any `window`."""

    count: int
    window: timedelta


# Nobody can fill a stranger's mailbox through our form.
MAILS_PER_ADDRESS = Limit(3, DAY)
REQUESTS_PER_ADDRESS = Limit(5, HOUR)
REQUESTS_PER_NETWORK = Limit(20, HOUR)
REQUESTS_IN_ALL = Limit(1000, HOUR)

# The stamp counts in whole seconds, so this is more than one second and at most two.
LEAST_FILL_TIME = timedelta(seconds=2)
STAMP_SALT = "newsletter.form"


class TooManyRequests(Exception):
    """From this network, or from everywhere. `seconds` says after how long the next one may come."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds

    @property
    def minutes(self) -> int:
        return ceil(self.seconds / 60)


def network_hash() -> str:
    """The household that the request comes from, '' where there is no address (a command, a socket without a proxy)."""
    address = current.get().address
    return salted_hmac("newsletter.network", household(address)).hexdigest()[:HASH_LENGTH] if address else ""


def check_requests() -> None:
    """Raise TooManyRequests when this network, or all together, have asked too often. Says nothing of any address."""
    asked = ConfirmationRequest.objects.all()
    _check(asked, REQUESTS_IN_ALL)
    if network := network_hash():
        _check(asked.filter(network_hash=network), REQUESTS_PER_NETWORK)


def may_be_mailed(subscriber: Subscriber) -> bool:
    """Whether another mail that somebody asked for may go to this address. The caller holds the row locked."""
    asked, now = subscriber.confirmation_requests, timezone.now()
    mailed = asked.with_mail().asked_after(now - MAILS_PER_ADDRESS.window).count()
    lately = asked.asked_after(now - REQUESTS_PER_ADDRESS.window).count()
    return mailed < MAILS_PER_ADDRESS.count and lately < REQUESTS_PER_ADDRESS.count


def check_mails(subscriber: Subscriber) -> None:
    """The same for one who holds a link of the reader's, and may therefore know. Raises TooManyRequests."""
    _check(subscriber.confirmation_requests.with_mail(), MAILS_PER_ADDRESS)
    _check(subscriber.confirmation_requests.all(), REQUESTS_PER_ADDRESS)


def new_stamp() -> str:
    """Says when a form was shown, for the form to send back. Pages that are kept for all readers carry none."""
    return TimestampSigner(salt=STAMP_SALT).sign("")


def is_hasty(stamp: str) -> bool:
    """Whether a form came back faster than people type, or with a stamp that we did not make. One without any passes:
    the box on every page has none.
    """
    if not stamp:
        return False
    signer = TimestampSigner(salt=STAMP_SALT)
    try:
        signer.unsign(stamp)
    except BadSignature:
        return True
    try:
        signer.unsign(stamp, max_age=LEAST_FILL_TIME)
    except BadSignature:
        return False
    return True


def _check(asked: ConfirmationRequestQuerySet, limit: Limit) -> None:
    now = timezone.now()
    moments = asked.asked_after(now - limit.window).order_by("-created_at").values_list("created_at", flat=True)
    # The one whose leaving makes room, if there are that many.
    oldest = moments[limit.count - 1 : limit.count].first()
    if oldest:
        raise TooManyRequests(max(1, ceil((oldest + limit.window - now).total_seconds())))
