"""What is wrong with an issue before it is sent: what stops it, and what an editor should know."""

from collections.abc import Iterator
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from articles.models import Article
from newsletter.enums import ItemKind
from newsletter.mails.items import MailItem, is_told, read_items
from newsletter.mails.links import linked
from newsletter.mails.rendering import html_size, render_pieces
from newsletter.models import Issue
from newsroom.lib.dates import format_digits
from pages.current import current_site

# Gmail cuts a mail off near 102 KB (102,400 bytes) of HTML.
LARGEST_HTML = 100_000  # bytes


class Problem(NamedTuple):
    """A sentence for the editor; `field` is the part of the form that it is about, "" for none."""

    level: Literal["block", "warn"]
    text: str
    field: str = ""


def reasons_against(issue: Issue) -> list[Problem]:
    """Blocks first. What only looks like spam is the business of newsletter.spam_risk."""
    items = read_items(issue)
    found = [
        *_missing(issue, items),
        *_withdrawn(issue),
        *_left_out(issue, items),
        *_pictures(items),
        *_links(items),
    ]
    if items and issue.subject.strip():
        found += _size(issue, items)
    return sorted(found, key=lambda problem: problem.level != "block")


def _missing(issue: Issue, items: list[MailItem]) -> Iterator[Problem]:
    if not issue.subject.strip():
        yield Problem("block", _("The issue has no subject."), "subject")
    if not issue.items.exists():
        yield Problem("block", _("The issue is empty."), "items")
    elif not items:
        yield Problem("block", _("No article of the issue is published."), "items")
    if not current_site().settings.postal_address:
        yield Problem("block", _("The settings of the site lack the postal address, which must stand in every issue."))
    if settings.LOOPBACK:
        yield Problem("warn", _("The site has no public address yet, so readers elsewhere cannot open its links."))


def _withdrawn(issue: Issue) -> Iterator[Problem]:
    """The story is left out, but a digest has the first headline for its subject."""
    rows = issue.items.filter(article__in=Article.objects.withdrawn().values("pk")).select_related("article")
    if any(is_told(row, issue) for row in rows):
        yield Problem(
            "block", _("The subject or what stands beside it tells of a story that was withdrawn."), "subject"
        )


def _left_out(issue: Issue, items: list[MailItem]) -> Iterator[Problem]:
    kept = {item.row.pk for item in items}
    for place, row in enumerate(issue.items.all(), 1):
        if row.kind == ItemKind.ARTICLE and row.pk not in kept:
            text = _("Not published, so it will be left out: %(headline)s")
            # Its own headline is the business of those who may read what is not published.
            headline = row.headline or format_digits(place, current_site().settings.style)
            yield Problem("warn", text % {"headline": headline}, "items")


def _pictures(items: list[MailItem]) -> Iterator[Problem]:
    for item in items:
        if item.image and not item.image.alt.strip():
            text = _("The picture has no alternative text: %(headline)s")
            yield Problem("warn", text % {"headline": item.headline}, "items")


def _links(items: list[MailItem]) -> Iterator[Problem]:
    """Those that an editor typed; ours are right by themselves."""
    for item in items:
        for _piece, address in [] if item.is_article else linked(item.summary):
            if address.startswith("http://") or _is_internal(address):
                text = _("The link may not work for readers, or not safely: %(address)s")
                yield Problem("warn", text % {"address": address}, "items")


def _is_internal(address: str) -> bool:
    host = urlsplit(address).hostname or "" if address else "."
    return "." not in host or host.startswith(("127.", "10.", "192.168."))


def _size(issue: Issue, items: list[MailItem]) -> Iterator[Problem]:
    mails = (render_pieces(issue, variant=variant, items=items, counted=True) for variant in issue.variants)
    size = max(html_size(mail.html) for mail in mails)
    if size >= LARGEST_HTML:
        text = _("The mail is too large: %(size)s kB of HTML. Gmail cuts off what comes after %(most)s kB.")
        yield Problem("block", text % {"size": size // 1000, "most": LARGEST_HTML // 1000}, "items")
