"""What the newsroom asks of its texts: how strict each check is, and words that it avoids."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.enums import Strictness
from newsroom.lib.arabic import fold
from newsroom.lib.fields import CleanCharField, KeyField


class CheckLevel(models.Model):
    """How strict one check of the checklist is here; without a row it is as strict as it comes."""

    check_name = models.CharField(_("check"), max_length=40)
    strictness = models.CharField(_("strictness"), max_length=8, choices=Strictness)

    class Meta:
        verbose_name = _("strictness of a check")
        verbose_name_plural = _("house style")
        ordering = ["check_name"]
        constraints = [
            models.UniqueConstraint(fields=["check_name"], name="check_level_once"),
            models.CheckConstraint(name="check_level_strictness_known", condition=Q(strictness__in=Strictness.values)),
        ]

    def __str__(self) -> str:
        return self.check_name


class AvoidedWord(models.Model):
    """A word that the newsroom does not print, and what it prints instead."""

    word = CleanCharField(_("word"), max_length=80, help_text=_("One word or several, as they stand in a text."))
    instead = CleanCharField(_("instead"), max_length=80, blank=True)
    note = CleanCharField(_("note"), max_length=200, blank=True, help_text=_("Why; the writer reads it."))
    word_key = KeyField(source="word", key=fold, max_length=80)

    class Meta:
        verbose_name = _("avoided word")
        verbose_name_plural = _("avoided words")
        ordering = ["word_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["word_key"],
                name="avoided_word_unique",
                violation_error_message=_("This word stands in the list already."),
            ),
            models.CheckConstraint(name="avoided_word_not_empty", condition=~Q(word_key="")),
        ]

    def __str__(self) -> str:
        return self.word


class LinkCheck(models.Model):
    """What an address outside answered when it was last asked (articles.link_checking)."""

    address = models.CharField(_("address"), max_length=500)
    status_code = models.PositiveSmallIntegerField(_("answer"), null=True, blank=True)
    problem = models.CharField(_("why there was none"), max_length=200, blank=True)
    checked_at = models.DateTimeField(_("checked at"))

    class Meta:
        verbose_name = _("checked address")
        verbose_name_plural = _("checked addresses")
        ordering = ["-checked_at", "-id"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["address"], name="link_check_once")]

    def __str__(self) -> str:
        return self.address
