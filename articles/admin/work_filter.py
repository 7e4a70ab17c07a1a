from typing import Any

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.admin.staff import member
from articles.querysets import ArticleQuerySet
from articles.work import Heap, stories_on


class WorkFilter(SimpleListFilter):
    """The heaps of the dashboard, each whole."""

    title = _("work")
    parameter_name = "work"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> Any:
        return Heap.choices

    def queryset(self, request: HttpRequest, queryset: ArticleQuerySet) -> ArticleQuerySet:  # type: ignore[override]
        value = self.value()
        if value not in Heap.values:
            return queryset
        return queryset.filter(stories_on(Heap(value), user=member(request), now=timezone.now()))
