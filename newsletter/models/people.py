import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsletter.address_keys import HASH_LENGTH, address_hash, mail_domain
from newsletter.addresses import MAX_LENGTH, mask, normalise, readable, validate_address
from newsletter.enums import (
    ConsentAction,
    ConsentPlace,
    EndReason,
    Frequency,
    SubscriptionStatus,
    SuppressionReason,
)
from newsletter.models.lists import MailingList
from newsletter.querysets import ConfirmationRequestQuerySet, SubscriptionQuerySet, SuppressionQuerySet
from newsroom.lib.fields import CleanCharField, KeyField


class Subscriber(models.Model):
    """An e-mail address that somebody typed. It means nothing before a Subscription is confirmed."""

    email = models.CharField(_("e-mail"), max_length=MAX_LENGTH, validators=[validate_address])
    email_normal = KeyField(_("e-mail, normal form"), source="email", key=normalise, max_length=MAX_LENGTH)
    name = CleanCharField(_("name"), max_length=80, blank=True)
    created_at = models.DateTimeField(_("first seen"), default=timezone.now, editable=False)

    paused_until = models.DateTimeField(_("wants no mail until"), null=True, blank=True)
    soft_bounce_count = models.PositiveSmallIntegerField(_("soft bounces in a row"), default=0, editable=False)
    soft_bounced_at = models.DateTimeField(_("last soft bounce"), null=True, blank=True, editable=False)

    address_hash = KeyField(source="email", key=address_hash, max_length=HASH_LENGTH)
    domain = KeyField(source="email", key=mail_domain, max_length=MAX_LENGTH)

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        ordering = ["-id"]
        permissions = [
            ("import_subscriber", "Can import an older list of subscribers"),
            ("export_subscriber", "Can export subscribers"),
            ("erase_subscriber", "Can erase the data of a subscriber"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["email_normal"], name="subscriber_email_unique"),
            models.CheckConstraint(name="subscriber_email_has_at", condition=Q(email_normal__contains="@")),
        ]
        indexes = [
            # suppressing.py: whose address a hash is.
            models.Index(fields=["address_hash"], name="subscriber_by_hash"),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def readable_email(self) -> str:
        """The same however the address is typed: how it was typed first is nobody else's business."""
        return readable(self.email_normal)

    @property
    def masked_email(self) -> str:
        return mask(self.email_normal)


class Subscription(models.Model):
    """A subscriber's place on a mailing list."""

    subscriber = models.ForeignKey(
        Subscriber, models.CASCADE, verbose_name=_("subscriber"), related_name="subscriptions"
    )
    mailing_list = models.ForeignKey(
        MailingList, models.PROTECT, verbose_name=_("mailing list"), related_name="subscriptions"
    )
    status = models.CharField(
        _("status"), max_length=16, choices=SubscriptionStatus, default=SubscriptionStatus.PENDING
    )

    frequency = models.CharField(_("how often"), max_length=8, choices=Frequency, default=Frequency.EACH)
    # Only kept for who takes fewer than all.
    last_issue_at = models.DateTimeField(_("last issue"), null=True, blank=True, editable=False)

    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=16, choices=EndReason, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["subscriber", "mailing_list"], name="subscription_unique"),
            models.CheckConstraint(name="subscription_status_known", condition=Q(status__in=SubscriptionStatus.values)),
            models.CheckConstraint(
                name="subscription_confirmed_is_dated",
                condition=~Q(status=SubscriptionStatus.CONFIRMED)
                | Q(confirmed_at__isnull=False, ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="subscription_unsubscribed_is_dated",
                condition=~Q(status=SubscriptionStatus.UNSUBSCRIBED) | Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(name="subscription_frequency_known", condition=Q(frequency__in=Frequency.values)),
        ]
        indexes = [
            # freezing.py: who gets an issue, in chunks.
            models.Index(
                fields=["mailing_list", "id"],
                name="subscription_to_mail",
                condition=Q(status=SubscriptionStatus.CONFIRMED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber} · {self.mailing_list}"

    @property
    def is_confirmed(self) -> bool:
        return self.status == SubscriptionStatus.CONFIRMED


class ConfirmationRequest(models.Model):
    """A promised mail after somebody typed an address: the row is the truth, sending only follows it.

    Past the daily limit it is about no subscription and no mail follows.

    Its link is made when the mail is made and only the SHA-256 of the token is kept, so that a copy of the
    database confirms nobody.
    """

    subscriber = models.ForeignKey(
        Subscriber, models.CASCADE, verbose_name=_("subscriber"), related_name="confirmation_requests"
    )
    subscriptions = models.ManyToManyField(
        Subscription, verbose_name=_("subscriptions"), related_name="confirmation_requests"
    )
    # Names the page that is shown after sign-up; it opens nothing else.
    reference = models.UUIDField(_("reference"), default=uuid.uuid4, editable=False)

    # Keyed hash of the network that asked (IPv4 address, IPv6 /64); forgotten after a day.
    network_hash = models.CharField(_("fingerprint of the network"), max_length=HASH_LENGTH, blank=True, editable=False)
    created_at = models.DateTimeField(_("asked at"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("link works until"))
    used_at = models.DateTimeField(_("link used at"), null=True, blank=True)

    token_hash = models.CharField(_("fingerprint of the link"), max_length=64, blank=True, editable=False)
    attempted_at = models.DateTimeField(_("last attempt to send"), default=timezone.now, editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    objects = ConfirmationRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("confirmation request")
        verbose_name_plural = _("confirmation requests")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["reference"], name="confirmation_request_reference_unique"),
            models.UniqueConstraint(
                fields=["token_hash"], name="confirmation_request_token_unique", condition=~Q(token_hash="")
            ),
            models.CheckConstraint(
                name="confirmation_request_expires_later", condition=Q(expires_at__gt=F("created_at"))
            ),
            models.CheckConstraint(
                name="confirmation_request_used_has_token",
                condition=Q(used_at__isnull=True) | ~Q(token_hash=""),
            ),
        ]
        indexes = [
            # subscribing.py: how many requests came for this address today.
            models.Index(fields=["subscriber", "created_at"], name="confirmation_per_subscriber"),
            # limits.py: how many came from this network within the hour.
            models.Index(
                fields=["network_hash", "created_at"], name="confirmation_per_network", condition=~Q(network_hash="")
            ),
            # limits.py: how many came from everywhere.
            models.Index(fields=["created_at"], name="confirmation_by_time"),
            # send_pending_confirmations: mails that were promised and not sent.
            models.Index(fields=["attempted_at"], name="confirmation_unsent", condition=Q(sent_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber} · {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()


class ConsentRecord(models.Model):
    """What a reader agreed to or ended, when, where and in which words. Rows are added, never changed.

    GDPR article 7(1): who keeps an address must be able to show the consent.
    """

    # Without one after erasure (erasing.py): the hash alone says then whose it was.
    subscriber = models.ForeignKey(
        Subscriber,
        models.PROTECT,
        verbose_name=_("subscriber"),
        null=True,
        blank=True,
        related_name="consent_records",
    )
    address_hash = models.CharField(_("fingerprint of the address"), max_length=HASH_LENGTH, editable=False)
    action = models.CharField(_("what happened"), max_length=16, choices=ConsentAction)
    # The name as it was then: lists are renamed.
    mailing_list_name = CleanCharField(_("mailing list"), max_length=80)
    wording = models.TextField(_("wording shown"))
    place = models.CharField(_("where"), max_length=20, choices=ConsentPlace)
    # Of the network only as much as tells a country from another: IPv4 /24, IPv6 /48.
    network = models.CharField(_("network"), max_length=45, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("consent record")
        verbose_name_plural = _("consent records")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="consent_action_known", condition=Q(action__in=ConsentAction.values)),
            models.CheckConstraint(name="consent_place_known", condition=Q(place__in=ConsentPlace.values)),
        ]
        indexes = [
            # growth of a list by day (statistics), also of those who were erased since.
            models.Index(fields=["mailing_list_name", "at"], name="consent_by_list"),
            models.Index(fields=["address_hash"], name="consent_by_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber} · {self.get_action_display()} · {self.mailing_list_name}"


class Suppression(models.Model):
    """An address that must not be mailed again: everywhere, or on one list. It outlives the subscriber."""

    address_hash = models.CharField(_("fingerprint of the address"), max_length=HASH_LENGTH, editable=False)
    mailing_list = models.ForeignKey(
        MailingList,
        models.CASCADE,
        verbose_name=_("mailing list"),
        null=True,
        blank=True,
        related_name="suppressions",
        help_text=_("Empty: no mail at all."),
    )
    reason = models.CharField(_("reason"), max_length=16, choices=SuppressionReason)
    note = CleanCharField(_("note"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("until"), null=True, blank=True)

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suppression")
        verbose_name_plural = _("suppressions")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["address_hash"],
                name="suppression_everywhere_unique",
                condition=Q(mailing_list__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["address_hash", "mailing_list"],
                name="suppression_of_list_unique",
                condition=Q(mailing_list__isnull=False),
            ),
            models.CheckConstraint(name="suppression_reason_known", condition=Q(reason__in=SuppressionReason.values)),
        ]
        indexes = [
            # suppressing.py: everything about one address; the unique indexes hold only a part each.
            models.Index(fields=["address_hash"], name="suppression_by_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.address_hash[:8]} · {self.get_reason_display()}"
