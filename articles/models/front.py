from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.enums import SlotPlace
from newsroom.lib.scopes import CLOCK, FRONT
from newsroom.lib.watched import WatchedModel


class FrontSlot(WatchedModel):
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

    @property
    def own_scope(self) -> str:
        return FRONT

    def changed_scopes(self) -> list[str]:
        return [FRONT, CLOCK]


class FrontChange(models.Model):
    """What the places of the home page held before and after somebody arranged them: what undoing goes back to."""

    # [{"place", "position", "article_id", "ends_at"}, ...] and the stories of the breaking bar with their ends.
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("by"), null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(_("time"), auto_now_add=True)
    undoes = models.OneToOneField(
        "self", models.SET_NULL, verbose_name=_("takes back"), null=True, blank=True, related_name="undone_by"
    )

    class Meta:
        verbose_name = _("change of the home page")
        verbose_name_plural = _("changes of the home page")
        ordering = ["-id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
