"""What the admin does goes into our log, not into Django's own, which could be changed and knows no address."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin.views.main import PAGE_VAR
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from audit.enums import Action
from audit.models import AuditEntry
from audit.querysets import AuditEntryQuerySet
from audit.recording import log
from newsroom.lib.admin import DeskAdmin

LINES_PER_PAGE = 100


class LoggedAdmin(DeskAdmin):
    """The base of our ModelAdmins: adding, changing and deleting write a line, the history page shows them."""

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> list[Any]:
        """The names of the fields and inlines that were changed, as the form calls them."""
        inlines = [formset for formset in formsets or () if _is_changed(formset)]
        return [
            *(self._label(form, name) for name in form.changed_data),
            *(str(formset.model._meta.verbose_name_plural) for formset in inlines),
        ]

    def _label(self, form: BaseForm, name: str) -> str:
        if name in form.fields:
            return str(form.fields[name].label or name)
        try:
            return str(self.model._meta.get_field(name).verbose_name)
        except FieldDoesNotExist:
            return name

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        log(Action.ADDED, by=_actor(request), subject=obj)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Nothing is written where a form was saved as it was: the deed of its button writes a line of its own."""
        if message:
            note = message if isinstance(message, str) else "، ".join(message)
            log(Action.CHANGED, by=_actor(request), subject=obj, note=note)

    def log_deletions(self, request: HttpRequest, queryset: Iterable[Model]) -> Any:
        for obj in queryset:
            log(Action.DELETED, by=_actor(request), subject=obj)

    def deeds_of(self, obj: Model) -> AuditEntryQuerySet:
        """The lines about one row, the newest first. Whoever may see the row may see them, without the addresses."""
        deeds: AuditEntryQuerySet = AuditEntry.objects.about(obj)
        return deeds

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django's page, which knows who may see it, over the lines of our log."""
        response = super().history_view(request, object_id, extra_context)
        if isinstance(response, TemplateResponse) and response.context_data:
            deeds = self.deeds_of(response.context_data["object"])
            paginator = self.get_paginator(request, deeds, LINES_PER_PAGE)
            page = paginator.get_page(request.GET.get(PAGE_VAR, 1))
            response.context_data |= {
                "action_list": page,
                "page_range": paginator.get_elided_page_range(page.number),
                "pagination_required": paginator.num_pages > 1,
            }
        return response


def _actor(request: HttpRequest) -> AbstractBaseUser | None:
    return request.user if request.user.is_authenticated else None


def _is_changed(formset: Any) -> bool:
    return bool(formset.new_objects or formset.changed_objects or formset.deleted_objects)
