"""How often stories are read. Nothing here is about a reader: no address, no browser, no order of clicks."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReadCount(models.Model):
    """Reads of one story in an hour, written by articles.counting; long after, in a day (articles.most_read.fold)."""

    article = models.ForeignKey(
        "articles.Article", models.CASCADE, verbose_name=_("article"), related_name="read_counts"
    )
    hour = models.DateTimeField(_("hour"))  # its beginning, UTC
    count = models.PositiveIntegerField(_("reads"), default=0)

    class Meta:
        verbose_name = _("reads of an hour")
        verbose_name_plural = _("reads by the hour")
        ordering = ["-hour", "article"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["article", "hour"], name="read_count_once_an_hour")]
        indexes = [
            # The ranking of the last day, and the totals of the dashboard.
            models.Index(fields=["hour", "article", "count"], name="read_count_by_hour"),
        ]

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H}: {self.count}"


class MostRead(models.Model):
    """A place in the list of the most read stories, which the tick makes anew (articles.most_read.rank)."""

    article = models.OneToOneField(
        "articles.Article", models.CASCADE, verbose_name=_("article"), related_name="most_read"
    )
    rank = models.PositiveSmallIntegerField(_("rank"))  # from 1
    score = models.FloatField(_("score"))  # reads, older ones counting less

    class Meta:
        verbose_name = _("most read story")
        verbose_name_plural = _("most read stories")
        ordering = ["rank"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.rank}"
