from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied
from django.db import connection, models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from articles.admin import fieldsets, importing, proposals, workflow
from articles.admin.filters import MineFilter, StageFilter
from articles.admin.inlines import AttributionInline, BylineInline, CorrectionInline, RelatedLinkInline
from articles.admin.staff import member
from articles.admin.stages import stage_of
from articles.forms import ArticleForm, ChangeKind
from articles.models import Article, RelatedLink
from articles.permissions import may_delete, may_edit, may_see_papers
from articles.querysets import ArticleQuerySet
from articles.revisions import record
from newsroom.lib.admin import LONGEST_SEARCH, DeskAdmin
from newsroom.lib.arabic import fold
from richtext.render import blocks

MOST_REVISIONS = 200


@admin.register(Article)
class ArticleAdmin(DeskAdmin):
    """Articles as far as one may see them. Status changes by articles.publishing alone."""

    form = ArticleForm
    list_display = ("title", "stage", "section", "publication", "created_by", "saved")
    list_filter = (StageFilter, MineFilter, "section", "origin")
    list_select_related = ("section", "created_by")
    ordering = ("-saved_at", "-id")
    search_fields = ("headline_key",)
    autocomplete_fields = ("lead_image",)

    class Media:
        css = {"all": ("admin_newsroom/article.css",)}
        js = ("admin_newsroom/tags.js",)

    @admin.display(description=_("headline"), ordering="headline_key")
    def title(self, article: Article) -> str:
        return str(article)

    @admin.display(description=_("status"))
    def stage(self, article: Article) -> str:
        return str(stage_of(article).label)

    @admin.display(description=_("publication time"), ordering="publish_at", empty_value="—")
    def publication(self, article: Article) -> str | None:
        return _short(article.publish_at) if article.publish_at else None

    @admin.display(description=_("saved at"), ordering="saved_at")
    def saved(self, article: Article) -> str:
        return _short(article.saved_at)

    @admin.display(description=_("body"))
    def shown_body(self, article: Article) -> str:
        """The body for those who may read and not write it."""
        return format_html_join("", "{}", ((block,) for block in blocks(article.body)))

    # Who sees what

    def get_queryset(self, request: HttpRequest) -> ArticleQuerySet:
        articles: ArticleQuerySet = super().get_queryset(request)  # type: ignore[assignment]
        return articles.visible_to(member(request))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Article | None:
        """The row, locked while a POST decides about it: rights depend on its status."""
        article = super().get_object(request, object_id, from_field)
        if article is not None and request.method == "POST" and connection.in_atomic_block:
            Article.objects.select_for_update().get(pk=article.pk)
            article.refresh_from_db()
        return article

    def has_view_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        if not super().has_view_permission(request):
            return False
        return obj is None or Article.objects.visible_to(member(request)).filter(pk=obj.pk).exists()

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return super().has_change_permission(request) and (obj is None or may_edit(member(request), obj))

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return super().has_delete_permission(request) and (obj is None or may_delete(member(request), obj))

    def view_on_site(self, obj: Article) -> str | None:
        return obj.get_absolute_url() if obj.is_published else None

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        """Headlines by what they say, however they are spelled."""
        key = fold(search_term[:LONGEST_SEARCH])
        return (queryset.filter(headline_key__contains=key) if key else queryset), False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        # Arabic writes the accusative, so Django's sentence with any noun in it would be wrong.
        title = _("Select an article to edit")
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response = super().history_view(request, object_id, extra_context)
        if isinstance(response, TemplateResponse) and response.context_data:
            article: Article = response.context_data["object"]
            response.context_data["revisions"] = article.revisions.select_related("by").defer("data")[:MOST_REVISIONS]
            response.context_data["shows_reasons"] = may_see_papers(member(request), article)
        return response

    # Texts to import

    def get_urls(self) -> list[URLPattern]:
        page = path("import/", self.admin_site.admin_view(self.import_view), name="articles_article_import")
        return [page, *super().get_urls()]

    def import_view(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm("articles.import_article"):
            raise PermissionDenied
        return importing.import_page(request, self.admin_site)

    # The form

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        return fieldsets.fieldsets_for(obj, member(request))

    def get_form(self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any) -> Any:
        """Without our own fields where the form does not show them: words of deeds, the editor."""
        form = super().get_form(request, obj, change, **kwargs)
        shown = flatten_fieldsets(self.get_fieldsets(request, obj))
        form.base_fields = {
            name: field
            for name, field in form.base_fields.items()
            if name in shown or name not in ArticleForm.declared_fields
        }
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> tuple[str, ...]:
        return fieldsets.readonly_for(obj)

    def get_inlines(self, request: HttpRequest, obj: Article | None) -> list[type[admin.options.InlineModelAdmin]]:
        inlines: list[type[admin.options.InlineModelAdmin]] = [
            BylineInline,
            AttributionInline,
            RelatedLinkInline,
        ]
        return [*inlines, CorrectionInline] if obj and obj.corrections.exists() else inlines

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Article | None = None,
    ) -> HttpResponse:
        is_editable = self.has_change_permission(request, obj) if obj else True
        context |= {
            "deeds": workflow.offered(obj, member(request)) if is_editable else [],
            "proposals": proposals.proposals_for(obj, request) if obj else None,
            "is_editable": is_editable,
        }
        response = super().render_change_form(request, context, add, change, form_url, obj)
        response.uses_editor = is_editable  # type: ignore[attr-defined]
        return response

    # Saving

    def save_model(self, request: HttpRequest, obj: Article, form: ArticleForm, change: bool) -> None:
        if not change:
            obj.created_by = member(request)
            obj.save()
            return
        # Only what the form shows: everything else belongs to articles.publishing.
        written = {f.name for f in obj._meta.concrete_fields if f.editable and f.name in form.cleaned_data}
        if obj.is_published and form.cleaned_data.get("change_kind") == ChangeKind.UPDATE:
            obj.updated_at = timezone.now()
            written.add("updated_at")
        obj.save(update_fields=written | {"slug", "headline_key", "saved_at"})

    def save_related(self, request: HttpRequest, form: ArticleForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        record(form.instance, by=member(request))
        if deed := workflow.asked_for(request):
            workflow.carry_out(deed, form.instance, request, form)
        else:
            proposals.carry_out(request, form.instance)

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> list[Any]:
        """Without links: one of them may be named by an article that not every reader of the history may see."""
        told = [formset for formset in formsets or () if formset.model is not RelatedLink]
        return super().construct_change_message(request, form, told, add)

    def response_add(self, request: HttpRequest, obj: Article, post_url_continue: str | None = None) -> HttpResponse:
        return self._stay(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        return self._stay(request, obj) or super().response_change(request, obj)

    def _stay(self, request: HttpRequest, article: Article) -> HttpResponse | None:
        """Back to the article after a deed, which has said itself what it did."""
        if workflow.asked_for(request) or proposals.asked_for(request):
            return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))
        return None


def _short(moment: datetime) -> str:
    """Day above hour in a narrow column: months in words would push the last columns out of the window."""
    local = timezone.localtime(moment)
    parts = ((date_format(local, name),) for name in ("SHORT_DATE_FORMAT", "TIME_FORMAT"))
    return format_html_join(" ", '<span class="moment">{}</span>', parts)
