"""Sections and tags."""

from django.contrib import admin
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.forms import TagAliasForm, TagAliasFormSet, TagForm
from articles.models import Section, Tag, TagAlias
from audit.admin import LoggedAdmin
from newsroom.lib.admin import RowsInline
from newsroom.lib.arabic import fold


@admin.register(Section)
class SectionAdmin(LoggedAdmin):
    list_display = ("name", "position", "color")
    fields = ("name", "slug", "description", "position", "color")
    search_fields = ("name",)


class TagAliasInline(RowsInline):
    model = TagAlias
    form = TagAliasForm
    formset = TagAliasFormSet
    extra = 1
    verbose_name_plural = _("aliases: other words for this tag")

    def has_change_permission(self, request: HttpRequest, obj: Tag | None = None) -> bool:
        return request.user.has_perm("articles.change_tag")

    has_add_permission = has_delete_permission = has_change_permission

    def has_view_permission(self, request: HttpRequest, obj: Tag | None = None) -> bool:
        return True


@admin.register(Tag)
class TagAdmin(LoggedAdmin):
    form = TagForm
    list_display = ("name", "slug")
    search_fields = ("name_key",)
    inlines = (TagAliasInline,)

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        """Tags by what they or their aliases say."""
        key = fold(search_term[:100])
        if not key:
            return queryset, False
        aliased = TagAlias.objects.filter(name_key__contains=key).values("tag")
        return queryset.filter(Q(name_key__contains=key) | Q(pk__in=aliased)), False
