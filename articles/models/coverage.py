"""Live coverage: what a story adds while its event goes on."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.revision import PlainLetters
from newsroom.lib.fields import BodyField, CleanCharField
from newsroom.lib.watched import WatchedPart

# Updates on a page; feeds and the light view tell no more of a coverage that may have hundreds.
PER_PAGE = 20


class LiveUpdateQuerySet(models.QuerySet["LiveUpdate"]):
    def public(self) -> LiveUpdateQuerySet:
        """What readers of a public story see of its coverage; whoever asks takes care that the story is public."""
        return self.filter(withdrawn_at__isnull=True).defer("former", "form_key")

    def newest(self) -> LiveUpdateQuerySet:
        """Of these what the first page of the coverage shows."""
        return self.public()[:PER_PAGE]


class LiveUpdate(WatchedPart):
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
    # What readers were shown before, the oldest first: {"headline", "body", "is_key", "until" (ISO 8601), "by" (id)}.
    former = models.JSONField(_("former words"), encoder=PlainLetters, default=list, blank=True, editable=False)
    form_key = models.CharField(  # noqa: DJ001 - NULL, unlike '', may stand many times under a unique constraint
        _("key of the form it was made with"),
        max_length=60,
        null=True,
        blank=True,
        editable=False,
        help_text=_("A form that is sent twice posts once."),
    )

    # Its body as blocks of HTML, for the page that is made just now (articles.coverage_page); not kept.
    shown_body: Sequence[str] = ()

    objects = LiveUpdateQuerySet.as_manager()

    class Meta:
        verbose_name = _("live update")
        verbose_name_plural = _("live updates")
        ordering = ["-posted_at", "-id"]
        default_permissions = ()  # who may publish the story may report on it
        constraints = [
            models.UniqueConstraint(fields=["form_key"], name="live_update_form_key_unique"),
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

    def get_absolute_url(self) -> str:
        """Stays the same while newer entries push this one down to another page of the coverage."""
        return f"{self.article.get_absolute_url()}?update={self.pk}#{self.anchor}"

    @property
    def anchor(self) -> str:
        return f"update-{self.pk}"

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def version(self) -> int:
        """How often its words were changed; whoever changes them names the one that he has seen."""
        return len(self.former)
