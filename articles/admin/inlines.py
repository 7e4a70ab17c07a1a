"""The rows that belong to one article. Whoever may edit the article may edit them."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin.helpers import InlineAdminFormSet
from django.db import models
from django.forms import ModelChoiceField
from django.http import HttpRequest

from articles.admin.staff import member
from articles.forms import AttributionFormSet, OrderedRowForm, RelatedLinkForm, RelatedLinkFormSet
from articles.models import Article, Attribution, Byline, Correction, RelatedLink
from articles.permissions import may_edit
from newsroom.lib.admin import RowsInline
from newsroom.lib.forms import DeskForm


def lend_rows(article: Article, inlines: Iterable[InlineAdminFormSet]) -> None:
    """Give the article the rows that its inlines have read, so that nothing beside the form asks for them again.

    Not those of a form that was sent: they hold what was typed.
    """
    lent = article._prefetched_objects_cache = getattr(article, "_prefetched_objects_cache", {})  # type: ignore[attr-defined]
    for inline in inlines:
        formset: Any = inline.formset
        if not formset.is_bound:
            lent[formset.fk.remote_field.get_accessor_name()] = formset.get_queryset()


class ArticlePart(RowsInline):
    """Rights come from the article, not from permissions of their own."""

    form: type[DeskForm] = DeskForm

    def has_view_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return True  # asked only for an article that may be seen itself

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return obj is None or may_edit(member(request), obj)

    def has_add_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return self.has_change_permission(request, obj)


class OrderedPart(ArticlePart):
    """Rows with a place among each other (static/admin_newsroom/ordered_rows.js)."""

    form: type[DeskForm] = OrderedRowForm
    template = "admin/articles/article/ordered_rows.html"

    class Media:
        css = {"all": ("admin_newsroom/ordered_rows.css",)}
        js = ("admin_newsroom/typed_form.js", "admin_newsroom/ordered_rows.js")


class BylineInline(OrderedPart):
    model = Byline
    fields = ("author", "role", "position")
    autocomplete_fields = list_select_related = ("author",)


class AttributionInline(OrderedPart):
    model = Attribution
    formset = AttributionFormSet
    fields = ("source", "printed_as", "url", "position")
    autocomplete_fields = list_select_related = ("source",)


class RelatedLinkInline(OrderedPart):
    model = RelatedLink
    form = RelatedLinkForm
    formset = RelatedLinkFormSet
    fk_name = "article"
    fields = ("target", "title", "url", "after_block", "position")
    autocomplete_fields = list_select_related = ("target",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).defer("target__body")

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        """A link to an article that one may not see would show its headline."""
        if db_field.name == "target":
            kwargs["queryset"] = Article.objects.visible_to(member(request)).stories()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        """No article is written in a small window on top of another."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "target":
            field.widget.can_add_related = field.widget.can_change_related = False
        return field


class CorrectionInline(ArticlePart):
    """What readers were told; a new one is published by a button of the form."""

    model = Correction
    fields = readonly_fields = ("kind", "note", "at", "by")
    list_select_related = ("by",)

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return False
