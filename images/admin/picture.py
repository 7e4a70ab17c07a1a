from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from audit.admin import LoggedAdmin
from images import library
from images.admin import completing, picking, uploading
from images.admin.filters import LibraryFilter, LibraryForm
from images.admin.grid import LibraryList, LibraryPaginator, rights_mark, tiles
from images.admin.showing import crop_of, shown_uses
from images.admin.staff import member
from images.alt_advice import alt_advice
from images.cropping import make_crops
from images.figures import figure_html
from images.forms import PapersForm, UploadForm
from images.likeness import near
from images.models import SHAPES, Image
from images.permissions import may_change
from images.storing import discard, take_in
from images.uses import PictureInUse, refuse_when_used
from newsroom.lib.dates import format_datetime, format_digits
from newsroom.lib.site_style import site_style

PREVIEW = 960  # px


@admin.register(Image)
class ImageAdmin(LoggedAdmin):
    """The picture library."""

    list_display = ("__str__",)
    list_filter = (LibraryFilter,)
    list_select_related = ("source", "author")
    list_per_page = 48  # whole rows of two, three, four and six
    search_fields = ("words_key",)
    paginator = LibraryPaginator
    autocomplete_fields = ("source", "author")

    class Media:
        css = {"all": ("admin_newsroom/pictures.css",)}

    # Who may do what

    def has_change_permission(self, request: HttpRequest, obj: Image | None = None) -> bool:
        if obj is None:
            return super().has_change_permission(request)
        return may_change(member(request), obj)

    def visible_or_404(self, request: HttpRequest, object_id: int) -> Image:
        """Raises PermissionDenied, Http404."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        images: QuerySet[Image] = self.get_queryset(request)
        image = images.select_related("source", "author").filter(pk=object_id).first()
        if image is None:
            raise Http404
        return image

    # The library

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        return lookup in LibraryForm.base_fields

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[LibraryList]:
        return LibraryList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Image], search_term: str
    ) -> tuple[QuerySet[Image], bool]:
        """By the beginnings of words, the newest first: a caption is too long for more."""
        return queryset.filter(library.found(search_term)), False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        # The room beside the list is for pictures.
        context = {"title": _("Picture library"), "is_nav_sidebar_enabled": False}
        return super().changelist_view(request, context | (extra_context or {}))

    def get_urls(self) -> list[URLPattern]:
        pages: dict[str, tuple[Callable[..., HttpResponse], str]] = {
            "upload/": (self.upload_view, "upload"),
            "complete/": (self.complete_view, "complete"),
            "pick/": (self.pick_view, "pick"),
            "<int:object_id>/use/": (self.use_view, "use"),
            "<int:object_id>/chosen/": (self.chosen_view, "chosen"),
        }
        view = self.admin_site.admin_view
        ours = [path(route, view(page), name=f"images_image_{name}") for route, (page, name) in pages.items()]
        return [*ours, *super().get_urls()]

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        return uploading.upload_page(request, self)

    def complete_view(self, request: HttpRequest) -> HttpResponse:
        return completing.complete_page(request, self)

    def pick_view(self, request: HttpRequest) -> HttpResponse:
        return picking.pick(request, self)

    def use_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return picking.use(request, self, self.visible_or_404(request, object_id))

    def chosen_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return picking.chosen(request, self.visible_or_404(request, object_id))

    # The page of one picture

    def get_form(self, request: HttpRequest, obj: Image | None = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs["form"] = PapersForm if change else UploadForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Image | None = None) -> Any:
        words = ["alt_text", "caption", "credit", "kind", "taken_on", "keywords"]
        rights = (_("Rights"), {"fields": ["source", "author", "rights_until", "rights_note"]})
        focus = ["focal_x", "focal_y"]
        if obj is None:
            return [(None, {"fields": ["file", *words]}), rights, (_("Focal point"), {"fields": [tuple(focus)]})]
        return [
            (_("Picture and focal point"), {"fields": ["preview", tuple(focus)], "classes": ["picture-focus"]}),
            (pgettext("fieldset", "Words of the picture"), {"fields": words}),
            rights,
            (_("Where it stands"), {"fields": ["uses", "alike"]}),
            (_("For texts"), {"fields": ["markup", "size", "created_by", "taken_in_at"], "classes": ["collapse"]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Image | None = None) -> list[str]:
        return ["preview", "uses", "alike", "markup", "size", "created_by", "taken_in_at"] if obj else []

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        image: Image | None = context.get("original")
        if image is not None:
            # Read-only fields are asked without the request, and what may be linked depends on who asks.
            image.shown_uses = shown_uses(image, member(request))  # type: ignore[attr-defined]
            context["show_save_and_add_another"] = False
            context |= {"rights": rights_mark(image), "advice": alt_advice(image.alt_text)}
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=gettext_lazy("picture"))
    def preview(self, image: Image) -> str:
        context = {
            "image": image,
            "address": image.url(PREVIEW),
            "shapes": [crop_of(image, shape) for shape in SHAPES],
            # Filled by the script.
            "place": _("%(x)s from the left, %(y)s from the top"),
        }
        return render_to_string("admin/images/image/focus.html", context)

    @admin.display(description=gettext_lazy("used in"))
    def uses(self, image: Image) -> str:
        return render_to_string("admin/images/image/uses.html", {"uses": getattr(image, "shown_uses", None)})

    @admin.display(description=gettext_lazy("pictures that look like it"))
    def alike(self, image: Image) -> str:
        return render_to_string("admin/images/image/alike.html", {"tiles": tiles(near(image))})

    @admin.display(description=gettext_lazy("HTML for a text"))
    def markup(self, image: Image) -> str:
        figure = figure_html(image, alt_text=image.alt_text, caption=image.caption)
        return render_to_string("admin/images/image/markup.html", {"markup": figure})

    @admin.display(description=gettext_lazy("size"))
    def size(self, image: Image) -> str:
        return format_digits(f"{image.width} × {image.height}", site_style())

    @admin.display(description=gettext_lazy("created at"))
    def taken_in_at(self, image: Image) -> str:
        return format_datetime(image.created_at, site_style())

    # Deeds

    def save_form(self, request: HttpRequest, form: ModelForm, change: bool) -> Image:
        unsaved: Image = super().save_form(request, form, change)
        if isinstance(form, UploadForm):
            return take_in(form.cleaned_data["file"], by=member(request), **form.papers())
        return unsaved

    def save_model(self, request: HttpRequest, obj: Image, form: ModelForm, change: bool) -> None:
        if change and form.changed_data:
            obj.save(update_fields=[*form.changed_data, "words_key"])
        if change and {"focal_x", "focal_y"} & set(form.changed_data):
            self._crop_anew(request, obj)
        if "alt_text" in form.changed_data:
            for sentence in alt_advice(obj.alt_text):
                self.message_user(request, sentence, messages.WARNING)

    def _crop_anew(self, request: HttpRequest, image: Image) -> None:
        try:
            make_crops(image)
        except OSError:
            self.message_user(
                request, _("The file of the picture is missing, so it was not cropped."), messages.WARNING
            )

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Not while it is used; where it is used stands on the page of the picture, as far as one may see it."""
        try:
            image = self.get_object(request, object_id)
            if image is not None and self.has_delete_permission(request, image):
                refuse_when_used(image, AnonymousUser())
            return super().delete_view(request, object_id, extra_context)
        except PictureInUse as used:
            self.message_user(request, str(used.message), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:images_image_change", args=[object_id]))

    def delete_model(self, request: HttpRequest, obj: Image) -> None:
        discard(obj)
