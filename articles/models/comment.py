from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from newsroom.lib.fields import CleanCharField, CleanTextField


class Comment(models.Model):
    """A word about a story, of the desk or of a guest, perhaps addressed to somebody; open until it is resolved."""

    article = models.ForeignKey("articles.Article", models.CASCADE, verbose_name=_("article"), related_name="comments")
    text = CleanTextField(_("comment"), max_length=2000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("by"), null=True, blank=True, related_name="+"
    )
    addressed_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("addressed to"),
        null=True,
        blank=True,
        related_name="comments_to_read",
    )
    # Of somebody without an account, who answered by a link of ours: then `by` is empty.
    preview_link = models.ForeignKey(
        "articles.PreviewLink",
        models.SET_NULL,
        verbose_name=_("preview link"),
        null=True,
        blank=True,
        editable=False,
        related_name="comments",
    )
    guest_name = CleanCharField(_("name of the guest"), max_length=80, blank=True, editable=False)
    is_approval = models.BooleanField(_("agreed with the text"), default=False, editable=False)
    seen_version = models.PositiveIntegerField(_("version that the guest saw"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("time"), auto_now_add=True)
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("resolved by"),
        null=True,
        blank=True,
        related_name="+",
    )
    # NULL while its mail waits; the tick sends what was lost. Nobody to mail: the time it was written.
    mailed_at = models.DateTimeField(_("mailed at"), null=True, blank=True)
    # The claim of one attempt: two ticks never send the same mail.
    mail_attempted_at = models.DateTimeField(_("last attempt to mail"), null=True, blank=True)
    mail_attempts = models.PositiveSmallIntegerField(_("attempts to mail"), default=0)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["created_at", "id"]
        constraints = [models.CheckConstraint(name="comment_not_empty", condition=~Q(text=""))]
        indexes = [
            # The head of every admin page and the dashboard: what waits for me.
            models.Index(fields=["addressed_to"], name="comment_open", condition=Q(resolved_at__isnull=True)),
            # The tick of every minute: mail that was not sent.
            models.Index(fields=["created_at"], name="comment_to_mail", condition=Q(mailed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def said_by(self) -> str:
        """A colleague's name, or what stands before the answers of a guest; "—" for somebody who is gone."""
        return self.guest_name or (str(self.by) if self.by else "—")
