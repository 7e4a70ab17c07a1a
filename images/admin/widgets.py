"""The field that points at a picture: Django's list, and beside it the window that picks from the library."""

from typing import Any

from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import ForeignKey
from django.forms import Media, ModelChoiceField
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _


class PictureSelect(AutocompleteSelect):
    @property
    def media(self) -> Media:
        ours = Media(
            css={"all": ["admin_newsroom/pictures.css", "admin_newsroom/picture_window.css"]},
            js=["admin_newsroom/alt_advice.js", "admin_newsroom/picture_picker.js"],
        )
        return super().media + ours

    def build_attrs(self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None) -> dict[str, Any]:
        return super().build_attrs(base_attrs, extra_attrs) | {
            "data-picture-pick": reverse("admin:images_image_pick"),
            "data-picture-chosen": reverse("admin:images_image_chosen", args=[0]),
            "data-picture-label": _("Choose from the picture library"),
            "data-picture-failed": _("The library did not answer. Try again."),
        }


class PicksPictures(BaseModelAdmin):
    """The part of a ModelAdmin whose `picture_fields` open the library."""

    picture_fields: tuple[str, ...] = ()

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        if db_field.name in self.picture_fields:
            kwargs.setdefault("widget", PictureSelect(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
