from datetime import time

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from newsletter.addresses import MAX_LENGTH, validate_address
from newsletter.enums import DeliveryPolicy, DigestEvery, DigestMode, Tracking
from newsletter.querysets import MailingListQuerySet
from newsroom.lib.fields import CleanCharField, CleanTextField, SlugFromField
from newsroom.lib.slugs import slugify

WEEKDAYS = [
    (0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")),
    (4, _("Friday")), (5, _("Saturday")), (6, _("Sunday")),
]  # fmt: skip


class MailingList(models.Model):
    """A newsletter that readers can ask for: of the editors, or of one section."""

    name = CleanCharField(_("name"), max_length=80)
    slug = SlugFromField(_("name in the address"), source="name", key=slugify)
    description = CleanTextField(_("description"), blank=True)
    cadence = CleanCharField(
        _("how often"), max_length=80, blank=True, help_text=_("In the reader's words: every day at seven.")
    )
    section = models.ForeignKey(
        "articles.Section",
        models.SET_NULL,
        verbose_name=_("section"),
        null=True,
        blank=True,
        related_name="mailing_lists",
        help_text=_("Its articles are offered first, and the only ones in a digest. Empty: the whole site."),
    )
    is_offered = models.BooleanField(
        _("offered to readers"), default=True, help_text=_("Otherwise nobody can ask for it; who has it, keeps it.")
    )
    is_default = models.BooleanField(
        _("part of the sign-up box"),
        default=False,
        help_text=_("Who types an address into the box on the site asks for these lists."),
    )
    has_archive = models.BooleanField(
        _("public archive"), default=True, help_text=_("Issues that were sent can be read on the site.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    from_name = CleanCharField(
        _("name of the sender"), max_length=80, blank=True, help_text=_("Empty: the name of the site.")
    )
    from_email = models.CharField(
        _("address of the sender"),
        max_length=MAX_LENGTH,
        blank=True,
        validators=[validate_address],
        help_text=_("Empty: the address of all mail of the site."),
    )
    reply_to = models.CharField(_("answers go to"), max_length=MAX_LENGTH, blank=True, validators=[validate_address])
    policy = models.CharField(
        _("a message whose fate is unknown"),
        max_length=8,
        choices=DeliveryPolicy,
        default=DeliveryPolicy.RESEND,
    )
    tracking = models.CharField(_("opens and clicks"), max_length=12, choices=Tracking, default=Tracking.AGGREGATE)
    stale_after_hours = models.PositiveSmallIntegerField(
        _("hours until an issue is stale"),
        default=2,
        help_text=_("An issue that could not be sent for so long after its time waits for a person."),
    )

    digest_every = models.CharField(
        _("automatic digest"), max_length=8, choices=DigestEvery, blank=True, help_text=_("Empty: none.")
    )
    digest_weekday = models.PositiveSmallIntegerField(_("day of a weekly digest"), choices=WEEKDAYS, default=4)
    digest_at = models.TimeField(_("time of the digest"), default=time(7), help_text=_("On the clock of the site."))
    digest_mode = models.CharField(_("the digest is made"), max_length=8, choices=DigestMode, default=DigestMode.DRAFT)
    digest_minimum = models.PositiveSmallIntegerField(
        _("fewest articles in a digest"), default=3, help_text=_("With fewer there is no issue.")
    )
    digest_most = models.PositiveSmallIntegerField(_("most articles in a digest"), default=10)
    # The last time of its digest about which was decided: made, or too few articles.
    digested_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = MailingListQuerySet.as_manager()

    class Meta:
        verbose_name = _("mailing list")
        verbose_name_plural = _("mailing lists")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["name"], name="mailing_list_name_unique"),
            models.UniqueConstraint(fields=["slug"], name="mailing_list_slug_unique"),
            models.CheckConstraint(name="mailing_list_slug_not_empty", condition=~Q(slug="")),
            models.CheckConstraint(name="mailing_list_policy_known", condition=Q(policy__in=DeliveryPolicy.values)),
            models.CheckConstraint(name="mailing_list_tracking_known", condition=Q(tracking__in=Tracking.values)),
            models.CheckConstraint(
                name="mailing_list_digest_known", condition=Q(digest_every__in=["", *DigestEvery.values])
            ),
        ]

    def __str__(self) -> str:
        return self.name
