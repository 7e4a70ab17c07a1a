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
        from articles import refreshing  # noqa: PLC0415
        from articles.listing import recount_days  # noqa: PLC0415
        from articles.picture_uses import PicturesOfArticles, Portraits  # noqa: PLC0415
        from articles.turns import TURNS, newest_published  # noqa: PLC0415
        from images import uses  # noqa: PLC0415
        from pages import public_time  # noqa: PLC0415
        from pages.clock import clock  # noqa: PLC0415
        from pages.current import watch  # noqa: PLC0415 - models can be read only after every app is loaded
        from pages.days import keeps_days  # noqa: PLC0415

        checks.register(check_drawing)
        refreshing.listen()
        uses.watch(PicturesOfArticles())
        uses.watch(Portraits())
        keeps_days(recount_days)
        for turn in TURNS:
            clock.watch(turn)
        public_time.watch(newest_published)
        watch(_last_published)
        watch(_last_breaking_ended)
        watch(_last_place_ended)
        watch(_last_picture_prepared)


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


def _last_picture_prepared(now: datetime) -> QuerySet:
    """From then on pages name its smaller files."""
    from images.models import Image  # noqa: PLC0415 - models can be read only after every app is loaded

    return Image.objects.filter(prepared_at__lte=now).order_by("-prepared_at").values("prepared_at")
