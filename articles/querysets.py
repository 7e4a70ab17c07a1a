from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone

from articles.enums import BylineRole, Status
from newsroom.lib.keeping import depends_on
from newsroom.lib.prepared import Blank
from newsroom.lib.scopes import stories_of
from pages.public_time import public_now

if TYPE_CHECKING:
    from accounts.models import User
    from articles.models import Article, Author, Section, Tag  # noqa: F401 - Article is named in a string


# What a card shows (articles.cards): a page may have fifty, and a row has three times as many columns.
ON_CARDS = (
    *("headline", "promo_headline", "kicker", "standfirst", "slug", "origin", "published_at"),
    *("breaking_until", "coverage_started_at", "coverage_ended_at"),
    *("section__name", "section__slug", "section__color"),
    *("lead_image__alt_text", "lead_image__focal_x", "lead_image__focal_y", "lead_image__file"),
    *("lead_image__width", "lead_image__height", "lead_image__renditions"),
)
# The same of who wrote it.
WRITERS_ON_CARDS = ("article", "role", "position", "author__name", "author__slug", "author__gender")


class _Unindexed(models.Func):
    """A column that SQLite is to look for in no index (its documentation: "The SQLite Query Optimizer", unary plus).

    Nearly every row is due; for a short list it would take an index of publish_at and sort the whole archive.
    """

    arity = 1
    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return super().as_sql(compiler, connection, template="+%(expressions)s", **context)


class ArticleQuerySet(models.QuerySet["Article"]):
    """Questions about many articles. `published()` is the one gate to anything public."""

    # By which time and key a list is ordered: those of the article, or those of the rows that lead to it.
    order: tuple[str, str] = ("published_at", "id")

    def _clone(self) -> ArticleQuerySet:
        clone: ArticleQuerySet = super()._clone()  # type: ignore[misc] # django-stubs knows only what is public
        clone.order = self.order
        return clone

    def published(self, at: datetime | None = None) -> ArticleQuerySet:
        """What readers may see at `at` (default: now): approved, due, no working copy, not withdrawn."""
        due = LessThanOrEqual(_Unindexed(F("publish_at"), output_field=models.DateTimeField()), at or public_now())
        return self.filter(due, status=Status.APPROVED, working_copy_of__isnull=True)

    def stories(self) -> ArticleQuerySet:
        """One row a story: without the working copies of published ones."""
        return self.filter(working_copy_of__isnull=True)

    def working_copies(self) -> ArticleQuerySet:
        return self.filter(working_copy_of__isnull=False)

    def changes_due(self, at: datetime | None = None) -> ArticleQuerySet:
        """Working copies whose time has come, the oldest first; those that failed wait for a person."""
        due = self.working_copies().filter(status=Status.APPROVED, publish_at__lte=at or timezone.now())
        return due.filter(schedule_error="").order_by("publish_at", "id")

    def newest_first(self) -> ArticleQuerySet:
        moment, key = self.order
        return self.order_by(f"-{moment}", f"-{key}")

    def in_section(self, section: Section) -> ArticleQuerySet:
        depends_on(stories_of(type(section), section.pk))
        return self.filter(section=section)

    def tagged(self, tag: Tag) -> ArticleQuerySet:
        depends_on(stories_of(type(tag), tag.pk))
        return self.led_to("tagged_items", "content_object_id", tag=tag)

    def by_author(self, author: Author) -> ArticleQuerySet:
        """Each article once, also when the author has two roles in it."""
        depends_on(stories_of(type(author), author.pk))
        return self.led_to_by_bylines(author)

    def led_to_by_bylines(self, author: Author | Blank) -> ArticleQuerySet:
        found = self.led_to("bylines", "article_id", author=author)
        bylines: Any = self.model._meta.get_field("bylines").related_model
        earlier = bylines._default_manager.filter(
            author=author, article=OuterRef("listed_key"), pk__lt=OuterRef("listed_by")
        )
        return found.alias(listed_by=F("bylines__pk")).filter(~Exists(earlier))

    def led_to(self, relation: str, to: str, **by: models.Model | Blank) -> ArticleQuerySet:
        """What has ever been published of the stories that rows of `relation` lead to, in the order of those rows.

        One index has them in that order (PublishedAtField): of a tag with 16,000 stories as many are read as are shown.
        """
        rows = {f"{relation}__{name}": row for name, row in by.items()}
        led = self.filter(**rows, **{f"{relation}__published_at__isnull": False})
        annotated: Any = led.annotate(listed_at=F(f"{relation}__published_at"), listed_key=F(f"{relation}__{to}"))
        annotated.order = ("listed_at", "listed_key")
        return cast("ArticleQuerySet", annotated)

    def breaking(self, at: datetime | None = None) -> ArticleQuerySet:
        return self.filter(breaking_until__gt=at or public_now())

    def most_read(self) -> ArticleQuerySet:
        """What has a place in the list that articles.most_read makes, the first first."""
        return self._few_of("most_read").order_by("most_read__rank")

    def in_slots(self, at: datetime | None = None) -> ArticleQuerySet:
        """What an editor has put on the home page at `at`."""
        lasts = models.Q(ends_at__isnull=True) | models.Q(ends_at__gt=at or public_now())
        return self._few_of("front_slot", lasts)

    def _few_of(self, relation: str, *conditions: models.Q) -> ArticleQuerySet:
        """What a small table names. By keys: a join would have SQLite walk through all articles and look there."""
        related: Any = self.model._meta.get_field(relation).related_model
        rows: models.QuerySet = related._default_manager.filter(*conditions)
        return self.filter(pk__in=rows.order_by().values("article"))

    def published_between(self, start: datetime, end: datetime) -> ArticleQuerySet:
        """First published from `start` on and before `end`."""
        return self.filter(published_at__gte=start, published_at__lt=end)

    def withdrawn(self) -> ArticleQuerySet:
        """What readers have seen and no longer may; Article.was_published is the rule for one row."""
        return self.filter(status=Status.WITHDRAWN, published_at__lte=F("withdrawn_at"), working_copy_of__isnull=True)

    def any_of(self, parts: Sequence[ArticleQuerySet]) -> ArticleQuerySet:
        """Every article that is in one of `parts`, each once. Parts may be sliced; the answer is one query.

        Each part is wrapped once more, because SQLite allows no LIMIT inside a UNION.
        """
        first, *others = (self.filter(pk__in=part.values("pk")).order_by().values("pk") for part in parts)
        return self.filter(pk__in=first.union(*others))

    def for_links(self) -> ArticleQuerySet:
        """Fetch what a headline with a small picture shows: one query."""
        return self.select_related("section", "lead_image").defer("body")

    def for_cards(self) -> ArticleQuerySet:
        """Fetch what a card shows in two queries: articles with section and picture, and their writers.

        All else stays in the database; who asks a row for more asks a query for it.
        """
        shown = self.select_related("section", "lead_image").only(*ON_CARDS)
        return shown.prefetch_related(Prefetch("bylines", _writers(), to_attr="card_bylines"))

    def for_page(self) -> ArticleQuerySet:
        """Fetch what an article's own page shows in six queries."""
        from articles.models import Attribution, Byline, RelatedLink  # noqa: PLC0415 - models import this module

        return self.select_related("section", "lead_image__source", "lead_image__author").prefetch_related(
            Prefetch("bylines", Byline.objects.select_related("author__portrait")),
            Prefetch("attributions", Attribution.objects.select_related("source")),
            Prefetch("related_links", RelatedLink.objects.select_related("target").defer("target__body")),
            "tags",
            "corrections",
        )

    def for_feeds(self, *, full_text: bool) -> ArticleQuerySet:
        """Fetch what a feed tells of an article in five queries; with its text in six, for `feed_updates` too."""
        from articles.models import Attribution, Byline, LiveUpdate  # noqa: PLC0415 - models import this module

        told = self.select_related("section", "lead_image__source", "lead_image__author").prefetch_related(
            Prefetch("bylines", Byline.objects.select_related("author")),
            Prefetch("attributions", Attribution.objects.select_related("source")),
            "tags",
            "corrections",
        )
        if not full_text:
            return told
        updates = LiveUpdate.objects.newest()
        return told.prefetch_related(Prefetch("live_updates", updates, to_attr="feed_updates"))

    def visible_to(self, user: User) -> ArticleQuerySet:
        """What a member of staff may look at in the admin: everything, or one's own and what readers see."""
        if user.has_perm("articles.change_any_article"):
            return self
        if not user.has_perm("articles.view_article"):
            return self.none()
        own = models.Q(created_by=user) | models.Q(assigned_to=user)
        changes_of_own = models.Q(working_copy_of__created_by=user) | models.Q(working_copy_of__assigned_to=user)
        return self.published() | self.filter(own | changes_of_own)


def _writers() -> models.QuerySet:
    from articles.models import Byline  # noqa: PLC0415 - models import this module

    return Byline.objects.filter(role=BylineRole.WRITING).select_related("author").only(*WRITERS_ON_CARDS)
