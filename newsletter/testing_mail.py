"""The mail of an issue to a few addresses, before it goes to everybody. Nobody's links are in it."""

import re
from collections.abc import Sequence
from datetime import timedelta
from email.headerregistry import Address
from email.utils import make_msgid
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.enums import Action
from audit.models import AuditEntry
from audit.recording import log
from newsletter.addresses import clean_address, normalise, validate_address
from newsletter.mails.envelope import sender
from newsletter.mails.rendering import render_issue
from newsletter.models import Issue
from pages.mailing import AUTOMATIC, Mail
from tasks.defining import task

MOST_ADDRESSES = 10
# By one member of staff: enough for a morning of mending, too few to fill somebody's mailbox.
ORDERS_AN_HOUR = 12
_HOUR = timedelta(hours=1)
_BETWEEN = re.compile(r"[\s,،;؛<>]+")
_LONGEST_SHOWN = 80


class TooManyTests(Exception):
    """ORDERS_AN_HOUR are reached."""


class TestNotSent(Exception):
    """The mail server did not take it. Never says to whom: what a task failed by is kept and read."""


class Addresses(NamedTuple):
    """What was typed into the box: what mail can be sent to, each once, and what is none."""

    good: list[str]
    bad: list[str]


def read_addresses(typed: str) -> Addresses:
    """Addresses with spaces, commas or ends of lines between them."""
    good: dict[str, str] = {}
    bad: list[str] = []
    for word in filter(None, _BETWEEN.split(typed)):
        address = clean_address(word)
        try:
            validate_address(address)
        except ValidationError:
            bad.append(word[:_LONGEST_SHOWN])
        else:
            good.setdefault(normalise(address), address)
    return Addresses(list(good.values()), bad)


@transaction.atomic
def order_tests(issue: Issue, *, by: User, addresses: Sequence[str]) -> None:
    """Have the mail sent to `addresses`, at most MOST_ADDRESSES; with two subjects they get both. Raises TooManyTests.

    The line in the log tells how many, not to whom.
    """
    entries = AuditEntry.objects.filter(action=Action.TEST_MAILED, actor_id=by.pk, at__gt=timezone.now() - _HOUR)
    if entries.count() >= ORDERS_AN_HOUR:
        raise TooManyTests
    for address in addresses[:MOST_ADDRESSES]:
        for variant in issue.variants:
            send_test_mail.enqueue(issue.pk, variant, address)
    log(Action.TEST_MAILED, by=by, subject=issue, note=str(len(addresses[:MOST_ADDRESSES])))


@task()
def send_test_mail(issue_id: int, variant: str, address: str) -> None:
    """One mail, as the issue stands at this moment; nothing when it was deleted meanwhile."""
    issue = Issue.objects.select_related("mailing_list").filter(pk=issue_id).first()
    if issue is None:
        return
    try:
        make_test(issue, variant=variant, to=address).send()
    except Exception as error:  # noqa: BLE001 - a backend of a provider raises what it likes, with the address in it
        raise TestNotSent(f"issue {issue_id}: {type(error).__name__}") from None


def make_test(issue: Issue, *, variant: str, to: str) -> Mail:
    """Without the headers by which mail programs offer to unsubscribe: there is nothing to be ended."""
    rendered = render_issue(issue, variant=variant)
    name, address = sender(issue.mailing_list)
    marked = _("[Test, second subject] %(subject)s") if variant == "b" else _("[Test] %(subject)s")
    mail = Mail(
        marked % {"subject": rendered.subject},
        rendered.text,
        str(Address(name, addr_spec=address)),
        [to],
        headers=AUTOMATIC | {"Message-ID": make_msgid(domain=settings.SITE_HOST)},
        reply_to=[issue.mailing_list.reply_to] if issue.mailing_list.reply_to else None,
    )
    mail.attach_alternative(rendered.html, "text/html")
    return mail
