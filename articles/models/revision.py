import json
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.enums import RevisionAction
from newsroom.lib.fields import CleanCharField


class PlainLetters(json.JSONEncoder):
    """Arabic letters as themselves: escaped (\\u0627) each would take six bytes instead of two on SQLite."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs | {"ensure_ascii": False})


class Revision(models.Model):
    """The whole article as it stood after one save: fields, bylines, attributions, tags, links.

    It belongs to the story: those of a working copy outlive it.
    """

    article = models.ForeignKey("articles.Article", models.CASCADE, verbose_name=_("article"), related_name="revisions")
    version = models.PositiveIntegerField(_("version"))
    is_of_changes = models.BooleanField(_("of changes that readers do not see yet"), default=False)
    data = models.JSONField(_("content"), encoder=PlainLetters)

    action = models.CharField(_("action"), max_length=16, choices=RevisionAction, default=RevisionAction.SAVED)
    reason = CleanCharField(_("reason"), max_length=300, blank=True)
    # What was taken out of the typed text before it was kept: newsroom.lib.hygiene.
    mended = models.JSONField(_("cleaned"), encoder=PlainLetters, default=list, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("by"), null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("time"), auto_now_add=True)

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["article", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["article", "version"], name="revision_version_unique"),
            models.CheckConstraint(name="revision_action_known", condition=Q(action__in=RevisionAction.values)),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} v{self.version}"
