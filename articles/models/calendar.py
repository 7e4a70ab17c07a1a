from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models.partners import new_key


class CalendarFeed(models.Model):
    """The plan of the desk at a secret address, for the calendar program of one member of staff.

    It shows what this member may see at the moment it is asked; who leaves the newsroom sees nothing.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("member of staff"), related_name="calendar_feeds"
    )
    section = models.ForeignKey(
        "articles.Section",
        models.CASCADE,
        verbose_name=_("section"),
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Empty means all."),
    )
    key = models.CharField(_("secret part of the address"), max_length=64, default=new_key, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["key"], name="calendar_feed_key_unique"),
            models.CheckConstraint(name="calendar_feed_key_not_empty", condition=~Q(key="")),
            models.UniqueConstraint(fields=["user", "section"], name="calendar_feed_once_a_section"),
            models.UniqueConstraint(
                fields=["user"], name="calendar_feed_once_for_all", condition=Q(section__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}"
