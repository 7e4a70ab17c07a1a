from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from newsroom.lib.watched import WatchedPart


class RelatedChoice(WatchedPart):
    """What an editor decided about the related articles of a story: this one always, or this one never.

    It belongs to the story and not to its text: no version holds it, and it holds at once.
    """

    article = models.ForeignKey(
        "articles.Article", models.CASCADE, verbose_name=_("article"), related_name="related_choices"
    )
    target = models.ForeignKey("articles.Article", models.CASCADE, verbose_name=_("related article"), related_name="+")
    is_banned = models.BooleanField(_("never shown here"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("by"), null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(_("time"), auto_now=True)

    class Meta:
        verbose_name = _("choice of a related article")
        verbose_name_plural = _("choices of related articles")
        ordering = ["position", "id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["article", "target"], name="related_choice_once"),
            models.CheckConstraint(name="related_choice_of_another", condition=~Q(target=F("article"))),
        ]

    def __str__(self) -> str:
        # Never the headline of the target: whoever reads this row may not be allowed to see that one.
        return f"#{self.target_id}"
