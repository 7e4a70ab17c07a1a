"""The table in which what was just brought in gets its words, and what is there already is used instead of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.enums import Action
from audit.recording import log
from images.admin.grid import THUMBNAIL, Tile
from images.admin.staff import member
from images.admin.uploading import MOST_AT_ONCE
from images.alt_advice import ADVICE_ATTRS, alt_advice
from images.as_shown import AsShownForm
from images.bringing_in import OtherIsGone, use_the_other
from images.likeness import near_each
from images.models import Image
from images.permissions import changeable, discardable, may_discard
from images.uses import PictureInUse
from newsroom.lib.bidi import plain_title
from newsroom.lib.forms import KnownSelect
from newsroom.lib.keys import read_key

FIELDS = ("alt_text", "caption", "credit", "source", "taken_on")
# What is often the same for a whole series.
COPIED = ("caption", "credit", "source", "taken_on")
LONGEST_KEYS = 1000
MOST_NEAR = 3


class RowForm(AsShownForm):
    """The words of one picture of the table."""

    class Meta:
        model = Image
        fields = FIELDS
        widgets = {
            "alt_text": forms.Textarea(attrs={"rows": 2} | ADVICE_ATTRS),
            "caption": forms.Textarea(attrs={"rows": 2}),
            "taken_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source = self.instance.source
        if source is not None:
            self.fields["source"].widget.known = {str(source.pk): str(source)}


@dataclass
class Row:
    """One picture, its form, and the pictures of the library that look like it, for one to be used instead."""

    image: Image
    form: RowForm
    near: list[Tile]
    chosen: str = ""

    @property
    def thumbnail(self) -> str:
        return self.image.url(THUMBNAIL)

    @property
    def instead(self) -> Image | None:
        """The picture that is to be used in the place of this one."""
        return next((other.image for other in self.near if str(other.image.pk) == self.chosen), None)

    @property
    def copied(self) -> tuple[str, ...]:
        return COPIED


def complete_page(request: HttpRequest, pages: ModelAdmin) -> HttpResponse:
    if not pages.has_view_permission(request):
        raise PermissionDenied
    images = changeable(member(request), _asked(request, pages, "pictures"))
    if request.method == "POST":
        return _sent(request, pages, images)
    return _page(request, pages, _rows(request, pages, images))


def _sent(request: HttpRequest, pages: ModelAdmin, images: list[Image]) -> HttpResponse:
    copied = request.POST.get("_copy", "")
    data = copied_down(request.POST, copied, images) if copied else request.POST
    rows = _rows(request, pages, images, data)
    if copied:
        return _page(request, pages, rows)
    kept = _kept(request, rows)
    saved = [row for row in kept if row.form.is_valid()]
    for row in saved:
        _save(request, row)
    if saved:
        messages.success(request, _saved_sentence(len(saved)))
    if len(saved) < len(kept):
        return _page(request, pages, kept, shows_errors=True)
    return HttpResponseRedirect(reverse("admin:images_image_changelist"))


def copied_down(data: QueryDict, name: str, images: list[Image]) -> QueryDict:
    """What was typed, with the value of one box, "p5-credit", in the same box of every row below it."""
    copy = data.copy()
    prefix, _sep, field = name.partition("-")
    prefixes = [_prefix(image) for image in images]
    if prefix in prefixes and field in COPIED:
        for below in prefixes[prefixes.index(prefix) + 1 :]:
            copy[f"{below}-{field}"] = data.get(name, "")
    return copy


def _kept(request: HttpRequest, rows: list[Row]) -> list[Row]:
    """The rows that are left when each picture is taken away for which another one is used."""
    gone = set()
    for row in rows:
        if row.instead is not None and _taken_away(request, row.image, row.instead):
            gone.add(row.image)
    for row in rows:
        row.near = [tile for tile in row.near if tile.image not in gone]
    return [row for row in rows if row.image not in gone]


def _taken_away(request: HttpRequest, image: Image, other: Image) -> bool:
    """Whether the picture is gone, because the one that was there is used instead."""
    if not may_discard(member(request), image):
        return False
    try:
        use_the_other(image, other, by=member(request))
    except PictureInUse:
        return False
    except OtherIsGone as gone:
        messages.warning(request, f"{plain_title(str(image))}: {gone.message}")
        return False
    messages.success(request, _("The picture that was there is used: %(picture)s") % {"picture": other})
    return True


def _save(request: HttpRequest, row: Row) -> None:
    if not row.form.changed_data:
        return
    with transaction.atomic():
        row.image.save(update_fields=[*row.form.changed_data, "words_key"])
        labels = [str(row.form.fields[name].label) for name in row.form.changed_data]
        log(Action.CHANGED, by=member(request), subject=row.image, note="، ".join(labels))
    for sentence in alt_advice(row.image.alt_text):
        messages.warning(request, f"{row.image}: {sentence}")


def _saved_sentence(count: int) -> str:
    sentence = ngettext("The data of %(count)d picture was saved.", "The data of %(count)d pictures was saved.", count)
    return sentence % {"count": count}


def _asked(request: HttpRequest, pages: ModelAdmin, name: str) -> list[Image]:
    """The pictures that the address names, in its order; what is no number or is gone is left out."""
    named = request.GET.get(name, "")[:LONGEST_KEYS].split(",")[:MOST_AT_ONCE]
    keys = [key for key in map(read_key, named) if key is not None]
    rows = pages.get_queryset(request).select_related("source", "author").in_bulk(keys)
    return [rows[key] for key in dict.fromkeys(keys) if key in rows]


def _rows(
    request: HttpRequest, pages: ModelAdmin, images: list[Image], data: Mapping[str, Any] | None = None
) -> list[Row]:
    made: Any = forms.modelform_factory(
        Image, form=RowForm, formfield_callback=partial(_field, pages=pages, request=request)
    )
    alike = near_each(discardable(member(request), images), most=MOST_NEAR)
    return [
        Row(
            image,
            made(data, instance=image, prefix=_prefix(image)),
            [Tile(other) for other in alike.get(image.pk, [])],
            (data or {}).get(f"{_prefix(image)}-near", ""),
        )
        for image in images
    ]


def _field(db_field: Any, *, pages: ModelAdmin, request: HttpRequest, **kwargs: Any) -> Any:
    """As in the form of the admin, but nothing is added in a small window out of a table."""
    if db_field.name == "source":
        kwargs["widget"] = KnownSelect(db_field, pages.admin_site)
    field: Any = pages.formfield_for_dbfield(db_field, request, **kwargs)
    if hasattr(field.widget, "widget"):
        field.widget = field.widget.widget
    return field


def _prefix(image: Image) -> str:
    return f"p{image.pk}"


def _page(request: HttpRequest, pages: ModelAdmin, rows: list[Row], *, shows_errors: bool = False) -> HttpResponse:
    context = pages.admin_site.each_context(request) | {
        "title": _("Complete the data of the pictures"),
        "opts": Image._meta,
        "rows": rows,
        "is_nav_sidebar_enabled": False,  # the room is for the table
        "there": _asked(request, pages, "there"),
        "shows_errors": shows_errors,
        "media": pages.media + (rows[0].form.media if rows else forms.Media()),
    }
    return TemplateResponse(request, "admin/images/image/complete.html", context)
