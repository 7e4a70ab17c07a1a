"""Who wrote it and where it came from."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.forms import ModelChoiceField
from django.http import HttpRequest

from accounts.models import User
from articles.models import Author, Source
from audit.admin import LoggedAdmin
from newsroom.lib.arabic import fold


class NamedAdmin(LoggedAdmin):
    """Found by name, however it is spelled."""

    search_fields = ("name_key",)

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        key = fold(search_term[:100])
        return (queryset.filter(name_key__contains=key) if key else queryset), False


@admin.register(Author)
class AuthorAdmin(NamedAdmin):
    list_display = ("name", "job_title", "user")
    list_select_related = ("user",)
    autocomplete_fields = ("portrait",)
    fields = ("name", "slug", "gender", "job_title", "biography", "portrait", "email", "social_links", "user")

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        if db_field.name == "user":
            kwargs["queryset"] = User.objects.filter(is_staff=True)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Source)
class SourceAdmin(NamedAdmin):
    list_display = ("name", "kind", "home_page")
    list_filter = ("kind",)
    fields = ("name", "slug", "kind", "home_page", "note")
