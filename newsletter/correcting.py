"""A correction by mail to those who got the issue that had it wrong, and to nobody else."""

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from articles.models import Article, Correction
from newsletter.breaking import NotPublic
from newsletter.composing import Row, cut_subject, just_made, new_issue, save_issue
from newsletter.enums import IssueKind, ItemKind
from newsletter.models import Issue
from newsletter.sending.audience import candidate_count


class NothingToCorrect(Exception):
    """The issue reached nobody with this article."""


@transaction.atomic
def correction_issue(first: Issue, *, correction: Correction, by: User) -> Issue:
    """A draft that says the public note and leads to the article; freezing limits it to who got `first`.

    Raises NotPublic and NothingToCorrect.
    """
    article = correction.article
    if not Article.objects.published().filter(pk=article.pk).exists():
        raise NotPublic
    if not issues_with(article).filter(pk=first.pk).exists():
        raise NothingToCorrect
    twin = just_made(first.mailing_list, by=by, kind=IssueKind.CORRECTION, article=article, corrects=first)
    if twin:  # a double click
        return twin
    label = correction.get_kind_display()
    subject = _("%(kind)s: %(headline)s") % {"kind": label, "headline": article.headline}
    issue = new_issue(
        first.mailing_list,
        by=by,
        articles=[article],
        subject=cut_subject(subject),
        kind=IssueKind.CORRECTION,
        article=article,
        corrects=first,
    )
    note = Row(None, ItemKind.TEXT, headline=label, summary=correction.note)
    rows = [note, *(Row.of(item) for item in issue.items.all())]
    return save_issue(issue, by=by, version=issue.version, words={}, rows=rows)


def issues_with(article: Article) -> QuerySet[Issue]:
    """Issues that have brought this article to somebody, the newest first."""
    brought = Issue.objects.filter(items__article=article, sent_count__gt=0)
    return brought.select_related("mailing_list").order_by("-id")


def corrections_of(issues: list[Issue]) -> dict[int, int]:
    """How many correcting mails there are for each of these issues."""
    rows = Issue.objects.filter(corrects__in=issues).values_list("corrects").annotate(count=Count("pk")).order_by()
    return dict(rows)


def readers_of(first: Issue) -> int:
    """Who got it and would get its correction now."""
    return candidate_count(first.mailing_list, corrects=first)[0]
