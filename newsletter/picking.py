"""Which articles an issue may be made of."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from articles.models import Article
from articles.querysets import ArticleQuerySet
from newsletter.enums import IssueState
from newsletter.models import IssueItem, MailingList
from pages.public_time import public_now


def candidates(
    *, mailing_list: MailingList, since: datetime, until: datetime | None = None, leaves_out_sent: bool = True
) -> ArticleQuerySet:
    """What readers could first see from `since` on and before `until` (default: now), the newest first.

    Of the list's section, where it has one. With `leaves_out_sent` without what an issue of this list has brought
    its readers already, or is about to.
    """
    articles: ArticleQuerySet = Article.objects.published().published_between(since, until or public_now())
    if mailing_list.section_id:
        articles = articles.filter(section=mailing_list.section_id)
    if leaves_out_sent:
        articles = articles.exclude(Exists(_sent_with(mailing_list)))
    return articles.newest_first()


def _sent_with(mailing_list: MailingList) -> QuerySet[IssueItem]:
    """A draft has reached nobody, nor has an issue that was cancelled before it began."""
    to_nobody = Q(issue__state=IssueState.DRAFT) | Q(issue__state=IssueState.CANCELLED, issue__started_at__isnull=True)
    items = IssueItem.objects.filter(article=OuterRef("pk"), issue__mailing_list=mailing_list)
    return items.exclude(to_nobody)
