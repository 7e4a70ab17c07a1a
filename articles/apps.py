from datetime import datetime

from django.apps import AppConfig
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    """The newspaper."""

    name = "articles"
    verbose_name = _("Newspaper")

    def ready(self) -> None:
        from pages.current import watch  # noqa: PLC0415 - models can be read only after every app is loaded

        watch(_last_published)
        watch(_last_breaking_ended)


def _last_published(now: datetime) -> QuerySet:
    from articles.models import Article  # noqa: PLC0415 - models can be read only after every app is loaded

    return Article.objects.published(now).order_by("-publish_at").values("publish_at")


def _last_breaking_ended(now: datetime) -> QuerySet:
    from articles.models import Article  # noqa: PLC0415 - models can be read only after every app is loaded

    return Article.objects.filter(breaking_until__lte=now).order_by("-breaking_until").values("breaking_until")
