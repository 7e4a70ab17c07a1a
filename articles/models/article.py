"""One story and the rows that belong to it alone."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from articles.enums import BylineRole, ChangeKind, CorrectionKind, Origin, Status
from articles.models.people import WEB_ADDRESS, Author, Source
from articles.models.published_at import LeadsToStory, PublishedAtField
from articles.models.taxonomy import Section, Tag, TaggedArticle
from articles.querysets import ArticleQuerySet
from articles.tagging import FoldedTaggableManager
from articles.validators import validate_year
from newsroom.lib.arabic import fold
from newsroom.lib.fields import BodyField, CleanCharField, CleanTextField, CleanURLField, KeyField, SlugFromField
from newsroom.lib.routes import route
from newsroom.lib.scopes import CLOCK, CORRECTIONS, STORIES, stories_of
from newsroom.lib.slugs import slugify
from newsroom.lib.watched import WatchedModel, WatchedPart
from pages.public_time import public_now

_ADDRESS = route("articles:detail", 1, "slug")
_ADDRESS_WITHOUT_WORDS = route("articles:detail", 1)
_SHORT_ADDRESS = route("articles:short", 1)

PUBLIC = Q(status=Status.APPROVED, working_copy_of__isnull=True)


class Article(WatchedModel):  # type: ignore[django-manager-missing] # taggit carries no types
    """One story, from its first draft to its withdrawal."""

    headline = CleanCharField(_("headline"), max_length=200, blank=True)
    promo_headline = CleanCharField(
        _("short headline"), max_length=120, blank=True, help_text=_("For cards; empty means the headline.")
    )
    kicker = CleanCharField(_("kicker"), max_length=60, blank=True, help_text=_("Small line above the headline."))
    standfirst = CleanTextField(_("standfirst"), max_length=600, blank=True)
    slug = SlugFromField(_("name in the address"), source="headline", key=slugify)
    key_points = CleanTextField(
        _("key points"),
        max_length=600,
        blank=True,
        help_text=_("One a line, three at best: shown in a box above the text."),
    )
    body = BodyField(_("body"), blank=True)
    dateline = CleanCharField(_("dateline"), max_length=80, blank=True, help_text=_("The place that opens the story."))
    section = models.ForeignKey(
        "articles.Section", models.PROTECT, verbose_name=_("section"), null=True, blank=True, related_name="articles"
    )
    lead_image = models.ForeignKey(
        "images.Image", models.PROTECT, verbose_name=_("lead image"), null=True, blank=True, related_name="led_articles"
    )
    lead_caption = CleanCharField(
        _("caption of the lead image"),
        max_length=300,
        blank=True,
        help_text=_("Empty means the caption of the picture."),
    )
    without_picture = models.BooleanField(
        _("without a picture"), default=False, help_text=_("It is meant to have none: nobody asks for one.")
    )
    tags = TaggableManager(
        through=TaggedArticle,
        manager=FoldedTaggableManager,
        ordering=["sort_key", "pk"],
        blank=True,
        verbose_name=_("tags"),
    )
    authors = models.ManyToManyField(
        "articles.Author", through="articles.Byline", verbose_name=_("authors"), related_name="articles"
    )
    sources = models.ManyToManyField(
        "articles.Source", through="articles.Attribution", verbose_name=_("sources"), related_name="articles"
    )
    origin = models.CharField(_("origin"), max_length=16, choices=Origin, default=Origin.OWN)
    canonical_url = CleanURLField(
        _("canonical address"),
        max_length=500,
        blank=True,
        validators=[WEB_ADDRESS],
        help_text=_("Where the story first appeared, when that was elsewhere."),
    )

    publish_at = models.DateTimeField(_("publication time"), null=True, blank=True, validators=[validate_year])
    published_at = models.DateTimeField(_("first published"), null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(_("last change that a reader should know"), null=True, blank=True, editable=False)
    embargo_until = models.DateTimeField(_("embargo until"), null=True, blank=True, validators=[validate_year])
    breaking_until = models.DateTimeField(_("breaking until"), null=True, blank=True, validators=[validate_year])
    coverage_started_at = models.DateTimeField(_("live coverage began"), null=True, blank=True, editable=False)
    coverage_ended_at = models.DateTimeField(_("live coverage ended"), null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True, editable=False)
    withdrawal_note = CleanCharField(_("public reason of the withdrawal"), max_length=300, blank=True, editable=False)

    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("assigned to"),
        null=True,
        blank=True,
        related_name="assigned_articles",
        help_text=_("Who writes or finishes it. May edit it as if it were an own draft."),
    )
    deadline = models.DateTimeField(_("deadline"), null=True, blank=True, validators=[validate_year])
    planned_for = models.DateField(
        _("planned for"),
        null=True,
        blank=True,
        validators=[validate_year],
        help_text=_("The day that the desk has in mind. It publishes nothing."),
    )

    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.DRAFT, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("created by"),
        null=True,
        blank=True,
        editable=False,
        related_name="created_articles",
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    saved_at = models.DateTimeField(_("saved at"), auto_now=True)

    # No index of its own: SQLite would take it for "IS NULL", which is nearly every row (article_one_working_copy).
    working_copy_of = models.ForeignKey(
        "self",
        models.CASCADE,
        verbose_name=_("working copy of"),
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_index=False,
    )
    change_kind = models.CharField(
        _("This change is"), max_length=16, choices=ChangeKind, default=ChangeKind.WORDING, editable=False
    )
    # What readers will be told of the changes, for every kind that is more than a better wording.
    change_note = CleanTextField(_("public note"), max_length=1000, blank=True, editable=False)
    schedule_error = models.CharField(
        _("why the scheduled changes are not public"), max_length=300, blank=True, editable=False
    )
    import_ref = models.CharField(  # noqa: DJ001 - NULL, unlike '', may stand many times under a unique constraint
        _("import reference"),
        max_length=80,
        null=True,
        blank=True,
        editable=False,
        help_text=_("Fingerprint of the folded headline and first paragraph of an imported text."),
    )
    form_key = models.CharField(  # noqa: DJ001 - NULL, unlike '', may stand many times under a unique constraint
        _("key of the form it was made with"),
        max_length=60,
        null=True,
        blank=True,
        editable=False,
        help_text=_("A form that is sent twice makes one article."),
    )
    # Of its newest revision. A story and its working copy count together: articles.revisions.
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)
    headline_key = KeyField(source="headline", key=fold, db_index=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-published_at", "-id"]
        permissions = [
            ("change_any_article", _("Can edit articles of others")),
            ("publish_article", _("Can approve, publish, correct and withdraw articles")),
            ("import_article", _("Can import texts as drafts")),
            ("override_checks", _("Can publish against the house style, with a reason")),
            ("arrange_front", _("Can arrange the home page")),
        ]
        indexes = [
            # Home, archive, feeds: newest public articles.
            models.Index(F("published_at").desc(), F("id").desc(), name="article_public", condition=PUBLIC),
            # A section's page.
            models.Index(
                F("section"), F("published_at").desc(), F("id").desc(), name="article_public_section", condition=PUBLIC
            ),
            # The admin's filters by state, one index each. Never one that begins with the status: SQLite, which does
            # not know that nearly every row is approved, takes it for every page of the site and sorts what it finds.
            *(
                models.Index(F("saved_at").desc(), F("id").desc(), name=f"article_{status}", condition=Q(status=status))
                for status in ("draft", "in_review", "withdrawn")
            ),
            models.Index(
                F("saved_at").desc(),
                F("id").desc(),
                name="article_approved_untimed",
                condition=Q(status=Status.APPROVED, publish_at__isnull=True),
            ),
            # The admin's list: one row a story, the last saved first.
            models.Index(
                F("saved_at").desc(),
                F("id").desc(),
                F("headline_key"),  # a search for words that nobody wrote reads this index and no row
                name="article_saved",
                condition=Q(working_copy_of__isnull=True),
            ),
            # The same with a filter that leaves many.
            models.Index(
                F("section"),
                F("saved_at").desc(),
                F("id").desc(),
                name="article_section_saved",
                condition=Q(working_copy_of__isnull=True),
            ),
            models.Index(
                F("origin"),
                F("saved_at").desc(),
                F("id").desc(),
                name="article_origin_saved",
                condition=Q(working_copy_of__isnull=True),
            ),
            # The tick of every minute: changes whose time has come.
            models.Index(
                fields=["publish_at"],
                name="article_changes_due",
                condition=Q(working_copy_of__isnull=False, status=Status.APPROVED),
            ),
            # The home page: what may lead it, and its opinions. Without them one kind of story is looked for among all.
            models.Index(
                F("published_at").desc(),
                F("id").desc(),
                name="article_public_pictured",
                condition=PUBLIC & Q(lead_image__isnull=False),
            ),
            models.Index(
                F("published_at").desc(),
                F("id").desc(),
                name="article_public_opinion",
                condition=PUBLIC & Q(origin=Origin.OPINION),
            ),
            # The strip of the home page, and when it last became shorter.
            models.Index(fields=["breaking_until"], name="article_breaking", condition=Q(breaking_until__isnull=False)),
            # The calendar: what is planned for which day.
            models.Index(fields=["planned_for"], name="article_planned", condition=Q(planned_for__isnull=False)),
            # The dashboard: what is late.
            models.Index(fields=["status", "deadline"], name="article_deadline", condition=Q(deadline__isnull=False)),
            # The dashboard: what is scheduled today.
            models.Index(
                fields=["publish_at"],
                name="article_approved_publish_at",
                condition=Q(status=Status.APPROVED, publish_at__isnull=False),
            ),
            # The dashboard: drafts whose date has passed. The condition is that of the query (articles.work), word
            # for word, so that no other query takes it.
            models.Index(
                fields=["status", "publish_at"],
                name="article_date_passed",
                condition=Q(publish_at__gt=F("created_at")),
            ),
        ]
        constraints = [
            models.CheckConstraint(name="article_status_known", condition=Q(status__in=Status.values)),
            models.CheckConstraint(name="article_origin_known", condition=Q(origin__in=Origin.values)),
            models.CheckConstraint(name="article_change_kind_known", condition=Q(change_kind__in=ChangeKind.values)),
            models.CheckConstraint(
                name="article_approved_is_complete",
                condition=~Q(status=Status.APPROVED) | (~Q(headline="") & Q(section__isnull=False)),
            ),
            models.CheckConstraint(
                name="article_public_has_first_time",
                condition=Q(working_copy_of__isnull=False)
                | ~Q(status=Status.APPROVED, publish_at__isnull=False, published_at__isnull=True),
            ),
            models.CheckConstraint(
                name="article_waits_for_embargo",
                condition=~Q(status=Status.APPROVED)
                | Q(embargo_until__isnull=True)
                | Q(publish_at__isnull=True)
                | Q(publish_at__gte=F("embargo_until")),
                violation_error_message=_("The publication time is before the end of the embargo."),
            ),
            models.CheckConstraint(
                name="article_withdrawn_has_time",
                condition=~Q(status=Status.WITHDRAWN) | Q(withdrawn_at__isnull=False),
            ),
            models.CheckConstraint(
                name="article_working_copy_never_public",
                condition=Q(working_copy_of__isnull=True)
                | Q(
                    status__in=[Status.DRAFT, Status.IN_REVIEW, Status.APPROVED],
                    published_at__isnull=True,
                    withdrawn_at__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="article_working_copy_of_another",
                condition=Q(working_copy_of__isnull=True) | ~Q(working_copy_of=F("id")),
            ),
            models.CheckConstraint(
                name="article_coverage_ends_after_it_began",
                condition=Q(coverage_ended_at__isnull=True) | Q(coverage_ended_at__gte=F("coverage_started_at")),
            ),
            models.UniqueConstraint(
                fields=["working_copy_of"],
                name="article_one_working_copy",
                condition=Q(working_copy_of__isnull=False),
            ),
            models.UniqueConstraint(fields=["import_ref"], name="article_import_ref_unique"),
            models.UniqueConstraint(fields=["form_key"], name="article_form_key_unique"),
        ]

    def __str__(self) -> str:
        return self.headline or str(_("without headline (%(id)s)") % {"id": self.pk})

    def get_absolute_url(self) -> str:
        return _ADDRESS(self.pk, self.slug) if self.slug else _ADDRESS_WITHOUT_WORDS(self.pk)

    def get_short_url(self) -> str:
        return _SHORT_ADDRESS(self.pk)

    def changed_scopes(self) -> Iterator[str]:
        """Also the lists that a public story stands in, stood in, or will stand in when its time comes."""
        yield self.own_scope
        if self.published_at is None:
            return
        yield from (STORIES, CLOCK, stories_of(Section, self.section_id))
        for model, rows in (
            (Tag, self.tagged_items.values_list("tag", flat=True)),
            (Author, self.bylines.values_list("author", flat=True)),
            (Source, self.attributions.values_list("source", flat=True)),
        ):
            yield from (stories_of(model, key) for key in rows)

    @property
    def card_headline(self) -> str:
        return self.promo_headline or self.headline

    # Of a row in memory that is looked at before readers see it (articles.previews): its date is not the readers'.
    is_date_assumed = False

    @property
    def caption(self) -> str:
        """What stands under the lead picture."""
        return self.lead_caption or (self.lead_image.caption if self.lead_image else "")

    @property
    def is_working_copy(self) -> bool:
        return self.working_copy_of_id is not None

    @property
    def story(self) -> "Article":
        """The row that readers know: of a working copy the one it changes, else itself."""
        return self.working_copy_of or self

    def is_published_at(self, moment: datetime) -> bool:
        """The rule of ArticleQuerySet.published for one row."""
        return (
            self.status == Status.APPROVED
            and self.working_copy_of_id is None
            and self.publish_at is not None
            and self.publish_at <= moment
        )

    @property
    def is_published(self) -> bool:
        return self.is_published_at(public_now())

    @property
    def is_scheduled(self) -> bool:
        """It has its time. Of a working copy also when that time has passed and the tick has not come by yet."""
        return self.status == Status.APPROVED and self.publish_at is not None and not self.is_published

    @property
    def was_published(self) -> bool:
        """Readers have seen it: an address that once answered says "withdrawn", not "unknown"."""
        return self.published_at is not None and self.published_at <= (self.withdrawn_at or public_now())

    def is_breaking_at(self, moment: datetime) -> bool:
        """The rule of ArticleQuerySet.breaking for one row."""
        return self.breaking_until is not None and self.breaking_until > moment

    @property
    def is_breaking(self) -> bool:
        return self.is_breaking_at(public_now())

    @property
    def is_coverage(self) -> bool:
        """It has live updates, whether it still goes on or not."""
        return self.coverage_started_at is not None

    @property
    def is_live(self) -> bool:
        return self.coverage_started_at is not None and self.coverage_ended_at is None

    @property
    def points(self) -> list[str]:
        return list(filter(None, map(str.strip, self.key_points.splitlines())))

    @property
    def is_opinion(self) -> bool:
        return self.origin == Origin.OPINION

    @property
    def shows_update(self) -> bool:
        """An update within a minute of publication tells the reader nothing."""
        if self.updated_at is None or self.published_at is None:
            return False
        return (self.updated_at - self.published_at).total_seconds() >= 60


class Byline(LeadsToStory):
    """An author's part in a story."""

    of = "author"

    article = models.ForeignKey(Article, models.CASCADE, verbose_name=_("article"), related_name="bylines")
    author = models.ForeignKey("articles.Author", models.PROTECT, verbose_name=_("author"), related_name="bylines")
    role = models.CharField(_("role"), max_length=16, choices=BylineRole, default=BylineRole.WRITING)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    published_at = PublishedAtField(source="article")

    class Meta:
        verbose_name = _("byline")
        verbose_name_plural = _("bylines")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "author", "role"],
                name="byline_once",
                violation_error_message=_("This author already has this role here."),
            ),
            models.CheckConstraint(name="byline_role_known", condition=Q(role__in=BylineRole.values)),
        ]
        indexes = [
            # The author's page.
            models.Index(
                F("author"),
                F("published_at").desc(),
                F("article").desc(),
                name="byline_newest",
                condition=Q(published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author} ({self.get_role_display()})"


class Attribution(LeadsToStory):
    """A source of a story, as the story prints it."""

    of = "source"

    article = models.ForeignKey(Article, models.CASCADE, verbose_name=_("article"), related_name="attributions")
    source = models.ForeignKey("articles.Source", models.PROTECT, verbose_name=_("source"), related_name="attributions")
    url = CleanURLField(_("address of the original"), max_length=500, blank=True, validators=[WEB_ADDRESS])
    printed_as = CleanCharField(
        _("printed words"), max_length=120, blank=True, help_text=_("Empty means the name of the source.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    published_at = PublishedAtField(source="article")

    class Meta:
        verbose_name = _("attribution")
        verbose_name_plural = _("attributions")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "source"],
                name="attribution_once",
                violation_error_message=_("This source is already named here."),
            ),
        ]
        indexes = [
            # The source's page.
            models.Index(
                F("source"),
                F("published_at").desc(),
                F("article").desc(),
                name="attribution_newest",
                condition=Q(published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.printed_as or self.source.name


class PictureUse(models.Model):
    """A picture in the text of an article, written whenever the text is (articles.picture_uses)."""

    article = models.ForeignKey(Article, models.CASCADE, verbose_name=_("article"), related_name="picture_uses")
    image = models.ForeignKey("images.Image", models.PROTECT, verbose_name=_("picture"), related_name="picture_uses")

    class Meta:
        verbose_name = _("picture in a text")
        verbose_name_plural = _("pictures in texts")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["article", "image"], name="picture_use_once")]

    def __str__(self) -> str:
        return f"{self.image_id}"


class RelatedLink(WatchedPart):
    """ "Read also": an article of ours, an address elsewhere, or a title whose address is not known yet."""

    article = models.ForeignKey(Article, models.CASCADE, verbose_name=_("article"), related_name="related_links")
    target = models.ForeignKey(
        Article, models.CASCADE, verbose_name=_("our article"), null=True, blank=True, related_name="+"
    )
    url = CleanURLField(_("address elsewhere"), max_length=500, blank=True, validators=[WEB_ADDRESS])
    title = CleanCharField(
        _("title"), max_length=300, blank=True, help_text=_("Empty means the headline of our article.")
    )
    after_block = models.PositiveSmallIntegerField(
        _("place in the body"),
        null=True,
        blank=True,
        help_text=_("After so many paragraphs and other blocks; empty means below the article."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("related link")
        verbose_name_plural = _("related links")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="related_link_one_target",
                condition=Q(target__isnull=True) | Q(url=""),
                violation_error_message=_("Choose an article or type an address, not both."),
            ),
            models.CheckConstraint(
                name="related_link_says_something",
                condition=Q(target__isnull=False) | ~Q(title=""),
                violation_error_message=_("Give the link a title."),
            ),
            models.CheckConstraint(
                name="related_link_not_to_itself",
                condition=Q(target__isnull=True) | ~Q(target=F("article")),
                violation_error_message=_("An article cannot be related to itself."),
            ),
        ]

    def __str__(self) -> str:
        # Never the headline of the target: whoever reads this row may not be allowed to see that one.
        return self.title or self.url or f"#{self.target_id}"


class Correction(WatchedPart):
    """A public note about something that an article had wrong."""

    article = models.ForeignKey(Article, models.CASCADE, verbose_name=_("article"), related_name="corrections")
    kind = models.CharField(_("kind"), max_length=16, choices=CorrectionKind, default=CorrectionKind.CORRECTION)
    note = CleanTextField(_("public note"), max_length=1000)
    at = models.DateTimeField(_("time"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("by"), null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-at", "-id"]
        indexes = [
            # The page of all corrections.
            models.Index(F("at").desc(), F("id").desc(), name="correction_newest_first"),
            # Those of one kind.
            models.Index(F("kind"), F("at").desc(), F("id").desc(), name="correction_kind_newest"),
        ]
        constraints = [
            models.CheckConstraint(name="correction_kind_known", condition=Q(kind__in=CorrectionKind.values)),
            models.CheckConstraint(name="correction_note_not_empty", condition=~Q(note="")),
        ]

    def __str__(self) -> str:
        return self.note

    def changed_scopes(self) -> list[str]:
        return [self.own_scope, CORRECTIONS]
