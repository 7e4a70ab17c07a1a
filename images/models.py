from pathlib import PurePosixPath
from typing import Literal

from django.conf import settings
from django.core.files.storage import Storage
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from images.enums import ImageKind
from newsroom.lib.fields import CleanCharField, CleanTextField, KeyField
from newsroom.lib.names import words

Format = Literal["avif", "jpeg"]
SUFFIXES: dict[Format, str] = {"avif": ".avif", "jpeg": ".jpg"}


class Image(models.Model):
    """A picture, the words that belong to it and who may be named for it."""

    alt_text = CleanCharField(
        _("alternative text"),
        max_length=300,
        help_text=_("What the picture shows, for readers who cannot see it: one sentence."),
    )
    caption = CleanTextField(
        _("caption"),
        max_length=1000,
        blank=True,
        help_text=_("Printed under the picture: who, what, where, when."),
    )
    credit = CleanCharField(
        _("credit"),
        max_length=200,
        blank=True,
        help_text=_("Who made or owns the picture, as it is printed."),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=ImageKind, default=ImageKind.PHOTO)
    focal_x = models.FloatField(
        _("focal point from the left"),
        default=0.5,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text=_("From 0 (left edge) to 1 (right edge): what stays visible when the picture is cropped."),
    )
    focal_y = models.FloatField(
        _("focal point from the top"),
        default=0.5,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text=_("From 0 (top edge) to 1 (bottom edge)."),
    )

    source = models.ForeignKey(
        "articles.Source",
        models.PROTECT,
        verbose_name=_("source"),
        null=True,
        blank=True,
        related_name="images",
        help_text=_("The agency or outlet, when the picture is not by one of our own."),
    )
    author = models.ForeignKey(
        "articles.Author",
        models.PROTECT,
        verbose_name=_("author"),
        null=True,
        blank=True,
        related_name="images",
    )
    rights_note = CleanCharField(
        _("rights note"),
        max_length=300,
        blank=True,
        help_text=_("For the newsroom only: licence, period, limits."),
    )

    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("created by"),
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    # Not an ImageField: its form would open uploads with every decoder there is.
    file = models.FileField(_("file"), upload_to="images/%Y/%m", max_length=200)
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    sha256 = models.CharField(max_length=64, editable=False)  # of the bytes as they were uploaded
    renditions = models.JSONField(default=dict, editable=False)  # {"avif": [320, 640], "jpeg": [320, 640]}
    words_key = KeyField(source=("alt_text", "caption", "credit"), key=words, max_length=1000)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="image_focal_point_is_inside",
                condition=Q(focal_x__gte=0, focal_x__lte=1, focal_y__gte=0, focal_y__lte=1),
                violation_error_message=_("The focal point lies between 0 and 1."),
            ),
            models.UniqueConstraint(fields=["sha256"], name="image_sha256_unique"),
            models.CheckConstraint(name="image_has_a_size", condition=Q(width__gt=0, height__gt=0)),
            models.CheckConstraint(
                name="image_has_source_or_author",
                condition=Q(source__isnull=True) | Q(author__isnull=True),
                violation_error_message=_("A picture has a source or an author, not both."),
            ),
        ]
        indexes = [
            # The picture library: newest first.
            models.Index(F("created_at").desc(), F("id").desc(), name="image_newest_first"),
        ]

    def __str__(self) -> str:
        return self.alt_text or self.caption or PurePosixPath(self.file_name).name

    @property
    def storage(self) -> Storage:
        return self.file.storage

    @property
    def file_name(self) -> str:
        """Where the file is in the storage."""
        return self.file.name or ""

    def widths(self, fmt: Format) -> list[int]:
        """Return the widths (px) of the renditions that were made, smallest first."""
        made: list[int] = self.renditions.get(fmt, [])
        return made

    def rendition_name(self, width: int, fmt: Format) -> str:
        """Return the storage name of a rendition; it follows from the name of the file."""
        path = PurePosixPath(self.file_name)
        return str(path.with_name(f"{path.stem}-{width}{SUFFIXES[fmt]}"))

    def url(self, width: int, fmt: Format = "jpeg") -> str:
        """Return the address of the narrowest rendition of at least `width` px, else of the widest."""
        made = self.widths(fmt)
        if not made:
            return self.storage.url(self.file_name)
        fitting = next((size for size in made if size >= width), made[-1])
        return self.storage.url(self.rendition_name(fitting, fmt))

    def srcset(self, fmt: Format) -> str:
        """Return the value of a srcset attribute, '' when no rendition was made."""
        return ", ".join(f"{self.storage.url(self.rendition_name(width, fmt))} {width}w" for width in self.widths(fmt))

    @property
    def object_position(self) -> str:
        """The focal point as CSS writes it."""
        return f"{self.focal_x:.0%} {self.focal_y:.0%}"

    @property
    def focus_class(self) -> str:
        """The class in picture.css nearest to the focal point; the security policy forbids inline styles."""
        return f"focus-{round(self.focal_x * 4) * 25}-{round(self.focal_y * 4) * 25}"
