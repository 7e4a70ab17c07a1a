"""What our admin pages have in common: clean input, no bulk actions, no lookups but those of the filters."""

import re
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin import widgets
from django.contrib.admin.views.main import ORDER_VAR
from django.core.exceptions import SuspiciousOperation
from django.db import models
from django.forms import Form, ModelChoiceField, TextInput
from django.http import HttpRequest, HttpResponse

from newsroom.lib import forms, mended_forms
from newsroom.lib.fields import KeyField
from newsroom.lib.names import LONGEST_SEARCH, MOST_WORDS, name_filter, ranked

# The last two are what a filter by date writes.
_FILTER_SUFFIXES = ("__exact", "__isnull", "__id__exact", "__gte", "__lt")
_DAY = {"year": range(1990, 2101), "month": range(1, 13), "day": range(1, 32)}
_FOUR_DIGITS = re.compile(r"[0-9]{1,4}", re.ASCII)


class CleanInput(admin.options.BaseModelAdmin):
    """Fields that take out what must not be kept and read digits of any script."""

    formfield_overrides = {
        models.CharField: {"form_class": forms.LineField, "widget": widgets.AdminTextInputWidget},
        models.SlugField: {"widget": widgets.AdminTextInputWidget},
        models.TextField: {"form_class": forms.TextField, "widget": widgets.AdminTextareaWidget},
        models.URLField: {"form_class": forms.AddressField, "widget": widgets.AdminURLFieldWidget},
        models.EmailField: {"form_class": forms.MailField, "widget": widgets.AdminEmailInputWidget},
        models.IntegerField: {
            "form_class": forms.IntegerField,
            "widget": TextInput(attrs={"class": "vIntegerField", "inputmode": "numeric"}),
        },
        models.FloatField: {"form_class": forms.FloatField, "widget": TextInput(attrs={"inputmode": "decimal"})},
        models.DecimalField: {"form_class": forms.DecimalField, "widget": TextInput(attrs={"inputmode": "decimal"})},
        models.TimeField: {"form_class": forms.TimeField, "widget": widgets.AdminTimeWidget},
        models.DateField: {"form_class": forms.DateField, "widget": widgets.AdminDateWidget},
        models.DateTimeField: {"form_class": forms.SplitDateTimeField, "widget": widgets.AdminSplitDateTime},
    }


class RowsInline(CleanInput, admin.TabularInline):
    """Rows in a table. Each control says its name: the head of the column is no label (WCAG 4.1.2)."""

    formset = forms.RowsFormSet
    extra = 0
    # Rows that are fetched with those of the inline, because each names one.
    list_select_related: tuple[str, ...] = ()

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        rows = super().get_queryset(request)
        return rows.select_related(*self.list_select_related) if self.list_select_related else rows

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", forms.KnownSelect(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field:
            widget = field.widget.widget if hasattr(field.widget, "widget") else field.widget
            widget.attrs["aria-label"] = field.label
        return field


class DeskAdmin(CleanInput, admin.ModelAdmin):
    """The base of our ModelAdmins."""

    form = forms.DeskForm
    actions = None  # an action runs for whoever may look at the list
    list_per_page = 50

    class Media:
        js = ("admin/js/jquery.init.js", "admin_newsroom/labels.js")

    # What is found is sorted by how well it answers, then by these. Without them the list stays in its order.
    found_order: tuple[str, ...] = ()
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # each choice of each filter would count the whole table

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Only what a filter of this page writes: `__regex` can stop a database, `__range` ends in a 500."""
        filters: Any = self.get_list_filter(request) if request else self.list_filter
        allowed: set[str] = set()
        for item in filters:
            name = item[0] if isinstance(item, tuple) else item
            if isinstance(name, str):
                allowed |= {name + suffix for suffix in _FILTER_SUFFIXES}
            else:
                allowed.add(item.parameter_name)
        return lookup in allowed or self._is_day(lookup, str(value))

    def _is_day(self, lookup: str, value: str) -> bool:
        """A part of the date hierarchy; the year 0 or 9999 would end in a 500."""
        parts = {f"{self.date_hierarchy}__{part}": numbers for part, numbers in _DAY.items()}
        return bool(self.date_hierarchy and _FOUR_DIGITS.fullmatch(value)) and int(value) in parts.get(lookup, ())

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        """Rows by the words of their keys, however they are spelled (newsroom.lib.names); else as Django does.

        The first words only: each is a condition of its own, and SQLite ends at a thousand of them.
        """
        if keys := self._search_keys(request):
            return self.in_order(request, queryset.filter(name_filter(search_term, *keys)), search_term), False
        words = search_term[:LONGEST_SEARCH].split()[:MOST_WORDS]
        return super().get_search_results(request, queryset, " ".join(words))

    def in_order(
        self, request: HttpRequest, found: models.QuerySet, search_term: str, **also: models.Q
    ) -> models.QuerySet:
        """The best first, unless the list has an order of its own or somebody sorts it by a column."""
        if not self.found_order or ORDER_VAR in request.GET:
            return found
        return ranked(found, search_term, field=self._search_keys(request)[0], order=self.found_order, **also)

    def _search_keys(self, request: HttpRequest) -> list[str]:
        keys = {field.name for field in self.opts.fields if isinstance(field, KeyField)}
        return [name for name in self.get_search_fields(request) if name in keys]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """What cleaning took out of the words is said on the next page."""
        super().save_related(request, form, formsets, change)
        self.tell_mended(request, form, formsets)

    def tell_mended(self, request: HttpRequest, form: Any, formsets: Any) -> None:
        mended_forms.tell(request, form, formsets)

    def view_on_site(self, obj: Any) -> str | None:
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


class FormFilter(admin.ListFilter):
    """One form beside a list instead of many lists of links. Has `form_class`, whose forms can `narrow` a queryset."""

    form_class: type[Form]
    parameter_name = ""

    def __init__(
        self, request: HttpRequest, params: dict[str, Any], model: type[models.Model], model_admin: admin.ModelAdmin
    ) -> None:
        super().__init__(request, params, model, model_admin)
        names = self.form_class.base_fields
        given = {name: params.pop(name)[-1] for name in names if name in params}
        # A form that was sent empty narrows nothing, so the page does not offer to take that away.
        self.used_parameters = {name: value for name, value in given.items() if value}
        self.form: Any = self.form_of(given, request, model_admin)

    def form_of(self, given: dict[str, Any], request: HttpRequest, model_admin: admin.ModelAdmin) -> Form:
        raise NotImplementedError

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return list(self.form_class.base_fields)

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        """What else the address says (search, order), which the form must not lose."""
        for name, value in changelist.params.items():
            if name not in self.form_class.base_fields:
                yield {"name": name, "value": value}

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        narrowed: models.QuerySet[Any] = self.form.narrow(queryset)
        return narrowed
