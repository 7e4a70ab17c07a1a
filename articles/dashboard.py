"""What the first page of the admin shows to one member of staff: heaps of work with their newest rows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.models import User
from articles import commenting
from articles.front_desk import may_arrange
from articles.models import Article, Comment
from articles.read_charts import DeskReads, reads_today
from articles.work import Heap, lying_on
from images.models import Image

MOST_ROWS = 6
LONGEST_NOTE = 90  # letters
PREPARED_WITHIN = timedelta(minutes=10)  # by a task, and by the tick where that was lost
# Past it the page says "more than", and the database stops counting.
MOST_COUNTED = 99

_WORK = (Heap.REVIEW, Heap.ASSIGNED, Heap.COMMENTS, Heap.SCHEDULED_TODAY, Heap.PUBLISHED_TODAY)
_WORRIES = (
    Heap.LATE, Heap.DATE_PASSED, Heap.STUCK, Heap.CORRECTIONS, Heap.PICTURES, Heap.RIGHTS, Heap.DEAD_LINKS,
    Heap.ANSWERS, Heap.MAIL_LOST,
)  # fmt: skip
_BY_THE_CLOCK = (Heap.SCHEDULED_TODAY, Heap.PUBLISHED_TODAY)


@dataclass(frozen=True)
class Row:
    """One line: where it leads, what it says, the moment that matters here, and a word of explanation."""

    address: str
    text: str
    moment: datetime | None = None
    note: str = ""
    tells_age: bool = True  # how long ago or in how long; of what has its hour today, the hour


@dataclass(frozen=True)
class Panel:
    """A heap with its first rows. `count` ends at MOST_COUNTED + 1."""

    name: str
    title: str
    address: str
    count: int
    rows: list[Row]

    most = MOST_COUNTED

    @property
    def is_counted(self) -> bool:
        return self.count <= MOST_COUNTED


@dataclass(frozen=True)
class Dashboard:
    worries: list[Panel]  # only those where something lies
    panels: list[Panel]
    adds_articles: bool
    imports_texts: bool
    arranges_front: bool
    sees_production: bool
    reads: DeskReads


def dashboard_for(user: User) -> Dashboard | None:
    """None for who has nothing to do with articles. At most two queries a heap, one more for links, three for reads."""
    if not user.has_perm("articles.view_article"):
        return None
    now = timezone.now()
    worries = [*(_panel(heap, user, now) for heap in _WORRIES), _unprepared(user, now)]
    return Dashboard(
        [panel for panel in worries if panel.count],
        [_panel(heap, user, now) for heap in _WORK],
        adds_articles=user.has_perm("articles.add_article"),
        imports_texts=user.has_perm("articles.import_article"),
        arranges_front=may_arrange(user),
        sees_production=user.has_perm("articles.change_any_article"),
        reads=reads_today(now),
    )


def _panel(heap: Heap, user: User, now: datetime) -> Panel:
    if heap == Heap.COMMENTS:
        heaped: models.QuerySet[Any] = commenting.open_for(user).select_related("article").defer("article__body")
        rows = list(heaped[:MOST_ROWS])
        lines = [_comment_row(comment) for comment in rows]
    else:
        heaped = lying_on(heap, user=user, now=now)
        rows = list(heaped.defer("body")[:MOST_ROWS])
        lines = [_row(heap, article) for article in rows]
    return Panel(heap.value, str(heap.label), list_of(heap), _counted(heaped, rows), lines)


def _unprepared(user: User, now: datetime) -> Panel:
    """Pictures whose files were not made in time: readers get the file itself, however large. No heap of articles."""
    waiting = Image.objects.filter(prepared_at__isnull=True, created_at__lt=now - PREPARED_WITHIN)
    heaped = waiting.order_by("created_at") if user.has_perm("images.change_image") else waiting.none()
    rows = list(heaped[:MOST_ROWS])
    lines = [Row(reverse("admin:images_image_change", args=[row.pk]), str(row), row.created_at) for row in rows]
    title = _("pictures that are not prepared")
    return Panel("unprepared", title, reverse("admin:images_image_changelist"), _counted(heaped, rows), lines)


def list_of(heap: Heap) -> str:
    """The list of articles with the filter of the heap."""
    return f"{reverse('admin:articles_article_changelist')}?{urlencode({'work': heap.value})}"


def _counted(rows: models.QuerySet[Any], shown: list[Any]) -> int:
    """As many as there are up to MOST_COUNTED + 1; what fits on the page needs no second query."""
    return len(shown) if len(shown) < MOST_ROWS else rows.order_by()[: MOST_COUNTED + 1].count()


def _row(heap: Heap, article: Article) -> Row:
    moments = {
        Heap.ASSIGNED: article.deadline,
        Heap.LATE: article.deadline,
        Heap.REVIEW: article.saved_at,
        Heap.MAIL_LOST: None,
        Heap.CORRECTIONS: article.saved_at,
        Heap.ANSWERS: None,
    }
    moment = moments.get(heap, article.published_at if heap == Heap.PUBLISHED_TODAY else article.publish_at)
    note = article.schedule_error or (_("changes") if article.is_working_copy else "")
    address = reverse("admin:articles_article_change", args=[article.pk])
    return Row(address, str(article), moment, note, tells_age=heap not in _BY_THE_CLOCK)


def _comment_row(comment: Comment) -> Row:
    address = reverse("admin:articles_article_comments", args=[comment.article_id])
    return Row(
        f"{address}#comment-{comment.pk}",
        str(comment.article),
        comment.created_at,
        Truncator(comment.text).chars(LONGEST_NOTE),
    )
