from datetime import datetime

from django.apps import AppConfig
from django.core import checks
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from articles.checks import check_drawing
from articles.enums import Status


class ArticlesConfig(AppConfig):
    """The newspaper."""

    name = "articles"
    verbose_name = _("Newspaper")

    def ready(self) -> None:
        from pages.current import watch  # noqa: PLC0415 - models can be read only after every app is loaded

        checks.register(check_drawing)
        watch(_last_published)
        watch(_last_breaking_ended)
        watch(_last_place_ended)


def _last_published(now: datetime) -> QuerySet:
    from articles.models import Article  # noqa: PLC0415 - models can be read only after every app is loaded

    # Not by published(), which hides the index of publish_at: of a withdrawn story the log tells the time.
    due = Article.objects.stories().filter(status=Status.APPROVED, publish_at__lte=now)
    return due.order_by("-publish_at").values("publish_at")


def _last_breaking_ended(now: datetime) -> QuerySet:
    from articles.models import Article  # noqa: PLC0415 - models can be read only after every app is loaded

    return Article.objects.filter(breaking_until__lte=now).order_by("-breaking_until").values("breaking_until")


def _last_place_ended(now: datetime) -> QuerySet:
    """A place of the home page that an editor had filled until then."""
    from articles.models import FrontSlot  # noqa: PLC0415 - models can be read only after every app is loaded

    return FrontSlot.objects.filter(ends_at__lte=now).order_by("-ends_at").values("ends_at")
