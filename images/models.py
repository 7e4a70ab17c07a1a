import re
from collections.abc import Callable, Sequence
from os.path import splitext
from pathlib import PurePosixPath
from typing import Literal

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from images.enums import ImageKind
from images.querysets import ImageQuerySet
from newsroom.lib.fields import CleanCharField, CleanTextField, KeyField
from newsroom.lib.names import words
from newsroom.lib.watched import WatchedModel

Format = Literal["avif", "jpeg"]
# Says where a rendition is by its width (px).
Address = Callable[[int, Format], str]
SUFFIXES: dict[Format, str] = {"avif": ".avif", "jpeg": ".jpg"}
# The shapes that search engines and networks ask for.
Shape = Literal["16x9", "4x3", "1x1"]
SHAPES: dict[Shape, float] = {"16x9": 16 / 9, "4x3": 4 / 3, "1x1": 1.0}
CROP_WIDTH = 1200  # px
# A name that stands in an address as it is; ours are all made so (images.storing).
_PLAIN_NAME = re.compile(r"[\w-]+(?:/[\w-]+)*(?:\.\w+)?", re.ASCII)


def fitting_widths(made: Sequence[int], between: tuple[int, int]) -> Sequence[int]:
    """Of the widths (px) that were made, smallest first, those that a place can use; where there is none the nearest.

    `between` are the narrowest and the widest that it can use.
    """
    narrowest, widest = between
    fitting = [width for width in made if narrowest <= width <= widest]
    return fitting or [width for width in made if width < narrowest][-1:] or made[:1]


def width_for(made: Sequence[int], width: int) -> int:
    """The narrowest of the widths (px) that were made, smallest first, that is at least `width`, else the widest."""
    return next((size for size in made if size >= width), made[-1])


class Image(WatchedModel):
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
    keywords = CleanCharField(
        _("search words"), max_length=300, blank=True, help_text=_("For the library only: what else to find it by.")
    )
    taken_on = models.DateField(_("taken on"), null=True, blank=True)
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

    rights_until = models.DateField(
        _("rights end on"),
        null=True,
        blank=True,
        help_text=_("The last day on which it may be shown; empty means without end."),
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
    # {"16x9": {"focus": "36-45", "width": 1200, "height": 675}, ...}
    crops = models.JSONField(default=dict, editable=False)
    # Difference hash of the pixels (images.likeness), signed; near duplicates differ in few bits.
    likeness = models.BigIntegerField(null=True, editable=False)
    # When the files of `renditions` and `crops` were there; until then pages show the file itself (images.preparing).
    prepared_at = models.DateTimeField(_("prepared at"), null=True, editable=False)
    words_key = KeyField(source=("alt_text", "caption", "credit", "keywords"), key=words, max_length=1000)

    objects = ImageQuerySet.as_manager()

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
            # The tick: pictures whose task was lost.
            models.Index(fields=["created_at"], name="image_unprepared", condition=Q(prepared_at__isnull=True)),
            # When pages last changed because a task had made files (pages.current.watch).
            models.Index(F("prepared_at").desc(), name="image_prepared_last", condition=Q(prepared_at__isnull=False)),
            # The dashboard: rights that end soon.
            models.Index(fields=["rights_until"], name="image_rights_until", condition=Q(rights_until__isnull=False)),
            # The library by the day of the picture.
            models.Index(
                F("taken_on").desc(), F("id").desc(), name="image_by_day", condition=Q(taken_on__isnull=False)
            ),
            # The pictures in the text of an article, which names them by their files.
            models.Index(fields=["file"], name="image_file"),
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
        return self.addresses()(width_for(made, width), fmt) if made else self.own_address

    def address_in_texts(self, width: int) -> str:
        """The same file by the address that texts hold: it stays when pictures move to a bucket, or to another."""
        made = self.widths("jpeg")
        size = next((size for size in made if size >= width), made[-1] if made else 0)
        return settings.MEDIA_URL + (self.rendition_name(size, "jpeg") if size else self.file_name)

    @property
    def own_address(self) -> str:
        """The address of the file itself.

        A folder on this machine is not asked: it would look at every letter, and takes longer than all else of a
        picture.
        """
        storage, name = self.storage, self.file_name
        if isinstance(storage, FileSystemStorage) and _PLAIN_NAME.fullmatch(name):
            return f"{storage.base_url}{name}"
        return storage.url(name)

    def addresses(self) -> Address:
        """Return what says the address of a rendition that was made, by its width (px).

        They stand beside the file, so its address tells theirs. A storage that signs its addresses is asked for each.
        """
        own = self.own_address
        if "?" in own:
            return lambda width, fmt: self.storage.url(self.rendition_name(width, fmt))
        stem = splitext(own)[0]
        return lambda width, fmt: f"{stem}-{width}{SUFFIXES[fmt]}"

    def srcset(self, fmt: Format, between: tuple[int, int] = (0, 100_000)) -> str:
        """Return the value of a srcset attribute for a place that can use so many px, '' when no rendition was made."""
        address = self.addresses()
        return ", ".join([f"{address(width, fmt)} {width}w" for width in fitting_widths(self.widths(fmt), between)])

    @property
    def focus(self) -> str:
        """The focal point in whole percent, as it stands in the names of crops."""
        return f"{round(self.focal_x * 100)}-{round(self.focal_y * 100)}"

    def crop_name(self, shape: Shape) -> str:
        """Return the storage name of a crop. It changes with the focal point, because files are cached for a year."""
        return self.crop_name_of(shape, self.crops[shape]["focus"])

    def crop_name_of(self, shape: Shape, focus: str) -> str:
        """The same for a focal point in whole percent: "36-45"."""
        path = PurePosixPath(self.file_name)
        return str(path.with_name(f"{path.stem}-{shape}-{focus}.jpg"))

    def crop_url(self, shape: Shape) -> str:
        """Return the address of a crop, of a wide rendition where no crop was made."""
        if shape not in self.crops:
            return self.url(CROP_WIDTH)
        own = self.own_address
        if "?" in own:
            return self.storage.url(self.crop_name(shape))
        return f"{splitext(own)[0]}-{shape}-{self.crops[shape]['focus']}.jpg"

    def crop_size(self, shape: Shape) -> tuple[int, int]:
        """Return width and height (px) of what crop_url names."""
        if shape in self.crops:
            return self.crops[shape]["width"], self.crops[shape]["height"]
        made = self.widths("jpeg")
        width = next((size for size in made if size >= CROP_WIDTH), made[-1]) if made else self.width
        return width, max(1, round(self.height * width / self.width))

    @property
    def printed_credit(self) -> str:
        """Who is named for the picture. Without a credit of its own it asks for `source` and `author`."""
        owner = self.source or self.author
        return self.credit or (owner.name if owner else "")

    @property
    def focus_class(self) -> str:
        """The classes in picture.css nearest to the focal point; the security policy forbids inline styles."""
        return f"x-{round(self.focal_x * 10) * 10} y-{round(self.focal_y * 10) * 10}"
