"""The desk talks about a story: comments, who may get one, and the mail that tells him.

The row is written first and a task sends its mail; what was not sent is sent by the tick.
"""

import logging
from collections import Counter
from datetime import timedelta

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from articles import emails
from articles.models import Article, Comment
from articles.permissions import may_see_papers
from articles.publishing import require
from articles.staffing import with_right
from audit.enums import Action
from audit.recording import log
from newsroom.lib.hygiene import clean_text
from tasks.defining import task

logger = logging.getLogger(__name__)

LONGEST_COMMENT = 2000  # letters; Comment.text
# Minutes before the second, third ... attempt to mail: a server that is down for a night is outlasted.
PAUSES = (2, 10, 30, 60, 120, 240, 480)
MOST_ATTEMPTS = 1 + len(PAUSES)
# Longer than any attempt can last (settings.EMAIL_TIMEOUT), so that no two processes send the same mail.
PATIENCE = timedelta(minutes=PAUSES[0])


class BadComment(Exception):
    """Nothing is said, too much, or to somebody who may not read it. The text is a sentence for people."""


@transaction.atomic
def comment(article: Article, *, by: User, text: str, to: User | None = None) -> Comment:
    """Write a comment on the story of `article`, open, and tell `to` by mail. Raises NotAllowed, BadComment."""
    story = article.story
    require(may_see_papers(by, story))
    text = clean_text(text).strip()
    if not text:
        raise BadComment(_("Write what you have to say."))
    if len(text) > LONGEST_COMMENT:
        raise BadComment(_("The comment is too long; it may have 2000 letters."))
    if to and not may_be_told(to, story):
        raise BadComment(_("This member of staff may not see the comments of this article."))
    row = tell(Comment(article=story, by=by, text=text, addressed_to=to))
    log(Action.COMMENTED, by=by, subject=story)
    return row


def tell(row: Comment) -> Comment:
    """Store a comment and have its mail sent, in the transaction of the caller."""
    to = row.addressed_to
    is_mailed = to is not None and to.pk != row.by_id and bool(to.email)
    row.mailed_at = None if is_mailed else timezone.now()
    row.save()
    if is_mailed:
        mail_comment.enqueue(row.pk)
    return row


@task(max_attempts=1)
def mail_comment(pk: int) -> None:
    """The first attempt; the row counts them, and the tick makes the others."""
    if row := Comment.objects.filter(pk=pk).first():
        send_mail(row)


def resolve(row: Comment, *, by: User) -> Comment:
    """Close a comment; one that is closed stays as it is. Raises NotAllowed."""
    return _set_resolved(row, by=by, is_resolved=True)


def reopen(row: Comment, *, by: User) -> Comment:
    """Open a comment again. Nobody is mailed a second time. Raises NotAllowed."""
    return _set_resolved(row, by=by, is_resolved=False)


def addressees(article: Article) -> models.QuerySet[User]:
    """Active members of staff who may see the comments of the story: permissions.may_see_papers for many."""
    story = article.story
    rows = Article.objects.filter(Q(pk=story.pk) | Q(working_copy_of=story))
    owners = Q(pk__in=rows.values("created_by")) | Q(pk__in=rows.values("assigned_to"))
    editors = with_right("articles.change_any_article")
    readers = with_right("articles.view_article")
    return readers.filter(Q(pk__in=editors.values("pk")) | owners).order_by("sort_key", "pk")


def may_be_told(user: User, story: Article) -> bool:
    """Asked when a comment is written and again when its mail goes out: rights may be gone by then (CVE-2022-21683)."""
    return user.is_active and user.is_staff and may_see_papers(user, story)


def open_for(user: User) -> models.QuerySet[Comment]:
    """Open comments addressed to `user`, as far as he may still see their stories; the oldest first."""
    mine = Comment.objects.filter(addressed_to=user, resolved_at__isnull=True)
    if not user.has_perm("articles.view_article"):
        return mine.none()
    if user.has_perm("articles.change_any_article"):
        return mine
    in_hand = Article.objects.filter(Q(created_by=user) | Q(assigned_to=user))
    changes = in_hand.working_copies().values("working_copy_of")
    return mine.filter(Q(article__in=in_hand.values("pk")) | Q(article__in=changes))


def count_for(user: User) -> int:
    """One query on an index of its own; for the head of every page."""
    return open_for(user).order_by().count() if user.has_perm("articles.view_article") else 0


def lost_mail() -> models.QuerySet[Comment]:
    """Comments whose mail was given up."""
    return Comment.objects.filter(mailed_at__isnull=True, mail_attempts__gte=MOST_ATTEMPTS)


def send_mail(row: Comment) -> bool:
    """One attempt. Returns whether the mail is no longer owed.

    Nothing goes out to somebody who may not see the story any more, nor about a comment that is resolved.
    """
    row = Comment.objects.select_related("article", "by", "addressed_to").get(pk=row.pk)
    if row.mailed_at is not None or not _claim(row):
        return False
    to = row.addressed_to
    is_wanted = to is not None and to.email and row.resolved_at is None and may_be_told(to, row.article)
    if is_wanted and not emails.send(emails.comment(row), about=f"comment {row.pk}"):
        return False
    Comment.objects.filter(pk=row.pk).update(mailed_at=timezone.now())
    return True


def send_waiting_mail() -> Counter[str]:
    """Try again what was not sent; `sent` and `failed` of the answer count the mails. Several may run this at once."""
    now = timezone.now()
    due = Q(mail_attempted_at__isnull=True, created_at__lt=now - PATIENCE)
    for attempts, minutes in enumerate(PAUSES, start=1):
        due |= Q(mail_attempts=attempts, mail_attempted_at__lt=now - timedelta(minutes=minutes))
    done: Counter[str] = Counter()
    for row in Comment.objects.filter(due, mailed_at__isnull=True).order_by("created_at"):
        done["sent" if send_mail(row) else "failed"] += 1
    return done


def _claim(row: Comment) -> bool:
    """Count the attempt, unless another process has just begun it."""
    untouched = Comment.objects.filter(pk=row.pk, mailed_at__isnull=True, mail_attempted_at=row.mail_attempted_at)
    return untouched.update(mail_attempts=F("mail_attempts") + 1, mail_attempted_at=timezone.now()) == 1


@transaction.atomic
def _set_resolved(row: Comment, *, by: User, is_resolved: bool) -> Comment:
    row = Comment.objects.select_for_update(of=("self",)).select_related("article").get(pk=row.pk)
    require(may_see_papers(by, row.article))
    if (row.resolved_at is not None) == is_resolved:
        return row
    row.resolved_at, row.resolved_by = (timezone.now(), by) if is_resolved else (None, None)
    row.save(update_fields=["resolved_at", "resolved_by"])
    log(Action.COMMENT_RESOLVED, by=by, subject=row.article, after="" if is_resolved else "open")
    return row
