"""Give a partner's feed another secret address."""

from django.db import transaction

from accounts.models import User
from articles.models import PartnerFeed
from articles.models.partners import new_key
from articles.publishing import NotAllowed
from audit.enums import Action
from audit.recording import log


def may_renew(user: User) -> bool:
    return user.has_perm("articles.change_partnerfeed")


@transaction.atomic
def renew_address(feed: PartnerFeed, *, by: User) -> PartnerFeed:
    """From now on the old address answers as one that never was. The log tells neither of them. Raises NotAllowed."""
    if not may_renew(by):
        raise NotAllowed
    feed.key = new_key()
    feed.save(update_fields=["key"])
    log(Action.ADDRESS_RENEWED, by=by, subject=feed)
    return feed
