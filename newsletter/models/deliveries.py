from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsletter.enums import DeliveryState, EventKind, SkipReason
from newsletter.models.issues import Issue
from newsletter.models.people import Subscriber
from newsroom.lib.fields import CleanCharField


class Delivery(models.Model):
    """One issue to one subscriber: the only truth about who gets what. Queues and journals merely follow it.

    It holds no address: the one that the subscriber has when the message is made is the right one.
    """

    issue = models.ForeignKey(Issue, models.PROTECT, verbose_name=_("issue"), related_name="deliveries", db_index=False)
    # None once the subscriber was erased.
    subscriber = models.ForeignKey(
        Subscriber, models.SET_NULL, verbose_name=_("subscriber"), null=True, related_name="deliveries"
    )
    # What its unsubscribe link is about; no foreign key, since it is only ever read together with the subscriber.
    subscription_id = models.PositiveBigIntegerField(_("subscription"), editable=False)
    variant = models.CharField(_("variant"), max_length=1, default="a")
    domain = models.CharField(_("mail domain"), max_length=254)

    state = models.PositiveSmallIntegerField(_("state"), choices=DeliveryState, default=DeliveryState.PENDING)
    skip_reason = models.CharField(_("why it was skipped"), max_length=12, choices=SkipReason, blank=True)
    # The run of a sender that holds the row, and until when it may.
    owner = models.CharField(max_length=36, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True, blank=True)

    smtp_code = models.PositiveSmallIntegerField(_("code"), null=True, blank=True)
    enhanced_code = models.CharField(_("enhanced code"), max_length=12, blank=True)
    reply = models.CharField(_("reply of the mail server"), max_length=200, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-id"]
        default_permissions = ("view",)
        permissions = [("resolve_delivery", "Can decide about an uncertain delivery")]
        constraints = [
            models.UniqueConstraint(fields=["issue", "subscriber"], name="delivery_unique"),
            models.CheckConstraint(name="delivery_state_known", condition=Q(state__in=DeliveryState.values)),
            models.CheckConstraint(
                name="delivery_claimed_has_owner",
                condition=~Q(state=DeliveryState.CLAIMED) | (Q(lease_until__isnull=False) & ~Q(owner="")),
            ),
            models.CheckConstraint(
                name="delivery_sent_is_dated", condition=~Q(state=DeliveryState.SENT) | Q(sent_at__isnull=False)
            ),
        ]
        indexes = [
            # claiming.py: the next ones of an issue.
            models.Index(fields=["issue", "id"], name="delivery_pending", condition=Q(state=DeliveryState.PENDING)),
            # claiming.py: leases that ran out.
            models.Index(fields=["lease_until"], name="delivery_claimed", condition=Q(state=DeliveryState.CLAIMED)),
            # The operator's page: what a person has to look at.
            models.Index(
                fields=["issue", "state", "id"],
                name="delivery_to_look_at",
                condition=Q(state__in=[DeliveryState.FAILED, DeliveryState.UNCERTAIN]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issue_id} → {self.subscriber_id or '–'}"


class DeliveryEvent(models.Model):
    """What came back about a message: from the mail server, by mail, or from a provider. Added, never changed."""

    provider = models.CharField(_("reported by"), max_length=40)
    # Of the provider, or made from what it said: a report that comes twice is one row.
    provider_event_id = models.CharField(max_length=200)
    kind = models.CharField(_("what happened"), max_length=16, choices=EventKind)
    delivery = models.ForeignKey(
        Delivery, models.SET_NULL, verbose_name=_("delivery"), null=True, related_name="events"
    )
    # Known even when the message is not: complaints about old mail.
    address_hash = models.CharField(_("fingerprint of the address"), max_length=32, blank=True)
    domain = models.CharField(_("mail domain"), max_length=254, blank=True)
    at = models.DateTimeField(_("when"))
    detail = CleanCharField(_("what was said"), max_length=300, blank=True)
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    # Which link, for a click that is known by name.
    number = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("report about a message")
        verbose_name_plural = _("reports about messages")
        ordering = ["-id"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["provider", "provider_event_id"], name="delivery_event_once"),
            models.CheckConstraint(name="delivery_event_kind_known", condition=Q(kind__in=EventKind.values)),
        ]
        indexes = [
            # The complaint gauge and the bounces of the last weeks.
            models.Index(fields=["kind", "at"], name="delivery_event_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.at:%Y-%m-%d %H:%M}"


class RawReport(models.Model):
    """A report as it came, for seven days: what could not be understood can be read again."""

    provider = models.CharField(_("reported by"), max_length=40)
    body = models.TextField()
    error = models.CharField(_("what went wrong"), max_length=300, blank=True)
    received_at = models.DateTimeField(_("received"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("raw report")
        verbose_name_plural = _("raw reports")
        ordering = ["-id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.provider} · {self.received_at:%Y-%m-%d %H:%M}"


class SenderSlot(models.Model):
    """A place for one sender at an issue: as many work at it at once as there are places."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="sender_slots")
    number = models.PositiveSmallIntegerField()
    owner = models.CharField(max_length=36, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("place of a sender")
        verbose_name_plural = _("places of senders")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["issue", "number"], name="sender_slot_unique")]

    def __str__(self) -> str:
        return f"{self.issue_id}/{self.number}"


class RateBucket(models.Model):
    """What may still be sent at this moment to one mail server or one mail domain, for all senders together."""

    name = models.CharField(max_length=260, primary_key=True)
    tokens = models.FloatField(default=0)
    refilled_at = models.DateTimeField(default=timezone.now)
    # Of a domain that asked for a rest (4xx): nothing before.
    closed_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("limit of sending")
        verbose_name_plural = _("limits of sending")
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class SendingIdentity(models.Model):
    """Which site this database belongs to and how far it has come, so that a restored copy mails nobody again."""

    SINGLETON = 1

    site_url = models.CharField(max_length=200)
    # Grows with each claim and is noted outside the database too: a database that is behind was restored.
    generation = models.PositiveBigIntegerField(default=0)
    accepted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("identity of the sender")
        verbose_name_plural = _("identities of the sender")
        default_permissions = ()
        constraints = [models.CheckConstraint(name="sending_identity_is_one_row", condition=Q(id=1))]

    def __str__(self) -> str:
        return self.site_url


class SenderCheck(models.Model):
    """What the name servers said about a sender's domain when somebody last asked (SPF, DKIM, DMARC)."""

    domain = models.CharField(_("domain"), max_length=254, unique=True)
    checked_at = models.DateTimeField(_("checked at"), default=timezone.now)
    result = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("check of a sender's domain")
        verbose_name_plural = _("checks of senders' domains")
        default_permissions = ()

    def __str__(self) -> str:
        return self.domain
