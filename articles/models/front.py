from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.enums import SlotPlace


class FrontSlot(models.Model):
    """A place of the home page that an editor fills by hand; an empty one fills itself (articles.front_page)."""

    place = models.CharField(_("place"), max_length=16, choices=SlotPlace)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    # One place for a story: the home page never shows it twice.
    article = models.OneToOneField(
        "articles.Article", models.CASCADE, verbose_name=_("article"), related_name="front_slot"
    )
    ends_at = models.DateTimeField(
        _("until"), null=True, blank=True, help_text=_("Empty: until somebody changes it. Then it fills itself again.")
    )
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("set by"),
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    set_at = models.DateTimeField(_("set at"), auto_now=True)

    class Meta:
        verbose_name = _("place on the home page")
        verbose_name_plural = _("places on the home page")
        ordering = ["place", "position"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="front_slot_place_known", condition=Q(place__in=SlotPlace.values)),
            models.UniqueConstraint(fields=["place", "position"], name="front_slot_one_article"),
        ]

    def __str__(self) -> str:
        return f"{self.get_place_display()} {self.position}"
