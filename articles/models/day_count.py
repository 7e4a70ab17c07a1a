from django.db import models
from django.utils.translation import gettext_lazy as _


class DayCount(models.Model):
    """A change of how many stories appeared on a day of the site, as articles.listing writes and sums them.

    Many rows a day, each true from its moment on: whoever publishes adds one and waits for nobody, and a scheduled
    story needs no clock to be counted in time.
    """

    day = models.DateField()
    count = models.IntegerField()
    # Of those the ones whose address is ours: what the sitemaps list.
    own_count = models.IntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("number of articles of a day")
        verbose_name_plural = _("numbers of articles of days")
        default_permissions = ()
        indexes = [
            # A month of the calendar; all of them, read from here alone.
            models.Index(fields=["day", "at", "count", "own_count"], name="day_count_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.count:+d}"
