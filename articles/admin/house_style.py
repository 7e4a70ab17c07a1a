"""The house style: how strict each check is, and the words that are not printed."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from articles.admin.staff import member
from articles.checklist import CHECKS, strictness_of_checks
from articles.enums import Strictness
from articles.house_style import set_strictness
from articles.models import AvoidedWord, CheckLevel
from audit.admin import LoggedAdmin
from newsroom.lib.arabic import fold
from newsroom.lib.forms import DeskForm


class StrictnessForm(forms.Form):
    """A row of choices for each check, by its name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for check in CHECKS:
            self.fields[check.name] = forms.ChoiceField(
                label=check.rule, choices=Strictness.choices, widget=forms.RadioSelect
            )


@admin.register(CheckLevel)
class CheckLevelAdmin(LoggedAdmin):
    """All checks on one page, saved at once; single rows have none."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.changelist_view)
        return [path("", view, name="articles_checklevel_changelist")]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: CheckLevel | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        may_change = self.has_change_permission(request)
        if request.method == "POST":
            if not may_change:
                raise PermissionDenied
            form = StrictnessForm(request.POST)
            if form.is_valid():
                return self._keep(request, form)
        else:
            form = StrictnessForm(initial=strictness_of_checks())
        if not may_change:
            for field in form.fields.values():
                field.disabled = True
        context = self.admin_site.each_context(request) | {
            "title": _("House style"),
            "opts": self.opts,
            "form": form,
            "rows": [(check, form[check.name]) for check in CHECKS],
            "may_change": may_change,
        }
        return TemplateResponse(request, "admin/articles/checklevel/house_style.html", context)

    def _keep(self, request: HttpRequest, form: StrictnessForm) -> HttpResponse:
        wanted = {name: Strictness(value) for name, value in form.cleaned_data.items()}
        if set_strictness(wanted, by=member(request)):
            messages.success(request, _("The house style is saved. It holds for every text from now on."))
        else:
            messages.info(request, _("Nothing was changed."))
        return redirect("admin:articles_checklevel_changelist")


class AvoidedWordForm(DeskForm):
    class Meta:
        model = AvoidedWord
        fields = ("word", "instead", "note")

    def clean(self) -> dict[str, Any]:
        """What is written instead must be something else, or mending would never end."""
        cleaned = super().clean() or self.cleaned_data
        word, instead = cleaned.get("word", ""), cleaned.get("instead", "")
        if word and not fold(word):
            self.add_error("word", _("Write a word."))
        elif instead and f" {fold(word)} " in f" {fold(instead)} ":
            self.add_error("instead", _("The avoided word stands in it."))
        return cleaned


@admin.register(AvoidedWord)
class AvoidedWordAdmin(LoggedAdmin):
    form = AvoidedWordForm
    list_display = ("word", "instead", "note")
    fields = ("word", "instead", "note")
    search_fields = ("word_key",)
    found_order = ("word_key",)
