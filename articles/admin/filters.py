from typing import Any

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.admin.staff import member
from articles.querysets import ArticleQuerySet
from articles.stages import Stage, at_stage


class StageFilter(SimpleListFilter):
    title = _("status")
    parameter_name = "stage"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> Any:
        return Stage.choices

    def queryset(self, request: HttpRequest, queryset: ArticleQuerySet) -> ArticleQuerySet:  # type: ignore[override]
        value = self.value()
        return at_stage(queryset, Stage(value), user=member(request)) if value in Stage.values else queryset


class MineFilter(SimpleListFilter):
    title = _("writer")
    parameter_name = "mine"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> Any:
        return [("1", _("my articles"))]

    def queryset(self, request: HttpRequest, queryset: ArticleQuerySet) -> ArticleQuerySet:  # type: ignore[override]
        return queryset.filter(created_by=member(request)) if self.value() else queryset
