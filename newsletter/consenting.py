"""Writing down what readers agree to and what they end. A line holds no address: it outlives the subscriber."""

from audit.origin import current
from newsletter.address_keys import address_hash
from newsletter.enums import ConsentAction, ConsentPlace
from newsletter.models import ConsentRecord, MailingList, Subscriber
from newsroom.lib.networks import region


def record(
    subscriber: Subscriber,
    action: ConsentAction,
    *,
    place: ConsentPlace,
    mailing_list: MailingList | None = None,
    wording: str = "",
) -> ConsentRecord:
    """Write one line, in the transaction of the caller. `wording` is what the reader had in view, without an address.

    Without a list it is about all of them, or about the reader's own data. Where the reader sits (a region, never an
    address) is known only where the reader's own browser asks: reports and the newsroom ask from elsewhere.
    """
    by_reader = place not in {
        ConsentPlace.ONE_CLICK,
        ConsentPlace.MAIL_PROVIDER,
        ConsentPlace.IMPORT,
        ConsentPlace.DESK,
    }
    address = current.get().address
    return ConsentRecord.objects.create(
        subscriber=subscriber,
        address_hash=address_hash(subscriber.email),
        mailing_list_name=mailing_list.name if mailing_list else "",
        action=action,
        place=place,
        wording=wording,
        network=region(address) if by_reader and address else "",
    )
