"""The window that picks a picture: for the lead of an article, for its text, for whatever points at a picture.

static/admin_newsroom/picture_picker.js asks for these pieces of pages; without it the field is a list to choose from.
"""

from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.enums import Action
from audit.recording import log
from images import library
from images.admin.filters import LibraryForm
from images.admin.grid import LibraryPaginator, marks, rights_mark, tiles
from images.admin.showing import crop_of
from images.admin.staff import member
from images.alt_advice import ADVICE_ATTRS
from images.bringing_in import OtherIsGone, use_the_other
from images.figures import figure_html, shown_size
from images.likeness import near
from images.models import SHAPES, Image
from images.permissions import may_change, may_discard
from images.uses import PictureInUse
from newsroom.lib.forms import LineField, TextField
from newsroom.lib.keys import read_number

PER_PAGE = 24
PREVIEW = 640  # px
MOST_NEAR = 3


def pick(request: HttpRequest, pages: ModelAdmin) -> HttpResponse:
    """One page of the library, as the list of the admin finds it."""
    if not pages.has_view_permission(request):
        raise PermissionDenied
    typed = request.GET.get("q", "")
    form = LibraryForm(request.GET.dict(), user=member(request), prefix="pick")
    images = pages.get_queryset(request).select_related("source", "author").filter(library.found(typed))
    found = LibraryPaginator(form.narrow(images).order_by("-created_at", "-pk"), PER_PAGE).get_page(_number(request))
    context = {
        "typed": typed,
        "form": form,
        "tiles": tiles(list(found)),
        "page": found,
        "may_add": pages.has_add_permission(request),
    }
    return TemplateResponse(request, "admin/images/image/pick.html", context)


def _number(request: HttpRequest) -> int:
    return read_number(request.GET.get("p", ""), digits=5) or 1


class UseForm(forms.Form):
    """The words of a picture in one place."""

    alt_text = LineField(
        label=gettext_lazy("alternative text"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2} | ADVICE_ATTRS),
    )
    caption = TextField(
        label=gettext_lazy("caption"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    credit = LineField(label=gettext_lazy("credit"), max_length=200, required=False)


def use(request: HttpRequest, pages: ModelAdmin, image: Image) -> HttpResponse:
    """GET: the picture with its crops, rights and words. POST: what a page needs to show it, as JSON.

    A picture without alternative text is completed here, for the library. Of any other one the words that are typed
    are for this one place: elsewhere it stands with a caption that somebody has read.
    """
    if request.method == "POST" and "instead" in request.POST:
        return _use_the_other(request, image)
    completes = not image.alt_text and may_change(member(request), image)
    form = _form(request, image, completes=completes)
    if request.method != "POST":
        return TemplateResponse(request, "admin/images/image/use.html", _words_of_use(request, image, form, completes))
    if not form.is_valid():
        context = _words_of_use(request, image, form, completes)
        return TemplateResponse(request, "admin/images/image/use.html", context, status=422)
    if completes:
        _complete(request, image, form.cleaned_data)
    words = {"alt_text": image.alt_text, "caption": image.caption} | form.cleaned_data
    return JsonResponse(_answer(image, alt_text=words["alt_text"], caption=words["caption"]))


def _form(request: HttpRequest, image: Image, *, completes: bool) -> UseForm:
    """With what can be typed here: everything of a new picture, the words for a text, and nothing for a lead."""
    initial = {"alt_text": image.alt_text, "caption": image.caption, "credit": image.credit}
    form = UseForm(request.POST if request.method == "POST" else None, initial=initial, auto_id="use_%s")
    if not completes:
        for name in ["credit"] if _place(request) == "body" else list(form.fields):
            del form.fields[name]
    return form


def _place(request: HttpRequest) -> str:
    return "body" if request.GET.get("place") == "body" else "field"


def _complete(request: HttpRequest, image: Image, words: dict[str, Any]) -> None:
    for name, value in words.items():
        setattr(image, name, value)
    with transaction.atomic():
        image.save(update_fields=[*words, "words_key"])
        log(Action.CHANGED, by=member(request), subject=image, note=_("alternative text"))


def _use_the_other(request: HttpRequest, image: Image) -> HttpResponse:
    """Lead to the picture that was there; the new one goes where whoever asks brought it in."""
    other = next((other for other in near(image) if str(other.pk) == request.POST["instead"]), None)
    if other is None:
        raise Http404
    if may_discard(member(request), image):
        try:
            use_the_other(image, other, by=member(request))
        except PictureInUse:
            pass  # somebody has just put it somewhere: both stay
        except OtherIsGone:
            other = image
    address = reverse("admin:images_image_use", args=[other.pk])
    return HttpResponseRedirect(f"{address}?place={_place(request)}")


def _answer(image: Image, *, alt_text: str, caption: str) -> dict[str, Any]:
    return {
        "id": image.pk,
        "title": str(image),
        "source": image.address_in_texts(shown_size(image)[0]),
        "figure": figure_html(image, alt_text=alt_text, caption=caption),
    }


def chosen(request: HttpRequest, image: Image) -> HttpResponse:
    """What stands under the field once a picture is chosen."""
    context = {
        "image": image,
        "preview": image.url(PREVIEW),
        "crops": [crop_of(image, shape) for shape in SHAPES],
        "marks": marks(image),
    }
    return TemplateResponse(request, "admin/images/image/chosen.html", context)


def _words_of_use(request: HttpRequest, image: Image, form: UseForm, completes: bool) -> dict[str, Any]:
    place = _place(request)
    notes = {
        "body": _("These words are for this text; the library keeps its own."),
        "field": _("Its words stand in the library."),
    }
    return {
        "image": image,
        "form": form,
        "place": place,
        "note": _("The library keeps these words.") if completes else notes[place],
        "preview": image.url(PREVIEW),
        "crops": [crop_of(image, shape) for shape in SHAPES],
        "rights": rights_mark(image),
        "near": tiles(near(image)[:MOST_NEAR]) if not image.alt_text else [],
        "may_discard": may_discard(member(request), image),
    }
