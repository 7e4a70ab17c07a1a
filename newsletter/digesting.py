"""Digests that make themselves: at a local time, of what was published since the last one.

A time is decided about once. MailingList.digested_at says which was the last, and changes by a compare-and-set in the
transaction that makes the issue; Issue.digest_key is unique besides. So of two clocks one makes the digest, and a clock
that is put back makes none again, also where an editor has deleted the draft.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from articles.models import Article
from audit.enums import Action
from audit.recording import log
from newsletter.composing import MOST_ITEMS, cut_subject, new_issue
from newsletter.digest_times import Due, last_due
from newsletter.enums import DigestEvery, DigestMode, IssueKind
from newsletter.models import Issue, MailingList
from newsletter.picking import candidates
from newsletter.sending import lifecycle
from pages.days import site_zone

logger = logging.getLogger(__name__)

# Where there was no digest for long, because it was off or had too few articles, nothing older comes into one.
OLDEST = {DigestEvery.DAY: timedelta(days=7), DigestEvery.WEEK: timedelta(days=28)}
_PREHEADER = 150


def make_due_digests(now: datetime) -> int:
    """Make the issues whose time has come; how many. A list that fails stops no other, and is tried again."""
    made, failed = 0, None
    for mailing_list in MailingList.objects.exclude(digest_every=""):
        try:
            made += make_digest(mailing_list, now) is not None
        except Exception as error:
            logger.exception("The digest of the list %s failed", mailing_list.pk)
            failed = error
    if failed:
        raise failed
    return made


def make_digest(mailing_list: MailingList, now: datetime) -> Issue | None:
    """The issue for the last time that was due; None when that was decided about, or has too few articles."""
    due = last_due(mailing_list, now, zone=site_zone())
    if mailing_list.digested_at is None:
        # Just switched on: the times before that are nobody's loss.
        since_now = MailingList.objects.filter(pk=mailing_list.pk, digested_at__isnull=True)
        since_now.update(digested_at=due.moment)
        return None
    if mailing_list.digested_at >= due.moment:
        return None
    return _decide(mailing_list, due, now)


@transaction.atomic
def _decide(mailing_list: MailingList, due: Due, now: datetime) -> Issue | None:
    undecided = MailingList.objects.filter(pk=mailing_list.pk, digested_at__lt=due.moment)
    key = f"{mailing_list.pk}:{due.day:%Y-%m-%d}"
    if not undecided.update(digested_at=due.moment) or Issue.objects.filter(digest_key=key).exists():
        return None
    articles = _articles(mailing_list, due, now)
    if len(articles) < max(mailing_list.digest_minimum, 1):
        return None
    issue = new_issue(
        mailing_list,
        by=None,
        articles=articles,
        subject=_subject(mailing_list, articles),
        preheader=_joined([article.card_headline for article in articles[1:4]], _PREHEADER),
        kind=IssueKind.DIGEST,
        digest_key=key,
        created_at=now,
    )
    if mailing_list.digest_mode == DigestMode.SEND:
        _send(issue, due, now)
    return issue


def _articles(mailing_list: MailingList, due: Due, now: datetime) -> list[Article]:
    """What readers could first see since the last digest, the newest first; what it left out does not come again."""
    digests = Issue.objects.filter(mailing_list=mailing_list, kind=IssueKind.DIGEST)
    last = digests.order_by("-created_at").values_list("created_at", flat=True).first()
    oldest = due.moment - OLDEST[DigestEvery(mailing_list.digest_every)]
    since = max(last, oldest) if last else oldest
    found = candidates(mailing_list=mailing_list, since=since, until=now).defer("body")
    return list(found[: min(mailing_list.digest_most, MOST_ITEMS)])


def _send(issue: Issue, due: Due, now: datetime) -> None:
    """Hand it to the clock that sends, or leave it a draft that says why, for a person to look at."""
    if now - due.moment > timedelta(hours=issue.mailing_list.stale_after_hours):
        _leave(issue, _("It was made too late to go out by itself."))
        return
    count, _excluded = lifecycle.candidate_count(issue.mailing_list)
    try:
        lifecycle.schedule(issue, by=None, at=now, expected_count=count)
    except lifecycle.CompileRefused as refused:
        _leave(issue, " ".join(refused.reasons))


def _leave(issue: Issue, reason: str) -> None:
    Issue.objects.filter(pk=issue.pk).update(paused_reason=reason[:300])
    log(Action.FAILED, by=None, subject=issue, note=_("The digest was not sent: %(reason)s") % {"reason": reason})


def _subject(mailing_list: MailingList, articles: Sequence[Article]) -> str:
    """«نشرة الصباح: first headline»: what stands in the list of mails must say what is in it."""
    subject = _("%(list)s: %(headline)s") % {"list": mailing_list.name, "headline": articles[0].card_headline}
    return cut_subject(subject)


def _joined(headlines: Sequence[str], longest: int) -> str:
    """As many whole headlines as there is room for."""
    text = ""
    for headline in headlines:
        longer = f"{text} · {headline}" if text else headline
        if len(longer) > longest:
            break
        text = longer
    return text
