"""The heaps of work that the desk looks at: on the dashboard, and as filters of the list of articles."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from articles import commenting
from articles.enums import Status
from articles.models import Article
from articles.querysets import ArticleQuerySet
from pages import days

UNFINISHED = (Status.DRAFT, Status.IN_REVIEW)
# The tick comes by every minute; changes that wait longer tell that it does not.
TICK_PATIENCE = timedelta(minutes=2)


class Heap(models.TextChoices):
    """Why a text lies there. The words are those of a filter."""

    REVIEW = "review", _("waiting for review")
    ASSIGNED = "assigned", _("assigned to me")
    COMMENTS = "comments", _("comments to me")
    SCHEDULED_TODAY = "scheduled", _("scheduled for today")
    PUBLISHED_TODAY = "published", _("published today")
    LATE = "late", _("late")
    DATE_PASSED = "passed", _("drafts whose date passed")
    STUCK = "stuck", _("scheduled changes that did not appear")
    MAIL_LOST = "mail", _("comments whose mail was lost")


def lying_on(heap: Heap, *, user: User, now: datetime) -> ArticleQuerySet:
    """The rows on a heap as far as `user` may see them: stories and, apart from them, changes of published ones.

    Narrower than visible_to(): of what readers do not see, a reporter has only what is his own. Written without
    `working_copy_of IS NULL`, for which SQLite would leave the index of the heap and walk through every story.
    """
    rows = _HEAPS[heap](Article.objects.all(), user, now)
    if not user.has_perm("articles.view_article"):
        return rows.none()
    if user.has_perm("articles.change_any_article") or heap == Heap.PUBLISHED_TODAY:
        return rows
    own = Q(created_by=user) | Q(assigned_to=user)
    return rows.filter(own | Q(working_copy_of__in=Article.objects.filter(own).values("pk")))


def stories_on(heap: Heap, *, user: User, now: datetime) -> Q:
    """The same as a condition on stories: those on the heap themselves or with their changes."""
    rows = lying_on(heap, user=user, now=now).order_by()
    return Q(pk__in=rows.annotate(story_key=Coalesce("working_copy_of", "pk")).values("story_key"))


def is_late(article: Article, now: datetime) -> bool:
    """The rule of LATE for one row: the deadline passed, and nobody has approved the text."""
    return article.status in UNFINISHED and article.deadline is not None and article.deadline < now


def is_date_passed(article: Article, now: datetime) -> bool:
    """The rule of DATE_PASSED for one row. A draft with a time before its own beginning is meant to be backdated."""
    at = article.publish_at
    return article.status in UNFINISHED and at is not None and article.created_at < at <= now


def _review(rows: ArticleQuerySet, user: User, now: datetime) -> ArticleQuerySet:
    return rows.filter(status=Status.IN_REVIEW).order_by("saved_at")


def _assigned(rows: ArticleQuerySet, user: User, now: datetime) -> ArticleQuerySet:
    return rows.filter(assigned_to=user, status__in=UNFINISHED).order_by(F("deadline").asc(nulls_last=True), "id")


def _with_comments(rows: ArticleQuerySet, user: User, now: datetime) -> ArticleQuerySet:
    return rows.filter(pk__in=commenting.open_for(user).order_by().values("article"))


def _scheduled_today(rows: ArticleQuerySet, user: User, now: datetime) -> ArticleQuerySet:
    _today, tomorrow = days.day_bounds(days.day_of(now))
    return rows.filter(status=Status.APPROVED, publish_at__gt=now, publish_at__lt=tomorrow).order_by("publish_at")


def _published_today(rows: ArticleQuerySet, user: User, now: datetime) -> ArticleQuerySet:
    midnight = days.midnight(days.day_of(now))
    public = rows.filter(status=Status.APPROVED, publish_at__lte=now, publish_at__gte=midnight)
    first_today = public.filter(published_at__gte=midnight)
    return first_today.exclude(pk__in=rows.working_copies().values("pk")).newest_first()


def _late(rows: ArticleQuerySet, user: User, now: datetime) -> ArticleQuerySet:
    return rows.filter(status__in=UNFINISHED, deadline__lt=now).order_by("deadline")


def _date_passed(rows: ArticleQuerySet, user: User, now: datetime) -> ArticleQuerySet:
    passed = rows.filter(status__in=UNFINISHED, publish_at__lte=now, publish_at__gt=F("created_at"))
    return passed.order_by("publish_at")


def _stuck(rows: ArticleQuerySet, user: User, now: datetime) -> ArticleQuerySet:
    """Refused when their minute came, or overdue because the tick does not run."""
    is_stuck = ~Q(schedule_error="") | Q(publish_at__lt=now - TICK_PATIENCE)
    copies = rows.filter(pk__in=rows.working_copies().values("pk"), status=Status.APPROVED)
    return copies.filter(is_stuck).order_by("publish_at")


def _mail_lost(rows: ArticleQuerySet, user: User, now: datetime) -> ArticleQuerySet:
    return rows.filter(pk__in=commenting.lost_mail().order_by().values("article"))


_HEAPS: dict[Heap, Callable[[ArticleQuerySet, User, datetime], ArticleQuerySet]] = {
    Heap.REVIEW: _review,
    Heap.ASSIGNED: _assigned,
    Heap.COMMENTS: _with_comments,
    Heap.SCHEDULED_TODAY: _scheduled_today,
    Heap.PUBLISHED_TODAY: _published_today,
    Heap.LATE: _late,
    Heap.DATE_PASSED: _date_passed,
    Heap.STUCK: _stuck,
    Heap.MAIL_LOST: _mail_lost,
}
