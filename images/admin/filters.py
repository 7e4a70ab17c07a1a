"""One form beside the library instead of a dozen lists of links; the window that picks a picture has it too."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import AbstractUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.admin.filters import day_field
from images.enums import ImageKind
from images.models import Image
from images.rights import ending_soon, expired_on, uncredited
from images.uses import is_used
from newsroom.lib.admin import FormFilter

_MISSING = [("", _("All")), ("missing", _("Missing"))]


class LibraryForm(forms.Form):
    """Which pictures are wanted. Everything may be left empty."""

    kind = forms.ChoiceField(label=_("kind"), required=False, choices=[("", _("All")), *ImageKind.choices])
    alt_text = forms.ChoiceField(label=_("alternative text"), required=False, choices=_MISSING)
    credit = forms.ChoiceField(label=_("credit"), required=False, choices=_MISSING)
    rights = forms.ChoiceField(
        label=_("rights of the picture"),
        required=False,
        choices=[
            ("", _("All")),
            ("ended", pgettext_lazy("rights", "Ended")),
            ("soon", _("End within 30 days")),
            ("running", pgettext_lazy("rights", "Valid")),
        ],
    )
    used = forms.ChoiceField(
        label=_("use of the picture"),
        required=False,
        choices=[
            ("", _("All")),
            ("yes", pgettext_lazy("picture", "Used")),
            ("no", pgettext_lazy("picture", "Never used")),
        ],
    )
    source: Any = forms.ModelChoiceField(None, label=_("source"), required=False, empty_label=_("All"))
    since = day_field(_("Taken from"))
    until = day_field(_("Taken to"))
    mine = forms.BooleanField(label=_("Uploaded by me"), required=False)

    def __init__(self, data: dict[str, Any], *, user: AbstractUser, prefix: str = "filter") -> None:
        super().__init__(data, auto_id=f"{prefix}_%s")
        self.user = user
        sources: Any = Image._meta.get_field("source").related_model
        has_pictures = Exists(Image.objects.filter(source=OuterRef("pk")).order_by())
        self.fields["source"].queryset = sources._default_manager.filter(has_pictures)  # type: ignore[attr-defined]

    @property
    def is_narrowing(self) -> bool:
        return any(self.data.get(name) for name in self.fields)

    def narrow(self, images: QuerySet[Image]) -> QuerySet[Image]:
        """The pictures that are wanted; none at all while the form holds a mistake, which stands beside its field."""
        if not self.is_valid():
            return images.none()
        wanted = self.cleaned_data
        conditions = Q(**{name: wanted[name] for name in ("kind", "source") if wanted[name]})
        if wanted["alt_text"]:
            conditions &= Q(alt_text="")
        if wanted["credit"]:
            conditions &= uncredited()
        if wanted["mine"]:
            conditions &= Q(created_by=self.user)
        if wanted["since"]:
            conditions &= Q(taken_on__gte=wanted["since"])
        if wanted["until"]:
            conditions &= Q(taken_on__lte=wanted["until"])
        return images.filter(conditions & _with_rights(wanted["rights"]) & _with_use(wanted["used"]))


def _with_rights(wanted: str) -> Q:
    today = timezone.localdate()
    match wanted:
        case "ended":
            return expired_on(today)
        case "soon":
            return ending_soon(today)
        case "running":
            return Q(rights_until__isnull=True) | Q(rights_until__gte=today)
    return Q()


def _with_use(wanted: str) -> Q:
    return {"yes": is_used, "no": lambda: ~is_used()}[wanted]() if wanted else Q()


class LibraryFilter(FormFilter):
    title = _("pictures")
    template = "admin/images/image/library_filter.html"
    form_class = LibraryForm

    def form_of(self, given: dict[str, Any], request: HttpRequest, model_admin: admin.ModelAdmin) -> LibraryForm:
        return LibraryForm(given, user=request.user)  # type: ignore[arg-type]
