"""Where a story belongs: sections and tags."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from taggit.models import ItemBase, TagBase

from articles.enums import SectionColor
from articles.models.published_at import LeadsToStory, PublishedAtField
from newsroom.lib.arabic import fold, sort_key
from newsroom.lib.fields import CleanCharField, CleanTextField, KeyField, NameField, SlugFromField, clean_copy
from newsroom.lib.routes import route
from newsroom.lib.scopes import SITE
from newsroom.lib.slugs import slugify
from newsroom.lib.watched import WatchedModel

_SECTION_ADDRESS = route("articles:section", "slug")
_TAG_ADDRESS = route("articles:tag", "slug")


class Section(WatchedModel):
    """A department of the newspaper; every published story stands in exactly one."""

    name = NameField(_("name"), max_length=60)
    slug = SlugFromField(_("name in the address"), source="name", key=slugify)
    description = CleanTextField(_("description"), blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    color = models.CharField(_("colour"), max_length=16, choices=SectionColor, default=SectionColor.TEAL)

    name_key = KeyField(source="name", key=fold)
    sort_key = KeyField(source="name", key=sort_key)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["position", "sort_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["name_key"],
                name="section_name_unique",
                violation_error_message=_("A section of this name exists, perhaps spelled a little differently."),
            ),
            models.CheckConstraint(name="section_name_not_empty", condition=~Q(name_key="")),
            models.UniqueConstraint(fields=["slug"], name="section_slug_unique"),
            models.CheckConstraint(name="section_slug_not_empty", condition=~Q(slug="")),
            models.CheckConstraint(name="section_color_known", condition=Q(color__in=SectionColor.values)),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return _SECTION_ADDRESS(self.slug)

    def changed_scopes(self) -> list[str]:
        return [self.own_scope, SITE]


class Tag(WatchedModel, TagBase):  # type: ignore[django-manager-missing] # taggit carries no types
    """A subject that stories share. Two spellings of one word are one tag (name_key, TagAlias)."""

    name = clean_copy(TagBase, "name")
    description = CleanTextField(_("description"), blank=True)
    name_key = KeyField(source="name", key=fold)
    sort_key = KeyField(source="name", key=sort_key)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["sort_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["name_key"],
                name="tag_name_unique",
                violation_error_message=_("This tag exists, perhaps spelled a little differently."),
            ),
            models.CheckConstraint(name="tag_name_not_empty", condition=~Q(name_key="")),
            models.CheckConstraint(name="tag_slug_not_empty", condition=~Q(slug="")),
        ]
        indexes = [
            # Lists of names and the search in them, which read no row beside it.
            models.Index(fields=["sort_key", "name_key", "id"], name="tag_by_name"),
        ]

    def get_absolute_url(self) -> str:
        return _TAG_ADDRESS(self.slug)

    def slugify(self, tag: str, i: int | None = None) -> str:
        """Our own slug: Django's keeps tatweel and glues words together."""
        slug = slugify(tag)
        return f"{slug}-{i}" if i is not None else slug


class TagAlias(models.Model):
    """Another word for a tag: سورية for سوريا."""

    tag = models.ForeignKey(Tag, models.CASCADE, verbose_name=_("tag"), related_name="aliases")
    name = CleanCharField(_("name"), max_length=100)
    name_key = KeyField(source="name", key=fold)
    sort_key = KeyField(source="name", key=sort_key)

    class Meta:
        verbose_name = _("tag alias")
        verbose_name_plural = _("tag aliases")
        ordering = ["sort_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["name_key"],
                name="tag_alias_name_unique",
                violation_error_message=_("This alias exists already."),
            ),
            models.CheckConstraint(name="tag_alias_name_not_empty", condition=~Q(name_key="")),
        ]

    def __str__(self) -> str:
        return self.name


class TaggedArticle(LeadsToStory, ItemBase):  # type: ignore[django-manager-missing] # taggit carries no types
    """A tag on an article."""

    whole, of = "content_object", "tag"

    content_object = models.ForeignKey("articles.Article", models.CASCADE, related_name="tagged_items")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="tagged_articles")
    published_at = PublishedAtField(source="content_object")

    class Meta:
        verbose_name = _("tag on an article")
        verbose_name_plural = _("tags on articles")
        constraints = [
            models.UniqueConstraint(fields=["content_object", "tag"], name="tagged_article_once"),
        ]
        indexes = [
            # The last stories of a tag, read from here alone.
            models.Index(fields=["tag", "-content_object"], name="tagged_article_lately"),
            # The tag's page, however many stories it has.
            models.Index(
                F("tag"),
                F("published_at").desc(),
                F("content_object").desc(),
                name="tagged_article_newest",
                condition=Q(published_at__isnull=False),
            ),
        ]
