"""The list of a table that grows for ever: it is never counted whole, and each line leads to what it is about."""

from collections import defaultdict
from typing import Any

from django.apps import apps
from django.contrib.admin import AdminSite
from django.contrib.admin.utils import quote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property

from audit.models import AuditEntry

MOST_LINES = 10_000


class BoundedPaginator(Paginator):
    """Counts up to MOST_LINES and no further; what is older is found by narrowing the list."""

    @cached_property
    def count(self) -> int:
        return min(self._counted, MOST_LINES)

    @property
    def has_more(self) -> bool:
        return self._counted > MOST_LINES

    @cached_property
    def _counted(self) -> int:
        entries: Any = self.object_list
        return int(entries.order_by()[: MOST_LINES + 1].count())


class LogList(ChangeList):
    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list: Any = list(self.result_list)
        lead_to_subjects(self.result_list, request, self.model_admin.admin_site)


def lead_to_subjects(entries: list[AuditEntry], request: HttpRequest, site: AdminSite) -> None:
    """Give each line the address of its subject's page, where that is still there and its reader may see it.

    One query for each kind of subject, however many lines there are.
    """
    ids: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if entry.subject_id:
            ids[entry.subject_type].add(entry.subject_id)
    found = {(kind, pk): address for kind in ids for pk, address in _addresses(kind, ids[kind], request, site)}
    for entry in entries:
        entry.subject_address = found.get((entry.subject_type, entry.subject_id), "")


def _addresses(kind: str, ids: set[str], request: HttpRequest, site: AdminSite) -> list[tuple[str, str]]:
    model = _model(kind)
    if model is None or not site.is_registered(model):
        return []
    pages = site.get_model_admin(model)
    if not pages.has_view_or_change_permission(request):
        return []
    known = [pk for pk in ids if _is_key(model, pk)]
    visible = [str(pk) for pk in pages.get_queryset(request).filter(pk__in=known).values_list("pk", flat=True)]
    name = f"{site.name}:{model._meta.app_label}_{model._meta.model_name}_change"
    return [(pk, reverse(name, args=[quote(pk)])) for pk in visible]


def _is_key(model: type[Model], pk: str) -> bool:
    """False for what was written when the table had other keys."""
    try:
        model._meta.pk.to_python(pk)
    except ValidationError:
        return False
    return True


def _model(kind: str) -> type[Model] | None:
    try:
        return apps.get_model(kind)
    except (LookupError, ValueError):
        return None
