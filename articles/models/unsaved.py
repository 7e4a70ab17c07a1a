from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.revision import PlainLetters


class UnsavedText(models.Model):
    """What somebody typed in one window and has not saved: his own, seen by nobody else, gone when it is saved."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("staff member"), related_name="unsaved_texts"
    )
    # The story, also when its working copy was edited: that copy may be published or discarded meanwhile.
    # NULL: a new article, or one that somebody deleted.
    article = models.ForeignKey(
        "articles.Article", models.SET_NULL, verbose_name=_("article"), null=True, blank=True, related_name="+"
    )
    window = models.CharField(_("window"), max_length=36)
    base_version = models.PositiveIntegerField(_("version that was edited"), default=0)
    data = models.JSONField(
        _("content"), encoder=PlainLetters, help_text=_("The form as it was sent: names and lists of values.")
    )
    saved_at = models.DateTimeField(_("saved at"), auto_now=True)
    # Orders the sendings of this window alone: ms since 1970 by its own clock, made to grow. 0: no script sent it.
    stamp = models.BigIntegerField(_("place among the sendings"), default=0, db_default=0)

    class Meta:
        verbose_name = _("unsaved text")
        verbose_name_plural = _("unsaved texts")
        ordering = ["-saved_at"]
        constraints = [models.UniqueConstraint(fields=["user", "window"], name="unsaved_text_once_a_window")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.window}"


class Presence(models.Model):
    """Somebody has the form of an article open; a heartbeat keeps the row fresh. It locks nothing."""

    article = models.ForeignKey("articles.Article", models.CASCADE, verbose_name=_("article"), related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("staff member"), related_name="+")
    since = models.DateTimeField(_("since"), auto_now_add=True)
    seen_at = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        constraints = [models.UniqueConstraint(fields=["article", "user"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.article_id}"
