import uuid

from django.conf import settings
from django.contrib.auth.models import AbstractUser, Group
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.name_keys import UserNameKey, user_key
from accounts.querysets import StaffSessionQuerySet
from newsroom.lib.arabic import sort_key
from newsroom.lib.fields import KeyField, NameField, clean_copy


class User(AbstractUser):
    """A member of staff who may sign in to the admin.

    Nobody signs in by a name that looks like another one: `name_key` is unique.
    """

    username = clean_copy(AbstractUser, "username", NameField)
    first_name = clean_copy(AbstractUser, "first_name", NameField)
    last_name = clean_copy(AbstractUser, "last_name", NameField)

    name_key = UserNameKey(source="username", key=user_key)
    # What the search and every list of staff go by.
    sort_key = KeyField(source=("first_name", "last_name", "username"), key=sort_key, max_length=500)

    class Meta:
        verbose_name = _("staff member")
        verbose_name_plural = _("staff members")
        constraints = [
            models.UniqueConstraint(
                fields=["name_key"],
                name="accounts_user_name_unique",
                violation_error_message=_("A name like this exists, perhaps spelled a little differently."),
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class RequiredFactor(models.Model):
    """A role whose members count as signed in only after a second factor."""

    group = models.OneToOneField(Group, models.CASCADE, verbose_name=_("role"), related_name="required_factor")

    required_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("required by"),
        null=True,
        editable=False,
        related_name="+",
    )
    required_at = models.DateTimeField(_("required since"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("role with a second factor")
        verbose_name_plural = _("roles with a second factor")

    def __str__(self) -> str:
        return str(self.group)


class RecoveryCode(models.Model):
    """What opens the door once when the telephone is gone; the code itself is nowhere kept (accounts.second_factor)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="accounts_recovery_code_once_a_user")]

    def __str__(self) -> str:
        return f"{self.pk}"


class StaffSession(models.Model):
    """One device on which a member of staff has given the password.

    The session itself, wherever it is kept, only names this row. Without the row it is nobody's, so that deleting the
    row ends the session with every session engine, and no key of a session is kept here.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sessions")
    # The device whose code was given in this session, or for which a recovery code stood in.
    factor = models.ForeignKey(TOTPDevice, models.SET_NULL, null=True, related_name="+")
    # Django's own mark of the password (get_session_auth_hash): a session from before a change of it is dead.
    auth_hash = models.CharField(max_length=64)

    created_at = models.DateTimeField(_("signed in"), default=timezone.now)
    last_seen_at = models.DateTimeField(_("last seen"), default=timezone.now)
    expires_at = models.DateTimeField(_("ends"))

    address = models.CharField(_("address"), max_length=45, blank=True)
    browser = models.CharField(_("browser"), max_length=30, blank=True)
    system = models.CharField(_("system"), max_length=30, blank=True)

    objects = StaffSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        # No page of the admin lists the sessions of everybody.
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="accounts_session_ends_after_it_began", condition=Q(expires_at__gt=models.F("created_at"))
            )
        ]
        indexes = [
            # The sessions of one member (StaffSessionQuerySet.live).
            models.Index(fields=["user", "-last_seen_at"], name="accounts_session_of_user"),
            # Which have run out (StaffSessionQuerySet.expired).
            models.Index(fields=["expires_at"], name="accounts_session_expiry"),
        ]

    def __str__(self) -> str:
        return self.device

    @property
    def device(self) -> str:
        """«Firefox على Linux»."""
        names = {"browser": self.browser or gettext("Unknown browser"), "system": self.system}
        return gettext("%(browser)s on %(system)s") % names if self.system else names["browser"]


class FailureCount(models.Model):
    """How often something was tried in vain since a moment; `key` says what and from where (accounts.throttling)."""

    key = models.CharField(max_length=100, primary_key=True)
    count = models.PositiveIntegerField(default=1)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        # Which are over and may go.
        indexes = [models.Index(fields=["since"], name="accounts_failure_count_since")]

    def __str__(self) -> str:
        return self.key
