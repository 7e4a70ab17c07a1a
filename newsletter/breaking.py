"""A breaking-news mail about one article: a draft that goes straight to the sentence before sending."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from articles.models import Article
from newsletter.composing import cut_subject, just_made, new_issue
from newsletter.enums import IssueKind, IssueState
from newsletter.models import Issue, MailingList


class NotPublic(Exception):
    """Readers cannot see the article, so no mail may lead to it."""


@transaction.atomic
def breaking_issue(article: Article, *, mailing_list: MailingList, by: User) -> Issue:
    """A draft of kind "breaking" with this article alone. Raises NotPublic.

    That there is another one already is for a person to judge (earlier_breaking): news go on. But a double click is
    one press.
    """
    if not Article.objects.published().filter(pk=article.pk).exists():
        raise NotPublic
    if twin := just_made(mailing_list, by=by, kind=IssueKind.BREAKING, article=article):
        return twin
    subject = _("Breaking: %(headline)s") % {"headline": article.headline}
    return new_issue(
        mailing_list,
        by=by,
        articles=[article],
        subject=cut_subject(subject),
        kind=IssueKind.BREAKING,
        article=article,
    )


def earlier_breaking(article: Article) -> list[Issue]:
    """Breaking mails about it that were sent, are on their way or wait as drafts, the newest first."""
    issues = Issue.objects.filter(article=article, kind=IssueKind.BREAKING).select_related("mailing_list")
    unsent = issues.filter(state=IssueState.CANCELLED, sent_count=0)
    return list(issues.exclude(pk__in=unsent.values("pk")).order_by("-id"))
