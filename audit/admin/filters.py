"""One form beside the list instead of a link for each of forty deeds and each member of staff."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.enums import actions
from audit.models import AuditEntry
from audit.wording import kind_in_words
from newsroom.lib.admin import FormFilter
from newsroom.lib.arabic import sort_key
from newsroom.lib.forms import DateField

# Outside of these the start of a day may be a time that no database keeps.
_DAYS = [MinValueValidator(date(1990, 1, 1)), MaxValueValidator(date(2100, 12, 31))]


def day_field(label: Any) -> DateField:
    # The browser's own calendar; it sends ISO 8601, and where it has none one types that.
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return DateField(label=label, required=False, widget=widget, validators=_DAYS)


class LogForm(forms.Form):
    """Which lines are wanted. Everything may be left empty; both days are whole and in the active time zone."""

    action = forms.ChoiceField(label=_("Deed"), required=False)
    actor = forms.ModelChoiceField(
        get_user_model()._default_manager.order_by("sort_key", "pk"),
        label=_("Person"),
        required=False,
        empty_label=_("All"),
    )
    subject_type = forms.ChoiceField(label=_("Kind of subject"), required=False)
    since = day_field(_("From day"))
    until = day_field(_("To day"))

    def __init__(self, data: dict[str, str], *, site: admin.AdminSite) -> None:
        super().__init__(data, auto_id="filter_%s")
        kinds = [model._meta.label_lower for model in site._registry if model is not AuditEntry]
        names = sorted(((kind_in_words(kind), kind) for kind in kinds), key=lambda name: sort_key(name[0]))
        self.fields["action"].choices = [("", _("All")), *actions()]  # type: ignore[attr-defined]
        self.fields["subject_type"].choices = [("", _("All")), *((kind, name) for name, kind in names)]  # type: ignore[attr-defined]

    def narrow(self, entries: QuerySet) -> QuerySet:
        """The lines that are wanted; none at all while the form holds a mistake, which stands beside its field."""
        if not self.is_valid():
            return entries.none()
        wanted = self.cleaned_data
        equal = {name: wanted[name] for name in ("action", "actor", "subject_type") if wanted[name]}
        if wanted["since"]:
            equal["at__gte"] = _start_of(wanted["since"])
        if wanted["until"]:
            equal["at__lt"] = _start_of(wanted["until"] + timedelta(days=1))
        return entries.filter(**equal)


class LogFilter(FormFilter):
    title = _("log of deeds")
    template = "admin/audit/log_filter.html"
    form_class = LogForm

    def form_of(self, given: dict[str, Any], request: HttpRequest, model_admin: admin.ModelAdmin) -> LogForm:
        return LogForm(given, site=model_admin.admin_site)


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())
