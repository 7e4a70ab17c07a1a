"""Live coverage: what a story adds while its event goes on."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.lib.fields import BodyField, CleanCharField


class LiveUpdate(models.Model):
    """One entry of a live coverage. Readers see it at once; articles.covering is its only writer."""

    article = models.ForeignKey(
        "articles.Article", models.CASCADE, verbose_name=_("article"), related_name="live_updates"
    )
    headline = CleanCharField(_("headline"), max_length=200, blank=True)
    body = BodyField(_("body"), blank=True)
    is_key = models.BooleanField(
        _("key event"), default=False, help_text=_("Listed at the head of the coverage, for readers who come late.")
    )
    posted_at = models.DateTimeField(_("posted at"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("changed at"), null=True, blank=True, editable=False)
    # Taken back, never deleted: what readers have seen stays known to the desk.
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        verbose_name = _("live update")
        verbose_name_plural = _("live updates")
        ordering = ["-posted_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="live_update_says_something",
                condition=~Q(headline="") | ~Q(body=""),
                violation_error_message=_("Write a headline or a text."),
            ),
        ]
        indexes = [
            # The coverage's page and its notice of new entries.
            models.Index(F("article"), F("posted_at").desc(), F("id").desc(), name="live_update_newest_first"),
        ]

    def __str__(self) -> str:
        return self.headline or f"#{self.pk}"
