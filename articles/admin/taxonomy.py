"""Sections and tags."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.admin.mended import warn
from articles.admin.people import NamedAdmin
from articles.forms import TagAliasForm, TagAliasFormSet, TagForm
from articles.models import Section, Tag, TagAlias
from newsroom.lib.admin import RowsInline
from newsroom.lib.names import begins, name_filter, typed_words


@admin.register(Section)
class SectionAdmin(NamedAdmin):
    list_display = ("name", "position", "color")
    fields = ("name", "slug", "description", "position", "color")


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
class TagAdmin(NamedAdmin):
    named_in = "tagged_items__tag"
    form = TagForm
    list_display = ("name", "slug")
    inlines = (TagAliasInline,)

    def save_model(self, request: HttpRequest, obj: models.Model, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        warn(request, form, ("name",))

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        """Tags by what they or their aliases say."""
        if not typed_words(search_term):
            return queryset, False
        aliases = TagAlias.objects.order_by()
        said = aliases.filter(name_filter(search_term)).values("tag")
        found = queryset.filter(name_filter(search_term) | Q(pk__in=said))
        first = aliases.filter(begins(search_term)).values("tag")
        return self.in_order(request, found, search_term, also_first=Q(pk__in=first)), False
