"""The heaps of work that the desk looks at: on the dashboard, and as filters of the list of articles."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from articles import commenting
from articles.change_kinds import waiting_corrections
from articles.enums import Status
from articles.link_checking import dead_addresses
from articles.models import Article, Comment, PictureUse, PreviewLink
from articles.querysets import ArticleQuerySet
from images.models import Image
from images.rights import uncredited
from pages import days

UNFINISHED = (Status.DRAFT, Status.IN_REVIEW)
# The tick comes by every minute; changes that wait longer tell that it does not.
TICK_PATIENCE = timedelta(minutes=2)
# Of stories that readers see already, those that appeared since are looked through.
LOOKED_AT, LINKS_LOOKED_AT = timedelta(days=30), timedelta(days=7)
RIGHTS_NOTICE = timedelta(days=14)
MOST_DEAD = 10  # addresses that texts are searched for


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
    PICTURES = "pictures", _("pictures without alternative text or credit")
    RIGHTS = "rights", _("pictures whose rights ended or end within two weeks")
    DEAD_LINKS = "links", _("links that lead nowhere")
    CORRECTIONS = "corrections", _("corrections that wait")
    ANSWERS = "answers", _("answers to previews")


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


def _with_poor_pictures(rows: ArticleQuerySet, user: User, now: datetime) -> ArticleQuerySet:
    """Of the newest stories: nobody goes back to mend the archive."""
    inside = PictureUse.objects.filter(_is_poor("image"), article=OuterRef("pk"))
    has_poor_lead = Q(lead_image__isnull=False) & _is_poor("lead_image")
    return _in_sight(rows, now, LOOKED_AT).filter(has_poor_lead | Q(Exists(inside))).order_by("-publish_at")


def _is_poor(image: str) -> Q:
    """Nobody can hear what the picture shows, or nobody is named for it."""
    return Q(**{f"{image}__alt_text": ""}) | uncredited(image)


def _with_ending_rights(rows: ArticleQuerySet, user: User, now: datetime) -> ArticleQuerySet:
    """Public and scheduled stories of any age, found by their pictures."""
    ending = Image.objects.with_rights_ending(days.day_of(now) + RIGHTS_NOTICE + timedelta(days=1)).order_by()
    uses = PictureUse.objects.filter(image__in=ending.values("pk")).order_by()
    keys = rows.filter(lead_image__in=ending.values("pk")).order_by().values("pk").union(uses.values("article"))
    # Not `publish_at IS NOT NULL`, for which SQLite would walk through an index of every story.
    return rows.filter(pk__in=keys, status=Status.APPROVED, publish_at__gt=datetime.min.replace(tzinfo=UTC))


def _with_dead_links(rows: ArticleQuerySet, user: User, now: datetime) -> ArticleQuerySet:
    """Of the newest stories, by what addresses answered when they were last asked (articles.link_checking)."""
    dead = dead_addresses(since=now - LINKS_LOOKED_AT, most=MOST_DEAD)
    if not dead:
        return rows.none()
    has_dead = Q(related_links__url__in=dead) | Q(attributions__url__in=dead)
    for address in dead:
        has_dead |= Q(body__contains=f'"{escape(address)}"')
    newest = _in_sight(rows, now, LINKS_LOOKED_AT)
    return rows.filter(pk__in=newest.filter(has_dead).order_by().values("pk")).order_by("-publish_at")


def _corrections(rows: ArticleQuerySet, user: User, now: datetime) -> ArticleQuerySet:
    return waiting_corrections(rows).order_by("saved_at")


def _answered(rows: ArticleQuerySet, user: User, now: datetime) -> ArticleQuerySet:
    answers = Comment.objects.filter(preview_link__in=PreviewLink.objects.order_by().values("pk"))
    return rows.filter(pk__in=answers.filter(resolved_at__isnull=True).order_by().values("article"))


def _in_sight(rows: ArticleQuerySet, now: datetime, age: timedelta) -> ArticleQuerySet:
    """What readers see since `age` or will see at its hour, scheduled changes too."""
    scheduled = rows.filter(status=Status.APPROVED, publish_at__gt=now).order_by()
    recent = rows.published(now).filter(published_at__gte=now - age).order_by()
    return rows.filter(pk__in=recent.values("pk").union(scheduled.values("pk")))


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
    Heap.PICTURES: _with_poor_pictures,
    Heap.RIGHTS: _with_ending_rights,
    Heap.DEAD_LINKS: _with_dead_links,
    Heap.CORRECTIONS: _corrections,
    Heap.ANSWERS: _answered,
}
