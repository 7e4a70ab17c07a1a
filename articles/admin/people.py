"""Who wrote it and where it came from."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.forms import ModelChoiceField
from django.http import HttpRequest

from accounts.models import User
from articles.models import Article, Author, Source
from articles.search.indexing import forget
from audit.admin import LoggedAdmin
from images.admin.widgets import PicksPictures
from newsroom.lib.name_pages import NamePaginator


class NamedAdmin(LoggedAdmin):
    """Found by name, however it is spelled."""

    search_fields = ("name_key",)
    found_order = ("sort_key",)
    paginator = NamePaginator
    # From an article to what is named; '' where the search does not look at the name.
    named_in = ""

    def save_model(self, request: HttpRequest, obj: models.Model, form: Any, change: bool) -> None:
        """Articles are found by the new name within a minute."""
        super().save_model(request, obj, form, change)
        if change and self.named_in and "name" in form.changed_data:
            forget(Article.objects.filter(**{self.named_in: obj}))

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        if self.named_in:
            forget(Article.objects.filter(**{self.named_in: obj}))
        super().delete_model(request, obj)


@admin.register(Author)
class AuthorAdmin(PicksPictures, NamedAdmin):
    named_in = "bylines__author"
    list_display = ("name", "job_title", "user")
    list_select_related = ("user",)
    autocomplete_fields = picture_fields = ("portrait",)
    fields = (
        "name",
        "slug",
        "gender",
        "job_title",
        "biography",
        "languages",
        "portrait",
        "email",
        "social_links",
        "user",
    )

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        if db_field.name == "user":
            kwargs["queryset"] = User.objects.filter(is_staff=True).order_by("sort_key", "pk")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Source)
class SourceAdmin(NamedAdmin):
    named_in = "attributions__source"
    list_display = ("name", "kind", "home_page")
    list_filter = ("kind",)
    fields = ("name", "slug", "kind", "home_page", "note", "republishing_note")
