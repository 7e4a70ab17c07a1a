"""Who wrote it and where it came from."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.enums import Gender, SourceKind
from newsroom.lib.arabic import fold, sort_key
from newsroom.lib.fields import (
    AddressLinesField,
    CleanCharField,
    CleanTextField,
    CleanURLField,
    KeyField,
    NameField,
    SlugFromField,
)
from newsroom.lib.language_names import validate_languages
from newsroom.lib.routes import route
from newsroom.lib.slugs import slugify
from newsroom.lib.watched import WatchedModel
from newsroom.lib.web_addresses import WEB_ADDRESS, validate_address_lines

# Migrations know them by this module.
__all__ = ["WEB_ADDRESS", "Author", "Source", "validate_address_lines"]

_AUTHOR_ADDRESS = route("articles:author", "slug")
_SOURCE_ADDRESS = route("articles:source", "slug")


class Author(WatchedModel):
    """A person or a body credited with a story; may have no login."""

    name = NameField(_("name"), max_length=120)
    slug = SlugFromField(_("name in the address"), source="name", key=slugify)
    gender = models.CharField(_("grammatical gender"), max_length=8, choices=Gender, blank=True)
    job_title = CleanCharField(_("job title"), max_length=120, blank=True)
    biography = CleanTextField(_("biography"), blank=True)
    portrait = models.ForeignKey(
        "images.Image", models.SET_NULL, verbose_name=_("portrait"), null=True, blank=True, related_name="+"
    )
    email = models.EmailField(_("e-mail"), blank=True)
    languages = models.CharField(
        _("languages"),
        max_length=120,
        blank=True,
        validators=[validate_languages],
        help_text=_("Codes with a space between them, for example: ar en fr"),
    )
    social_links = AddressLinesField(
        _("social addresses"), blank=True, validators=[validate_address_lines], help_text=_("One address a line.")
    )

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("staff account"),
        null=True,
        blank=True,
        related_name="authors",
    )
    name_key = KeyField(source="name", key=fold)
    sort_key = KeyField(source="name", key=sort_key)

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering = ["sort_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["name_key"],
                name="author_name_unique",
                violation_error_message=_("An author of this name exists, perhaps spelled a little differently."),
            ),
            models.UniqueConstraint(fields=["slug"], name="author_slug_unique"),
            models.CheckConstraint(name="author_name_not_empty", condition=~Q(name_key="")),
            models.CheckConstraint(name="author_slug_not_empty", condition=~Q(slug="")),
        ]
        indexes = [
            # Lists of names and the search in them, which read no row beside it.
            models.Index(fields=["sort_key", "name_key", "id"], name="author_by_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return _AUTHOR_ADDRESS(self.slug)

    @property
    def initials(self) -> str:
        """The first letters of the first two words, for the place of a missing portrait."""
        return "".join(word[0] for word in self.name.split()[:2])

    @property
    def language_codes(self) -> list[str]:
        return self.languages.split()

    @property
    def social_addresses(self) -> list[str]:
        return self.social_links.split()


class Source(WatchedModel):
    """An agency, outlet or institution that a story came from."""

    name = NameField(_("name"), max_length=120)
    slug = SlugFromField(_("name in the address"), source="name", key=slugify)
    kind = models.CharField(_("kind"), max_length=16, choices=SourceKind, default=SourceKind.OUTLET)
    home_page = CleanURLField(_("home page"), max_length=500, blank=True, validators=[WEB_ADDRESS])
    note = CleanTextField(_("note"), blank=True, help_text=_("Shown on the page of the source."))
    republishing_note = CleanTextField(
        _("note on republishing"),
        blank=True,
        help_text=_("By what right and how its texts appear here. Empty means a general sentence."),
    )

    name_key = KeyField(source="name", key=fold)
    sort_key = KeyField(source="name", key=sort_key)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["sort_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["name_key"],
                name="source_name_unique",
                violation_error_message=_("A source of this name exists, perhaps spelled a little differently."),
            ),
            models.UniqueConstraint(fields=["slug"], name="source_slug_unique"),
            models.CheckConstraint(name="source_name_not_empty", condition=~Q(name_key="")),
            models.CheckConstraint(name="source_slug_not_empty", condition=~Q(slug="")),
            models.CheckConstraint(name="source_kind_known", condition=Q(kind__in=SourceKind.values)),
        ]
        indexes = [
            # Lists of names and the search in them, which read no row beside it.
            models.Index(fields=["sort_key", "name_key", "id"], name="source_by_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return _SOURCE_ADDRESS(self.slug)
