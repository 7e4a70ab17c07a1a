from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsletter.enums import DeliveryPolicy, IssueKind, IssueState, ItemKind, Tracking
from newsletter.models.lists import MailingList
from newsletter.querysets import IssueQuerySet
from newsroom.lib.fields import CleanCharField, CleanTextField


class Issue(models.Model):
    """One sending of a mailing list."""

    mailing_list = models.ForeignKey(MailingList, models.PROTECT, verbose_name=_("mailing list"), related_name="issues")
    kind = models.CharField(_("kind"), max_length=12, choices=IssueKind, default=IssueKind.EDITION, editable=False)
    # Not by hand: lifecycle.py alone, each change a compare-and-set.
    state = models.CharField(_("state"), max_length=12, choices=IssueState, default=IssueState.DRAFT, editable=False)

    subject = CleanCharField(_("subject"), max_length=150)
    subject_b = CleanCharField(
        _("second subject"),
        max_length=150,
        blank=True,
        help_text=_("Half of the readers get it; the statistics say which was opened more."),
    )
    preheader = CleanCharField(
        _("preheader"), max_length=150, blank=True, help_text=_("What stands beside the subject in the list of mails.")
    )

    send_at = models.DateTimeField(_("time of sending"), null=True, blank=True)
    policy = models.CharField(
        _("a message whose fate is unknown"), max_length=8, choices=DeliveryPolicy, default=DeliveryPolicy.RESEND
    )
    tracking = models.CharField(_("opens and clicks"), max_length=12, choices=Tracking, default=Tracking.AGGREGATE)

    # A breaking or correcting issue is about it.
    article = models.ForeignKey(
        "articles.Article",
        models.SET_NULL,
        verbose_name=_("article"),
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    # A correction goes to those who got this one.
    corrects = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("corrects"),
        null=True,
        blank=True,
        related_name="corrections",
        editable=False,
    )
    # "<list id>:<first local day of the period>": of two clocks one makes the digest.
    digest_key = models.CharField(max_length=40, null=True, blank=True, editable=False)  # noqa: DJ001 - unique when set

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("by"), null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)
    # Counts the saves, so that of two editors none overwrites the other unseen.
    version = models.PositiveIntegerField(default=1, editable=False)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("sent by"),
        null=True,
        related_name="+",
        editable=False,
    )

    compiled_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Who had confirmed by then is a candidate.
    snapshot_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The last subscription that preparing has looked at.
    frozen_through = models.PositiveBigIntegerField(default=0, editable=False)
    frozen_at = models.DateTimeField(null=True, blank=True, editable=False)
    started_at = models.DateTimeField(_("started"), null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True, editable=False)
    paused_reason = models.CharField(_("why it is paused"), max_length=300, blank=True, editable=False)

    # candidates = sent + failed + skipped + uncertain + excluded, once it is finished.
    candidate_count = models.PositiveIntegerField(_("candidates"), default=0, editable=False)
    # Reason → number: those who were on the list and for whom no delivery was made (SkipReason).
    excluded_counts = models.JSONField(_("excluded"), default=dict, blank=True, editable=False)
    sent_count = models.PositiveIntegerField(_("sent"), default=0, editable=False)
    failed_count = models.PositiveIntegerField(_("failed"), default=0, editable=False)
    skipped_count = models.PositiveIntegerField(_("skipped"), default=0, editable=False)
    uncertain_count = models.PositiveIntegerField(_("uncertain"), default=0, editable=False)

    objects = IssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("issue")
        verbose_name_plural = _("issues")
        ordering = ["-id"]
        permissions = [("send_issue", "Can send an issue to its readers")]
        constraints = [
            models.CheckConstraint(name="issue_state_known", condition=Q(state__in=IssueState.values)),
            models.CheckConstraint(name="issue_kind_known", condition=Q(kind__in=IssueKind.values)),
            models.CheckConstraint(name="issue_policy_known", condition=Q(policy__in=DeliveryPolicy.values)),
            models.CheckConstraint(name="issue_tracking_known", condition=Q(tracking__in=Tracking.values)),
            models.CheckConstraint(
                name="issue_scheduled_has_time", condition=~Q(state=IssueState.SCHEDULED) | Q(send_at__isnull=False)
            ),
            models.CheckConstraint(
                name="issue_sending_is_compiled",
                condition=~Q(state__in=[IssueState.PREPARING, IssueState.SENDING, IssueState.FINISHED])
                | Q(compiled_at__isnull=False, snapshot_at__isnull=False),
            ),
            models.CheckConstraint(
                name="issue_finished_is_dated", condition=~Q(state=IssueState.FINISHED) | Q(finished_at__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["digest_key"], name="issue_digest_unique", condition=Q(digest_key__isnull=False)
            ),
        ]
        indexes = [
            # lifecycle.py and the tick: what there is to do.
            models.Index(
                fields=["state", "send_at"],
                name="issue_at_work",
                condition=Q(state__in=[IssueState.SCHEDULED, IssueState.PREPARING, IssueState.SENDING]),
            ),
            # The public archive of a list.
            models.Index(
                fields=["mailing_list", "-started_at", "-id"],
                name="issue_in_archive",
                condition=Q(state__in=[IssueState.SENDING, IssueState.PAUSED, IssueState.FINISHED]),
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("newsletter:issue", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.state == IssueState.DRAFT

    @property
    def variants(self) -> tuple[str, ...]:
        return ("a", "b") if self.subject_b else ("a",)

    @property
    def excluded_count(self) -> int:
        return sum(self.excluded_counts.values())


class IssueItem(models.Model):
    """An article in an issue with the words it has there, or a text of its own.

    Once the issue is compiled it says what readers were sent; the article may change, this does not.
    """

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    kind = models.CharField(_("kind"), max_length=8, choices=ItemKind, default=ItemKind.ARTICLE)
    article = models.ForeignKey(
        "articles.Article", models.SET_NULL, verbose_name=_("article"), null=True, blank=True, related_name="+"
    )
    # Empty: those of the article; filled for good when the issue is compiled.
    headline = CleanCharField(_("headline in the mail"), max_length=200, blank=True)
    summary = CleanTextField(_("summary in the mail"), blank=True)
    # Filled when the issue is compiled.
    url = models.CharField(max_length=500, blank=True, editable=False)
    image_url = models.CharField(max_length=500, blank=True, editable=False)
    image_alt = models.CharField(max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = _("item of an issue")
        verbose_name_plural = _("items of an issue")
        ordering = ["position", "id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "article"], name="issue_item_article_once", condition=Q(article__isnull=False)
            ),
            models.CheckConstraint(name="issue_item_kind_known", condition=Q(kind__in=ItemKind.values)),
            models.CheckConstraint(
                name="issue_item_text_has_words",
                condition=~Q(kind=ItemKind.TEXT) | (Q(article__isnull=True) & ~Q(summary="")),
            ),
        ]

    def __str__(self) -> str:
        return self.headline or str(self.article or self.pk)


class CompiledMail(models.Model):
    """The mail of an issue as it leaves: fixed pieces with few places to fill (assembling.py). Never changed."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="compiled_mails")
    variant = models.CharField(max_length=1, default="a")
    # {"headers": [...], "html": [...], "text": [...]}: pieces and names of slots by turns; compiling.py says more.
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    html_size = models.PositiveIntegerField(_("bytes of HTML"))
    compiled_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("compiled mail")
        verbose_name_plural = _("compiled mails")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["issue", "variant"], name="compiled_mail_unique"),
            models.CheckConstraint(name="compiled_mail_variant_known", condition=Q(variant__in=["a", "b"])),
        ]

    def __str__(self) -> str:
        return f"{self.issue_id} {self.variant}"


class LinkTarget(models.Model):
    """Where a counted link of an issue leads. Only what stands here is ever redirected to."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="link_targets")
    number = models.PositiveSmallIntegerField()
    url = models.CharField(max_length=500)

    class Meta:
        verbose_name = _("counted link")
        verbose_name_plural = _("counted links")
        ordering = ["number"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["issue", "number"], name="link_target_unique")]

    def __str__(self) -> str:
        return self.url


class HitCount(models.Model):
    """How often an issue was opened (number 0) or one of its links followed, in one hour. Nobody's name."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="hit_counts")
    variant = models.CharField(max_length=1, default="a")
    number = models.PositiveSmallIntegerField()
    hour = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("count of opens and clicks")
        verbose_name_plural = _("counts of opens and clicks")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["issue", "variant", "number", "hour"], name="hit_count_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.issue_id}/{self.number}: {self.count}"
