"""A story is taken from readers while an issue with it is on its way: nobody else gets that issue.

Its mail was compiled once and says what the story said then (decision 21): the story cannot be taken out of it, and one
that comes back has other words. What is left is to stop, and to send another issue without it.
"""

from functools import partial
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from articles.enums import CorrectionKind
from articles.models import Article, Correction
from newsletter.enums import IssueState, ItemKind
from newsletter.models import Issue, IssueItem
from newsletter.sending.pausing import REASON_LENGTH, pause
from newsletter.sending.states import AT_WORK


def reason_to_hold(issue: Issue) -> str:
    """Why nobody else may get the issue, or "": its mail holds a story that readers may not see (any more)."""
    mailed = IssueItem.objects.filter(issue=issue, kind=ItemKind.ARTICLE).exclude(url="")
    # It may be back since, in words that it did not have when the mail was made.
    retractions = Correction.objects.filter(article=OuterRef("article"), kind=CorrectionKind.RETRACTION)
    retracted = Exists(retractions.filter(at__gte=OuterRef("issue__compiled_at")))
    seen = mailed.filter(~retracted, article__in=Article.objects.published().values("pk"))
    gone = mailed.exclude(pk__in=seen.values("pk")).first()
    return _reason(gone) if gone else ""


def stop_issues(sender: type[Article], article: Article, by: AbstractBaseUser | None, **_more: Any) -> None:
    """In the transaction that takes the story from readers, and after it: an issue may have begun meanwhile.

    For one that begins still later a sender asks before it sends (slices.run_slice).
    """
    _pause_issues_with(article, by)
    transaction.on_commit(partial(_pause_issues_with, article, by), robust=True)


@transaction.atomic
def _pause_issues_with(article: Article, by: AbstractBaseUser | None) -> None:
    mailed = IssueItem.objects.filter(article=article, kind=ItemKind.ARTICLE).exclude(url="").select_related("issue")
    under_way = mailed.filter(issue__state__in=[*AT_WORK, IssueState.PAUSED])
    reasons = {item.issue_id: _reason(item) for item in under_way}
    for issue in Issue.objects.select_for_update().filter(pk__in=reasons).order_by("pk"):
        reason = reasons[issue.pk]
        if issue.state in AT_WORK:
            pause(issue, reason=reason, by=by)
        elif issue.state == IssueState.PAUSED and reason not in issue.paused_reason:
            issue.paused_reason = f"{reason} {issue.paused_reason}"[:REASON_LENGTH]
            issue.save(update_fields=["paused_reason"])


def _reason(item: IssueItem) -> str:
    sentence = _(
        "“%(headline)s” was withdrawn, so nobody else gets this issue. Cancel it and send one without the story."
    )
    room = REASON_LENGTH - len(sentence)
    headline = item.headline if len(item.headline) <= room else f"{item.headline[: room - 1].rstrip()}…"
    return sentence % {"headline": headline}
