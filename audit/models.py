from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.enums import actions
from audit.querysets import AppendOnly, AuditEntryQuerySet
from newsroom.lib.arabic import fold
from newsroom.lib.fields import CleanCharField, KeyField


class AuditEntry(models.Model):
    """Who did what, when and from where. Rows are added, never changed: what they name may be gone since.

    Hence names and titles are kept as they were, and nothing in the database follows from a row to another.
    """

    at = models.DateTimeField(_("when"), default=timezone.now)
    action = models.CharField(_("what happened"), max_length=32, choices=actions)

    # Neither a constraint nor a rule for deletion: both would have to change the row when the person goes.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        verbose_name=_("who"),
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    actor_name = CleanCharField(_("name at that time"), max_length=200, blank=True)

    subject_type = models.CharField(_("kind of subject"), max_length=100, blank=True)
    subject_id = models.CharField(_("id of the subject"), max_length=64, blank=True)
    subject_title = CleanCharField(_("about what"), max_length=200, blank=True)

    before = CleanCharField(_("state before"), max_length=100, blank=True)
    after = CleanCharField(_("state after"), max_length=100, blank=True)
    note = CleanCharField(_("note"), max_length=500, blank=True)

    address = models.CharField(_("address"), max_length=45, blank=True)
    user_agent = CleanCharField(_("browser"), max_length=200, blank=True)

    names_key = KeyField(source="names", key=fold, max_length=420)

    # Where the page of the subject is, for whoever looks at the line just now (audit.admin.listing); not kept.
    subject_address = ""

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of the log")
        verbose_name_plural = _("lines of the log")
        ordering = ["-at", "-id"]
        base_manager_name = "objects"
        default_permissions = ("view",)
        permissions = [("export_auditentry", "Can export the log of deeds")]
        constraints = [
            models.CheckConstraint(name="audit_entry_says_what", condition=~Q(action="")),
            models.CheckConstraint(
                name="audit_entry_actor_is_named", condition=Q(actor__isnull=True) | ~Q(actor_name="")
            ),
            models.CheckConstraint(name="audit_entry_id_has_type", condition=Q(subject_id="") | ~Q(subject_type="")),
        ]
        indexes = [
            # The page of the log, whole or between two days.
            models.Index(fields=["-at", "-id"], name="audit_entry_by_time"),
            # The same with one filter: a deed, a person, a kind of subject.
            models.Index(fields=["action", "-at", "-id"], name="audit_entry_by_action"),
            models.Index(fields=["actor", "-at", "-id"], name="audit_entry_by_actor"),
            models.Index(fields=["subject_type", "-at", "-id"], name="audit_entry_by_subject_type"),
            # The history of one row (AuditEntryQuerySet.about).
            models.Index(fields=["subject_type", "subject_id", "-at", "-id"], name="audit_entry_by_subject"),
        ]

    def __str__(self) -> str:
        return " · ".join(filter(None, (self.actor_name, str(self.get_action_display()), self.subject_title)))

    def save(self, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly("The log is never changed.")
        # An id that was given by hand must not turn the insert into an update.
        super().save(**kwargs | {"force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("Nothing is taken out of the log.")

    @property
    def names(self) -> str:
        """What the search looks through."""
        return f"{self.actor_name} {self.subject_title}"
