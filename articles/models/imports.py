"""What the importer knew about a text, and every line that it set aside."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from newsroom.lib.fields import CleanCharField, CleanTextField


class ImportRecord(models.Model):
    """Where an imported article came from, what was proposed and what was doubtful."""

    article = models.OneToOneField(
        "articles.Article", models.CASCADE, verbose_name=_("article"), related_name="import_record"
    )
    file_name = CleanCharField(_("file name"), max_length=255)
    encoding = models.CharField(_("encoding"), max_length=20)
    sha256 = models.CharField(_("fingerprint"), max_length=64, help_text=_("SHA-256 of the bytes of the file."))
    original_text = models.TextField(_("original text"))
    warnings = models.JSONField(_("warnings"), default=list, blank=True)

    proposed_headline = CleanCharField(_("proposed headline"), max_length=200, blank=True)
    proposed_date = models.DateField(_("proposed date"), null=True, blank=True)

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("by"), null=True, blank=True, related_name="+"
    )
    imported_at = models.DateTimeField(_("imported at"), auto_now_add=True)

    class Meta:
        verbose_name = _("import record")
        verbose_name_plural = _("import records")
        ordering = ["-imported_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["sha256"], name="import_record_sha256_unique"),
        ]

    def __str__(self) -> str:
        return self.file_name


class DroppedLine(models.Model):
    """A line of the original that did not become part of the article, until somebody puts it back."""

    record = models.ForeignKey(
        ImportRecord, models.CASCADE, verbose_name=_("import record"), related_name="dropped_lines"
    )
    position = models.PositiveIntegerField(_("line"), help_text=_("Counted from 0 in the order of the original."))
    text = CleanTextField(_("text"))
    reason = models.CharField(_("reason"), max_length=32)
    after_block = models.PositiveIntegerField(
        _("place in the body"), help_text=_("Number of body blocks that stand before it.")
    )

    restored_at = models.DateTimeField(_("put back at"), null=True, blank=True)
    restored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("put back by"),
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("line set aside")
        verbose_name_plural = _("lines set aside")
        ordering = ["record", "position"]
        constraints = [
            models.UniqueConstraint(fields=["record", "position"], name="dropped_line_position_unique"),
            models.CheckConstraint(name="dropped_line_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return self.text
