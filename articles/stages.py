"""Where an article stands as the desk sees it: its status, with what the clock adds."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from articles.enums import Status
from articles.models import Article
from articles.querysets import ArticleQuerySet
from pages.public_time import public_now


class Stage(models.TextChoices):
    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    APPROVED = "approved", _("approved")
    SCHEDULED = "scheduled", pgettext_lazy("stage", "scheduled")
    PUBLISHED = "published", pgettext_lazy("stage", "published")
    WITHDRAWN = "withdrawn", _("withdrawn")


def stage_of(article: Article) -> Stage:
    """Of a working copy: where the changes stand; they are never published themselves."""
    if article.is_published:
        return Stage.PUBLISHED
    return Stage.SCHEDULED if article.is_scheduled else Stage(article.status)


def at_stage(articles: ArticleQuerySet, stage: Stage, *, user: User) -> ArticleQuerySet:
    """Stories at a stage. A published story is also where its changes are, if `user` may know of them."""
    if stage == Stage.PUBLISHED:
        return articles.published()  # nearly every story, and changes never are
    # Not `stories()` inside: a condition that nearly every row fulfils leads SQLite to the wrong index.
    keys = _standing(Article.objects.all(), stage).order_by().values("pk")
    few = Article.objects.order_by().working_copies().values("pk")
    copies = _standing(Article.objects.visible_to(user).filter(pk__in=few), stage, are_changes=True)
    with_changes = copies.order_by().values("working_copy_of")
    # As one list of keys, which both databases look up one by one; two lists with OR are held against every story.
    return articles.stories().filter(pk__in=keys.union(with_changes))


def _standing(rows: ArticleQuerySet, stage: Stage, *, are_changes: bool = False) -> ArticleQuerySet:
    """The rule of `stage_of` for many rows: changes whose time has come are scheduled until the tick comes by."""
    match stage:
        case Stage.PUBLISHED:
            return rows.published()
        case Stage.SCHEDULED if are_changes:
            return rows.filter(status=Status.APPROVED, publish_at__isnull=False)
        case Stage.SCHEDULED:
            return rows.filter(status=Status.APPROVED, publish_at__gt=public_now())
        case Stage.APPROVED:
            return rows.filter(status=Status.APPROVED, publish_at__isnull=True)
    return rows.filter(status=stage.value)
