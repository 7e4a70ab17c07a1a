"""Where an article stands as the desk sees it: its status, with what the clock adds."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.enums import Status
from articles.models import Article
from articles.querysets import ArticleQuerySet


class Stage(models.TextChoices):
    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    APPROVED = "approved", _("approved")
    SCHEDULED = "scheduled", _("scheduled")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


def stage_of(article: Article) -> Stage:
    if article.is_published:
        return Stage.PUBLISHED
    return Stage.SCHEDULED if article.is_scheduled else Stage(article.status)


def at_stage(articles: ArticleQuerySet, stage: Stage) -> ArticleQuerySet:
    """The rule of `stage_of` for many rows."""
    match stage:
        case Stage.PUBLISHED:
            return articles.published()
        case Stage.SCHEDULED:
            return articles.filter(status=Status.APPROVED, publish_at__gt=timezone.now())
        case Stage.APPROVED:
            return articles.filter(status=Status.APPROVED, publish_at__isnull=True)
    return articles.filter(status=stage.value)
