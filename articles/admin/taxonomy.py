"""Sections and tags."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from articles.admin import tag_pages
from articles.admin.mended import warn
from articles.admin.people import NamedAdmin
from articles.admin.staff import member
from articles.forms import TagAliasForm, TagAliasFormSet, TagForm
from articles.models import Section, Tag, TagAlias
from articles.tag_merging import may_merge
from newsroom.lib.admin import RowsInline
from newsroom.lib.admin_dates import number_column
from newsroom.lib.names import begins, name_filter, typed_words


@admin.register(Section)
class SectionAdmin(NamedAdmin):
    list_display = ("name", number_column("position", _("position")), "color")
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
    actions = ("merge_selected",)  # type: ignore[assignment] # others have none

    class Media:
        css = {"all": ("admin_newsroom/article.css", "admin_newsroom/suggestions.css")}
        js = ("admin_newsroom/tags.js",)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        ours = [
            path("words/", view(self.words_view), name="articles_tag_words"),
            path("similar/", view(self.similar_view), name="articles_tag_similar"),
            path("<int:object_id>/merge/", view(self.merge_view), name="articles_tag_merge"),
        ]
        return [*ours, *super().get_urls()]

    def words_view(self, request: HttpRequest) -> HttpResponse:
        return tag_pages.words(self, request)

    def similar_view(self, request: HttpRequest) -> HttpResponse:
        return tag_pages.similar_page(request, self.admin_site)

    def merge_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return tag_pages.merge_page(request, object_id, self.admin_site)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """None of Django's own: deleting many at once asks nothing about what carries them."""
        actions = super().get_actions(request) if may_merge(member(request)) else {}
        return {name: action for name, action in actions.items() if name == "merge_selected"}

    @admin.action(description=_("Merge two tags…"), permissions=["delete"])
    def merge_selected(self, request: HttpRequest, queryset: models.QuerySet) -> HttpResponse | None:
        return tag_pages.merge_selected(request, queryset)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"may_merge": may_merge(member(request)), **(extra_context or {})})

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        context |= {"near": tag_pages.near_of(context["adminform"].form), "may_merge": may_merge(member(request))}
        return super().render_change_form(request, context, *args, **kwargs)

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
