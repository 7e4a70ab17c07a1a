"""What every admin page of ours has in common: clean input, no bulk actions, no lookups but those of its filters."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import widgets
from django.core.exceptions import SuspiciousOperation
from django.db import models
from django.forms import TextInput
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop

from newsroom.lib import forms

# Django's own Arabic puts a noun in the accusative here without its ending («اختر خبر»); our catalogue says it with
# a verbal noun, which fits every noun. Named here so that the catalogue keeps them.
_REWORDED = (
    gettext_noop("Select %s to change"),
    gettext_noop("Select %s to view"),
    gettext_noop("Add %(name)s"),
    gettext_noop("The {name} “{obj}” was changed successfully."),
)

_FILTER_SUFFIXES = ("__exact", "__isnull", "__id__exact")


class CleanInput(admin.options.BaseModelAdmin):
    """Fields that take out what must not be kept and read digits of any script."""

    formfield_overrides = {  # noqa: RUF012 - as Django has it
        models.CharField: {"form_class": forms.LineField, "widget": widgets.AdminTextInputWidget},
        models.TextField: {"form_class": forms.TextField, "widget": widgets.AdminTextareaWidget},
        models.IntegerField: {
            "form_class": forms.IntegerField,
            "widget": TextInput(attrs={"class": "vIntegerField", "inputmode": "numeric"}),
        },
        models.DateField: {"form_class": forms.DateField, "widget": widgets.AdminDateWidget},
        models.DateTimeField: {"form_class": forms.SplitDateTimeField, "widget": widgets.AdminSplitDateTime},
    }


class DeskAdmin(CleanInput, admin.ModelAdmin):
    """The base of our ModelAdmins."""

    form = forms.DeskForm
    actions = None  # an action runs for whoever may look at the list
    list_per_page = 50
    show_full_result_count = False

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Only what a filter of this page writes: `__regex` can stop a database, `__range` ends in an error."""
        assert request is not None
        allowed: set[str] = set()
        for item in self.get_list_filter(request):
            if isinstance(item, type):
                allowed.add(item.parameter_name)
            else:
                field = item if isinstance(item, str) else item[0]
                allowed |= {field + suffix for suffix in _FILTER_SUFFIXES}
        return lookup in allowed

    def view_on_site(self, obj: models.Model) -> str | None:
        """The address that readers use; the admin's redirect to it is switched off (newsroom.admin_site)."""
        return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else None

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Nothing from the address: a link could fill a form that somebody else then saves."""
        return {}

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if "_saveasnew" in request.POST:
            raise SuspiciousOperation("No form of ours saves a row as a new one.")
        return super().changeform_view(request, object_id, form_url, extra_context)
