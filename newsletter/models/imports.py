from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsletter.enums import ImportState
from newsletter.models.lists import MailingList
from newsroom.lib.fields import CleanCharField, CleanTextField


class SubscriberImport(models.Model):
    """An older list that is being taken over: who brought it, what proves the consent, and what became of each row."""

    mailing_list = models.ForeignKey(MailingList, models.PROTECT, verbose_name=_("mailing list"), related_name="+")
    proof = CleanTextField(
        _("proof of consent"),
        help_text=_("Where, when and to which words these readers agreed; kept with each of them."),
    )
    file_name = CleanCharField(_("file"), max_length=200)
    # Emptied when the import has ended: nobody keeps a second copy of the addresses.
    content = models.TextField(editable=False)
    is_rehearsal = models.BooleanField(_("rehearsal"), default=True, help_text=_("Counts, and changes nothing."))

    state = models.CharField(_("state"), max_length=8, choices=ImportState, default=ImportState.WAITING)
    row_count = models.PositiveIntegerField(_("rows"), default=0)
    done_count = models.PositiveIntegerField(_("rows looked at"), default=0)
    added_count = models.PositiveIntegerField(_("added"), default=0)
    known_count = models.PositiveIntegerField(_("already there"), default=0)
    refused_count = models.PositiveIntegerField(_("refused"), default=0)
    error = models.CharField(_("what went wrong"), max_length=300, blank=True)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("by"), null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(_("started"), default=timezone.now, editable=False)
    # Last sign of life: the tick wakes an import that has none.
    beat_at = models.DateTimeField(null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("import of subscribers")
        verbose_name_plural = _("imports of subscribers")
        ordering = ["-id"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(name="subscriber_import_state_known", condition=Q(state__in=ImportState.values)),
        ]

    def __str__(self) -> str:
        return self.file_name


class RefusedRow(models.Model):
    """A row of an older list that was not taken over, and why."""

    # Forgotten with the import after thirty days: it may hold an address.
    subscriber_import = models.ForeignKey(SubscriberImport, models.CASCADE, related_name="refused_rows")
    line = models.PositiveIntegerField(_("line"))
    text = models.CharField(_("as it stood there"), max_length=300)
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        verbose_name = _("refused row")
        verbose_name_plural = _("refused rows")
        ordering = ["line", "id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.line}: {self.reason}"
