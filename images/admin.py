from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from audit.admin import LoggedAdmin
from images.cropping import make_crops
from images.forms import PapersForm, UploadForm
from images.models import Image
from images.storing import discard, take_in
from newsroom.lib.admin_dates import moment_column
from newsroom.lib.name_pages import NamePaginator
from newsroom.lib.word_index import said

THUMBNAIL, PREVIEW = 96, 480  # px


class WithoutAltText(admin.SimpleListFilter):
    """Pictures dropped into the editor have no alternative text until somebody writes it."""

    title = _("alternative text")
    parameter_name = "alt_text"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("missing", _("Missing"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> QuerySet[Image]:
        return queryset.filter(alt_text="") if self.value() == "missing" else queryset


@admin.register(Image)
class ImageAdmin(LoggedAdmin):
    """The picture library."""

    list_display = ["thumbnail", "__str__", "credit", "kind", "size", moment_column("created_at", _("created at"))]
    list_display_links = ["thumbnail", "__str__"]
    list_filter = ["kind", WithoutAltText]
    search_fields = ["words_key"]
    paginator = NamePaginator
    autocomplete_fields = ["source", "author"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Image], search_term: str
    ) -> tuple[QuerySet[Image], bool]:
        """By the beginnings of words, the newest first: a caption is too long for more."""
        return queryset.filter(said(search_term, field="words_key")), False

    def get_form(self, request: HttpRequest, obj: Image | None = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs["form"] = PapersForm if change else UploadForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Image | None = None) -> Any:
        shown = ["preview", "size"] if obj else ["file"]
        return [
            (None, {"fields": [*shown, "alt_text", "caption", "credit", "kind"]}),
            (_("Rights"), {"fields": ["source", "author", "rights_note"]}),
            (_("Focal point"), {"fields": [("focal_x", "focal_y")]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Image | None = None) -> list[str]:
        return ["preview", "size"] if obj else []

    def save_form(self, request: HttpRequest, form: ModelForm, change: bool) -> Image:
        unsaved: Image = super().save_form(request, form, change)
        if isinstance(form, UploadForm) and request.user.is_authenticated:
            return take_in(form.cleaned_data["file"], by=request.user, **form.papers())
        return unsaved

    def save_model(self, request: HttpRequest, obj: Image, form: ModelForm, change: bool) -> None:
        if change and form.changed_data:
            obj.save(update_fields=[*form.changed_data, "words_key"])
        if change and {"focal_x", "focal_y"} & set(form.changed_data):
            self._crop_anew(request, obj)

    def _crop_anew(self, request: HttpRequest, image: Image) -> None:
        try:
            make_crops(image)
        except OSError:
            self.message_user(
                request, _("The file of the picture is missing, so it was not cropped."), messages.WARNING
            )

    def delete_model(self, request: HttpRequest, obj: Image) -> None:
        discard(obj)

    @admin.display(description=_("picture"))
    def thumbnail(self, image: Image) -> str:
        return _picture(image, THUMBNAIL)

    @admin.display(description=_("picture"))
    def preview(self, image: Image) -> str:
        return _picture(image, PREVIEW)

    @admin.display(description=_("size"))
    def size(self, image: Image) -> str:
        return f"{image.width} × {image.height}"


def _picture(image: Image, width: int) -> str:
    return format_html(
        '<img src="{}" width="{}" height="{}" alt="" loading="lazy">',
        image.url(width),
        width,
        round(width * image.height / image.width),
    )
