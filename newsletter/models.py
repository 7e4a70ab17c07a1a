import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsletter.addresses import MAX_LENGTH, mask, normalise, readable, validate_address
from newsletter.enums import ConsentAction, ConsentPlace, SubscriptionStatus
from newsletter.querysets import ConfirmationRequestQuerySet, MailingListQuerySet, SubscriptionQuerySet
from newsroom.lib.fields import CleanCharField, CleanTextField, KeyField, SlugFromField
from newsroom.lib.slugs import slugify


class MailingList(models.Model):
    """A newsletter that readers can ask for."""

    name = CleanCharField(_("name"), max_length=80)
    slug = SlugFromField(_("name in the address"), source="name", key=slugify)
    description = CleanTextField(_("description"), blank=True)
    cadence = CleanCharField(
        _("how often"), max_length=80, blank=True, help_text=_("In the reader's words: every day at seven.")
    )
    is_default = models.BooleanField(
        _("part of the sign-up box"),
        default=False,
        help_text=_("Who types an address into the box on the site asks for these lists."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = MailingListQuerySet.as_manager()

    class Meta:
        verbose_name = _("mailing list")
        verbose_name_plural = _("mailing lists")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["name"], name="mailing_list_name_unique"),
            models.UniqueConstraint(fields=["slug"], name="mailing_list_slug_unique"),
            models.CheckConstraint(name="mailing_list_slug_not_empty", condition=~Q(slug="")),
        ]

    def __str__(self) -> str:
        return self.name


class Subscriber(models.Model):
    """An e-mail address that somebody typed. It means nothing before a Subscription is confirmed."""

    email = models.CharField(_("e-mail"), max_length=MAX_LENGTH, validators=[validate_address])
    email_normal = KeyField(_("e-mail, normal form"), source="email", key=normalise, max_length=MAX_LENGTH)
    created_at = models.DateTimeField(_("first seen"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["email_normal"], name="subscriber_email_unique"),
            models.CheckConstraint(name="subscriber_email_has_at", condition=Q(email_normal__contains="@")),
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

    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

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

    # An address that somebody consented with is not deleted behind the record's back.
    subscriber = models.ForeignKey(
        Subscriber, models.PROTECT, verbose_name=_("subscriber"), related_name="consent_records"
    )
    action = models.CharField(_("what happened"), max_length=16, choices=ConsentAction)
    # The name as it was then: lists are renamed.
    mailing_list_name = CleanCharField(_("mailing list"), max_length=80)
    wording = models.TextField(_("wording shown"))
    place = models.CharField(_("where"), max_length=20, choices=ConsentPlace)
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("consent record")
        verbose_name_plural = _("consent records")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="consent_action_known", condition=Q(action__in=ConsentAction.values)),
            models.CheckConstraint(name="consent_place_known", condition=Q(place__in=ConsentPlace.values)),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber} · {self.get_action_display()} · {self.mailing_list_name}"
