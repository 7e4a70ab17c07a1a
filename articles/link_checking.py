"""Links that lead out of the site: asked once a day, by a task, and what they answered.

Nothing is asked where LINK_CHECKS=0 says that this machine does not go out.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.linked_addresses import linked_addresses, outside
from articles.models import Article, LinkCheck
from newsroom.lib.asking_outside import Unreachable, ask
from tasks.defining import task

MOST_ADDRESSES = 20  # of one text
ASKED_AGAIN = timedelta(days=1)
# Answers that are no doubt. Many servers refuse a program what they show a reader: 401, 403, 429 say nothing.
_GONE = frozenset({404, 410})
_LONGEST = 500  # LinkCheck.address
# What is wrong with the link. Only "time" may be the fault of the day.
_PROBLEMS = {
    "address": gettext_lazy("no address that can be asked"),
    "private": gettext_lazy("leads into a closed network"),
    "name": gettext_lazy("this name is unknown"),
    "time": gettext_lazy("did not answer in time"),
    "connection": gettext_lazy("refused the connection"),
    "certificate": gettext_lazy("its certificate is not valid"),
    "redirects": gettext_lazy("redirects in a circle"),
}


def check_links_later(article: Article) -> None:
    """Once the transaction is through, if there is an address that was not asked today."""
    if settings.LINK_CHECKS and _due(article):
        transaction.on_commit(partial(check_links.enqueue, article.pk))


@task(max_attempts=1)
def check_links(pk: int) -> None:
    """Ask the addresses of one text that are due, each once."""
    article = Article.objects.filter(pk=pk).first()
    if article is None or not settings.LINK_CHECKS:
        return
    for address in _due(article):
        _ask(address)


def dead_outside(addresses: Iterable[str]) -> dict[str, str]:
    """What is wrong with those that were asked and lead nowhere, by address: one query, none without an address."""
    asked = [address for address in outside(addresses) if len(address) <= _LONGEST]
    rows = LinkCheck.objects.filter(address__in=asked) if asked else ()
    said = {row.address: _said(row) for row in rows}
    return {address: words for address, words in said.items() if words}


def dead_addresses(*, since: datetime, most: int) -> list[str]:
    """Those outside that were asked since then and lead nowhere, the last asked first: one query."""
    is_dead = Q(status_code__in=_GONE) | Q(problem__in=_PROBLEMS)
    rows = LinkCheck.objects.filter(is_dead, checked_at__gte=since)
    return list(rows.values_list("address", flat=True)[:most])


def _said(row: LinkCheck) -> str:
    if row.status_code in _GONE:
        return _("answered %(number)s") % {"number": row.status_code}
    return str(_PROBLEMS.get(row.problem, ""))


def _due(article: Article) -> list[str]:
    """The first addresses of the text that go out, without those that were asked within a day."""
    addresses = outside(address for _field, address in linked_addresses(article))
    wanted = [address for address in addresses if len(address) <= _LONGEST][:MOST_ADDRESSES]
    fresh = LinkCheck.objects.filter(address__in=wanted, checked_at__gt=timezone.now() - ASKED_AGAIN)
    asked = set(fresh.values_list("address", flat=True))
    return [address for address in wanted if address not in asked]


def _ask(address: str) -> None:
    """Note the attempt first: another worker with the same text leaves the address alone."""
    now = timezone.now()
    LinkCheck.objects.update_or_create(
        address=address, defaults={"status_code": None, "problem": "", "checked_at": now}
    )
    try:
        answer = {"status_code": ask(address, agent=_agent()), "problem": ""}
    except Unreachable as error:
        answer = {"status_code": None, "problem": error.problem}
    LinkCheck.objects.filter(address=address).update(**answer)


def _agent() -> str:
    """Who asks, and where to read about it."""
    return f"Mozilla/5.0 (compatible; link check; +{settings.SITE_URL})"
