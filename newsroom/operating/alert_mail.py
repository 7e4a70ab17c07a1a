"""The mail about what needs a person: plain words, what was measured, what to do; no link that does anything."""

import logging
from collections.abc import Sequence

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from newsroom.operating.troubles import told
from pages.mailing import absolute, make_mail
from tasks.models import Alert

logger = logging.getLogger(__name__)


def recipients() -> list[str]:
    """ALERT_EMAILS, or who looks after the site and has an address."""
    if settings.ALERT_EMAILS:
        return list(settings.ALERT_EMAILS)
    keepers = User.objects.filter(Q(is_superuser=True) | Q(groups__name=Role.ADMINISTRATOR), is_active=True)
    return sorted({address for address in keepers.values_list("email", flat=True) if address})


def mail_alerts(began: Sequence[Alert], ended: Sequence[Alert]) -> int:
    """One mail to each. Returns how many were taken; 1 where nobody is to be told but the log."""
    to = recipients()
    for alert in began:
        logger.error("Needs a person: %s (%s)", alert.name, alert.value)
    if not to:
        logger.error("Nobody is told: set ALERT_EMAILS, or give an administrator an address")
        return 1
    context: dict[str, object] = {
        "began": [told(alert) for alert in began],
        "ended": [told(alert) for alert in ended],
        "link": absolute(reverse("operation:page")),
    }
    return sum(_sent(address, context) for address in to)


def _sent(address: str, context: dict[str, object]) -> bool:
    try:
        make_mail("alert", to=address, context=context).send()
    except Exception as error:  # noqa: BLE001 - a backend of a provider raises what it likes, with the address in it
        logger.error("Mail not sent (alert): %s", type(error).__name__)
        return False
    return True
