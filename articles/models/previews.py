from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from articles.models.partners import new_key
from newsroom.lib.fields import CleanCharField


class PreviewLink(models.Model):
    """A look at an unpublished text for somebody without an account: a lawyer, a source, a translator.

    It belongs to the story, and shows its changes while there are some. What its reader says is a Comment.
    """

    article = models.ForeignKey(
        "articles.Article", models.CASCADE, verbose_name=_("article"), related_name="preview_links"
    )
    key = models.CharField(_("secret part of the address"), max_length=64, default=new_key, editable=False)
    reader = CleanCharField(_("for whom"), max_length=80, help_text=_("Stands before what this reader answers."))
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("created by"),
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")
        ordering = ["-created_at", "-id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["key"], name="preview_link_key_unique"),
            models.CheckConstraint(name="preview_link_key_not_empty", condition=~Q(key="")),
            models.CheckConstraint(name="preview_link_ends_later", condition=Q(expires_at__gt=F("created_at"))),
        ]

    def __str__(self) -> str:
        return self.reader
