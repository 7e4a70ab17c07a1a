"""Addresses that get no mail. Nobody can read them there: they are kept as hashes, and found by typing one."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from articles.admin.staff import member
from audit.admin import LoggedAdmin
from newsletter.addresses import clean_address, validate_address
from newsletter.admin.read_only import typed_hash
from newsletter.enums import SuppressionReason
from newsletter.models import MailingList, Suppression
from newsletter.suppressing import lift, suppress
from newsroom.lib.admin_dates import moment_column
from newsroom.lib.forms import DeskForm, LineField, choose_only


class SuppressionForm(DeskForm):
    """An address is typed and only its hash is kept."""

    address = forms.CharField(
        label=_("e-mail"),
        max_length=400,
        widget=forms.TextInput(attrs={"class": "vTextField", "dir": "ltr", "autocomplete": "off"}),
        help_text=_("Only a fingerprint of it is kept. Nobody can read the address here afterwards."),
    )
    note = LineField(label=_("note"), max_length=200, required=False, widget=admin.widgets.AdminTextInputWidget())

    class Meta:
        model = Suppression
        fields = ("mailing_list", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "mailing_list" in self.fields:  # not where the row is only shown
            choose_only(self.fields["mailing_list"])

    def clean_address(self) -> str:
        address = clean_address(self.cleaned_data["address"])
        validate_address(address)
        return address


@admin.register(Suppression)
class SuppressionAdmin(LoggedAdmin):
    form = SuppressionForm
    list_display = ["fingerprint", "reason", "whole_or_list", "note", "since", "until"]
    list_filter = ["reason", "mailing_list"]
    list_select_related = ["mailing_list"]
    search_fields = ["address_hash"]
    search_help_text = _("Type a whole address to see whether it is suppressed.")
    fields = ["address", "mailing_list", "note"]

    since = staticmethod(moment_column("created_at", _("since")))
    until = staticmethod(moment_column("expires_at", _("until")))

    @admin.display(description=_("fingerprint of the address"))
    def fingerprint(self, row: Suppression) -> str:
        return format_html('<bdi dir="ltr">{}</bdi>', row.address_hash[:8])

    @admin.display(description=_("mailing list"), ordering="mailing_list")
    def whole_or_list(self, row: Suppression) -> Any:
        return row.mailing_list or _("all mail")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ["address", "mailing_list", "note"]
        return ["fingerprint", "reason", "whole_or_list", "note", "since", "until"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_fields(request, obj) if obj else []

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Suppression], search_term: str
    ) -> tuple[QuerySet[Suppression], bool]:
        """By a whole address, or by the beginning of the fingerprint that the log names."""
        wanted = typed_hash(search_term) or search_term.strip().lower()
        return queryset.filter(address_hash__startswith=wanted), False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Suppression, form: Any, change: bool) -> None:
        chosen: MailingList | None = form.cleaned_data["mailing_list"]
        row = suppress(
            form.cleaned_data["address"],
            reason=SuppressionReason.MANUAL,
            mailing_list=chosen,
            note=form.cleaned_data["note"],
        )
        for field in Suppression._meta.concrete_fields:
            setattr(obj, field.attname, getattr(row, field.attname))

    def delete_model(self, request: HttpRequest, obj: Suppression) -> None:
        lift(obj, by=member(request))

    def log_deletions(self, request: HttpRequest, queryset: Iterable[Model]) -> Any:
        """lift() writes the line."""
