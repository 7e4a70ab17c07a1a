from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied
from django.db import connection, models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from articles.admin import (
    changes,
    checklist,
    comments,
    coverage,
    deed_words,
    fieldsets,
    history,
    importing,
    mended,
    prefilled,
    preview_links,
    previewing,
    printed_lines,
    proposals,
    publishing_page,
    reads,
    sent_twice,
    suggesting,
    tag_questions,
    workflow,
)
from articles.admin.filters import MineFilter, StageFilter
from articles.admin.inlines import AttributionInline, BylineInline, CorrectionInline, RelatedLinkInline, lend_rows
from articles.admin.staff import member, seen_version
from articles.admin.story_list import ORDER, StoryList, StoryPaginator
from articles.admin.unsaved import KeepsWords
from articles.admin.work_filter import WorkFilter
from articles.forms import ArticleForm
from articles.link_checking import check_links_later
from articles.listing import readdress
from articles.models import Article, RelatedLink, SearchDocument
from articles.permissions import may_delete, may_edit, may_publish, may_see_papers, may_view
from articles.publishing import WrongState, lock, require_seen
from articles.querysets import ArticleQuerySet
from articles.revisions import DERIVED_FIELDS, record
from articles.search.at_the_desk import search_stories
from articles.search.engines import Column
from articles.staffing import announce_assignment
from articles.stages import Stage, stage_of
from articles.tag_doubts import ADD_TAG
from articles.work import UNFINISHED, is_date_passed, is_late
from images.admin.widgets import PicksPictures
from newsroom.lib.bidi import isolate
from newsroom.lib.dates import format_clock, format_short_date
from newsroom.lib.keys import read_key
from newsroom.lib.site_style import site_style
from richtext.render import blocks


@admin.register(Article)
class ArticleAdmin(PicksPictures, KeepsWords):
    """Articles as far as one may see them. Status changes by articles.publishing alone."""

    form = ArticleForm
    list_display = ("title", "stage", "section", "publication", "writer", "saved")
    list_filter = (StageFilter, WorkFilter, MineFilter, "section", "origin")
    list_select_related = ("section", "created_by", "assigned_to")
    ordering = ORDER
    paginator = StoryPaginator
    search_fields = ("headline_key",)
    autocomplete_fields = picture_fields = ("lead_image",)

    class Media:
        css = {
            "all": (
                "admin_newsroom/article.css",
                "admin_newsroom/suggestions.css",
                "admin_newsroom/workflow.css",
                "admin_newsroom/checklist.css",
                "admin_newsroom/compare.css",
            )
        }
        js = (
            "admin_newsroom/tags.js",
            "admin_newsroom/suggestions.js",
            "admin_newsroom/comments.js",
            "admin_newsroom/checklist.js",
        )

    @admin.display(description=gettext_lazy("headline"), ordering="headline_key")
    def title(self, article: Article) -> str:
        return isolate(str(article))

    @admin.display(description=gettext_lazy("status"))
    def stage(self, article: Article) -> str:
        """«منشور + تعديلات» where a working copy stands beside the story, in its own state."""
        label = str(stage_of(article).label)
        changes: Article | None = getattr(article, "shown_changes", None)
        if changes is None:
            return label
        where = stage_of(changes)
        words = _("changes") if where == Stage.DRAFT else _("changes: %(status)s") % {"status": where.label}
        return format_html('{} <span class="with-changes">+ {}</span>', label, words)

    @admin.display(description=gettext_lazy("publication time"), ordering="publish_at", empty_value="—")
    def publication(self, article: Article) -> str | None:
        if article.publish_at is None:
            return None
        return _short(article.publish_at, is_overdue=is_date_passed(article, timezone.now()))

    @admin.display(description=gettext_lazy("writer"), ordering="deadline", empty_value="—")
    def writer(self, article: Article) -> str | None:
        """Who has it in hand, and until when."""
        row: Article = getattr(article, "shown_changes", None) or article
        person = row.assigned_to or article.created_by
        if row.deadline is None or row.status not in UNFINISHED:
            return str(person) if person else None
        deadline = _short(row.deadline, is_overdue=is_late(row, timezone.now()))
        return format_html("{}<br>{} {}", person or "", _("until"), deadline)

    @admin.display(description=gettext_lazy("saved at"), ordering="saved_at")
    def saved(self, article: Article) -> str:
        return _short(article.saved_at)

    @admin.display(description=gettext_lazy("body"))
    def shown_body(self, article: Article) -> str:
        """The body for those who may read and not write it."""
        return format_html_join("", "{}", ((block,) for block in blocks(article.body)))

    # Who sees what

    def get_queryset(self, request: HttpRequest) -> ArticleQuerySet:
        articles: ArticleQuerySet = super().get_queryset(request)  # type: ignore[assignment]
        return articles.visible_to(member(request))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Article | None:
        """The row, locked while a POST decides about it: rights depend on its status.

        None also for changes that were published or discarded while this request waited for the lock.
        """
        article = super().get_object(request, object_id, from_field)
        if article is not None and request.method == "POST" and connection.in_atomic_block:
            try:
                lock(article.pk)
            except WrongState:
                article = None
            else:
                article.refresh_from_db()
        self.check_version(request, article)
        return article

    def visible_or_404(self, request: HttpRequest, object_id: int) -> Article:
        """An article that the member of staff may look at. Raises Http404: nobody learns what exists."""
        article = self.get_object(request, str(object_id))
        if article is None or not self.has_view_permission(request, article):
            raise Http404
        return article

    def has_view_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        if not super().has_view_permission(request):
            return False
        return obj is None or may_view(member(request), obj)

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Of a published story nothing is written here, but corrections and its withdrawal are sent from its form."""
        if not super().has_change_permission(request):
            return False
        user = member(request)
        return obj is None or may_edit(user, obj) or (obj.is_published and may_publish(user))

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return super().has_delete_permission(request) and (obj is None or may_delete(member(request), obj))

    def view_on_site(self, obj: Article) -> str | None:
        return obj.get_absolute_url() if obj.is_published else None

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        """What holds the words, or its headline where somebody picks an article; a copy stands for its story."""
        stories: ArticleQuerySet = queryset.filter(working_copy_of__isnull=True)  # type: ignore[assignment]
        if not search_term:
            return stories, False
        is_picking = request.resolver_match is not None and request.resolver_match.url_name == "autocomplete"
        changes = self.get_queryset(request).working_copies()
        column: Column = "title" if is_picking else "words"
        return search_stories(stories, search_term, changes=changes, column=column), False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[StoryList]:
        return StoryList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        # Arabic writes the accusative, so Django's sentence with any noun in it would be wrong.
        title = _("Select an article to edit")
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Our own versions in place of Django's log."""
        key = read_key(object_id)
        if key is None:
            raise Http404
        return history.history_page(request, self.visible_or_404(request, key), self.admin_site)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[list[Any], Any, set[str], list[Any]]:
        """Without the search document, which is no thing of the desk."""
        names, counts, unallowed, protected = super().get_deleted_objects(objs, request)
        counts = {name: count for name, count in counts.items() if name != SearchDocument._meta.verbose_name_plural}
        own = f"{capfirst(SearchDocument._meta.verbose_name)}:"
        return _without(names, own), counts, unallowed, protected

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Only the version that the page has shown."""
        with transaction.atomic():
            article = self.get_object(request, object_id) if request.method == "POST" else None
            if article and self.has_delete_permission(request, article):
                try:
                    require_seen(article, seen_version(request))
                except WrongState as error:
                    messages.error(request, str(error))
                    return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))
            return super().delete_view(request, object_id, extra_context)

    # Saved versions

    def compare_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return history.compare_page(request, self.visible_or_404(request, object_id), self.admin_site)

    def revision_view(self, request: HttpRequest, object_id: int, version: int) -> HttpResponse:
        article = self.visible_or_404(request, object_id)
        return history.revision_page(request, article, self.admin_site, version)

    def restore_view(self, request: HttpRequest, object_id: int, version: int) -> HttpResponse:
        article = self.visible_or_404(request, object_id)
        return history.restore_page(request, article, self.admin_site, version)

    # Texts to import

    def get_urls(self) -> list[URLPattern]:
        pages: dict[str, tuple[Callable[..., HttpResponse], str]] = {
            "import/": (self.import_view, "import"),
            "<int:object_id>/edit/": (self.edit_view, "edit"),
            "<int:object_id>/discard/": (self.discard_view, "discard"),
            "preview/print.css": (self.print_styles_view, "print_styles"),
            "add/check/": (self.check_view, "check_new"),
            "<int:object_id>/check/": (self.check_view, "check"),
            "add/mend/": (self.mend_view, "mend_new"),
            "<int:object_id>/mend/": (self.mend_view, "mend"),
            "add/preview/": (self.preview_view, "preview_new"),
            "<int:object_id>/preview/": (self.preview_view, "preview"),
            "add/printed_line/": (self.printed_line_view, "printed_line_new"),
            "<int:object_id>/printed_line/": (self.printed_line_view, "printed_line"),
            "<int:object_id>/links/": (self.links_view, "links"),
            "<int:object_id>/links/<int:number>/revoke/": (self.revoke_link_view, "link_revoke"),
            "add/suggest/": (self.suggest_view, "suggest_new"),
            "<int:object_id>/suggest/": (self.suggest_view, "suggest"),
            "<int:object_id>/related/": (self.related_view, "related"),
            "<int:object_id>/publish/": (self.publish_view, "publish"),
            "<int:object_id>/coverage/": (self.coverage_view, "coverage"),
            "<int:object_id>/coverage/<int:number>/": (self.update_view, "update"),
            "<int:object_id>/comments/": (self.comments_view, "comments"),
            "<int:object_id>/comments/<int:number>/resolve/": (self.resolve_view, "comment_resolve"),
            "<int:object_id>/reads/": (self.reads_view, "reads"),
            "<int:object_id>/compare/": (self.compare_view, "compare"),
            "<int:object_id>/revisions/<int:version>/": (self.revision_view, "revision"),
            "<int:object_id>/revisions/<int:version>/restore/": (self.restore_view, "restore"),
        }
        view = self.admin_site.admin_view
        ours = [path(route, view(page), name=f"articles_article_{name}") for route, (page, name) in pages.items()]
        for url in ours:
            if url.name in previewing.FRAMED:
                url.callback = previewing.says_so(url.callback)
        return [*ours, *super().get_urls()]

    def import_view(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm("articles.import_article"):
            raise PermissionDenied
        return importing.import_page(request, self.admin_site)

    # Changes of a published story

    def edit_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return changes.edit(request, self.visible_or_404(request, object_id))

    def discard_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return changes.discard(request, self.visible_or_404(request, object_id), self.admin_site)

    # Publication and comments

    def publish_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        if request.method == "POST" and self.get_object(request, str(object_id)) is None:
            return publishing_page.after_the_changes(request, self.get_queryset(request))
        return publishing_page.publishing_page(request, self.visible_or_404(request, object_id), self.admin_site)

    def comments_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return comments.comments_page(request, self.visible_or_404(request, object_id), self.admin_site)

    def resolve_view(self, request: HttpRequest, object_id: int, number: int) -> HttpResponse:
        return comments.resolve(request, self.visible_or_404(request, object_id), number)

    # Checklist

    def check_view(self, request: HttpRequest, object_id: int | None = None) -> HttpResponse:
        return checklist.check(self, request, object_id)

    def mend_view(self, request: HttpRequest, object_id: int | None = None) -> HttpResponse:
        return checklist.mend(self, request, object_id)

    # Previews

    def preview_view(self, request: HttpRequest, object_id: int | None = None) -> HttpResponse:
        return previewing.preview(self, request, object_id)

    def printed_line_view(self, request: HttpRequest, object_id: int | None = None) -> HttpResponse:
        return printed_lines.printed_line(self, request, object_id)

    def print_styles_view(self, request: HttpRequest) -> HttpResponse:
        return previewing.print_styles(request)

    def links_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return preview_links.links_page(request, self.visible_or_404(request, object_id), self.admin_site)

    def revoke_link_view(self, request: HttpRequest, object_id: int, number: int) -> HttpResponse:
        return preview_links.revoke_link(request, self.visible_or_404(request, object_id), number)

    # Tags and related articles

    def suggest_view(self, request: HttpRequest, object_id: int | None = None) -> HttpResponse:
        return suggesting.suggest(self, request, object_id)

    def related_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return suggesting.choose(self, request, object_id)

    # Live coverage

    def coverage_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return coverage.coverage_page(request, self.visible_or_404(request, object_id), self.admin_site)

    def update_view(self, request: HttpRequest, object_id: int, number: int) -> HttpResponse:
        return coverage.update_page(request, self.visible_or_404(request, object_id), number, self.admin_site)

    def reads_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return reads.reads_page(request, self.visible_or_404(request, object_id), self.admin_site)

    # The form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return prefilled.filled_from(request.GET)

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        return deed_words.opened(fieldsets.fieldsets_for(obj, member(request)), request, obj)

    def get_form(self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any) -> Any:
        """Without our own fields where the form does not show them: words of deeds, the editor."""
        form = super().get_form(request, obj, change, **kwargs)
        shown = flatten_fieldsets(self.get_fieldsets(request, obj))
        form.base_fields = {
            name: field
            for name, field in form.base_fields.items()
            if name in shown or name not in ArticleForm.declared_fields
        }
        deed_words.put_back(form, request, obj)
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> Any:
        return fieldsets.readonly_for(obj, member(request))

    def get_inlines(self, request: HttpRequest, obj: Article | None) -> list[type[admin.options.InlineModelAdmin]]:
        inlines: list[type[admin.options.InlineModelAdmin]] = [
            BylineInline,
            AttributionInline,
            RelatedLinkInline,
        ]
        has_corrections = obj and obj.published_at and obj.corrections.exists()
        return [*inlines, CorrectionInline] if has_corrections else inlines

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Article | None = None,
    ) -> HttpResponse:
        user = member(request)
        is_editable = may_edit(user, obj) if obj else True
        if obj:
            lend_rows(obj, context["inline_admin_formsets"])
        context |= {
            "deeds": workflow.offered(obj, user),
            "discussion": comments.discussion_of(obj, user) if obj else None,
            "proposals": proposals.proposals_for(obj, request) if obj else None,
            "is_editable": is_editable,
            "words": self.words_context(request, obj, is_editable=is_editable),
            "printed_lines": printed_lines.stored_lines(obj) if obj else printed_lines.no_lines(),
            "printed_url": printed_lines.address_for(obj),
            "previews": previewing.pane_for(obj, user) if is_editable else None,
            "shares_previews": obj is not None and preview_links.may_share(user, obj),
            **checklist.beside(request, obj, is_editable=is_editable),
            "changes": changes.state_for(obj, user) if obj else None,
            **suggesting.beside(request, obj, context["adminform"].form, is_editable=is_editable),
            "shows_papers": obj is not None and may_see_papers(user, obj),
            "shows_reads": obj is not None and obj.story.published_at is not None,
        }
        response = super().render_change_form(request, context, add, change, form_url, obj)
        response.uses_editor = is_editable  # type: ignore[attr-defined]
        return response

    # Saving

    def save_model(self, request: HttpRequest, obj: Article, form: ArticleForm, change: bool) -> None:
        if not change:
            obj.created_by = member(request)
            obj.form_key = sent_twice.form_key(obj.created_by, dict(request.POST.lists()))
            obj.save()
            self._tell_assigned(request, obj, form)
            return
        if not may_edit(member(request), obj):
            return  # a deed of a published story: its text is not in the form
        # Only what the form shows: everything else belongs to articles.publishing.
        written = {f.name for f in obj._meta.concrete_fields if f.editable and f.name in form.cleaned_data}
        obj.save(update_fields=written | set(DERIVED_FIELDS))
        if "canonical_url" in form.changed_data:
            readdress(obj, before=form.initial["canonical_url"])
        self._tell_assigned(request, obj, form)

    def _tell_assigned(self, request: HttpRequest, article: Article, form: ArticleForm) -> None:
        if "assigned_to" in form.changed_data:
            before = User.objects.filter(pk=form.initial.get("assigned_to") or 0).first()
            announce_assignment(article, by=member(request), before=before)

    def save_related(self, request: HttpRequest, form: ArticleForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        article: Article = form.instance
        if not change or may_edit(member(request), article):
            reason = checklist.reason_of(request)
            record(article, by=member(request), reason=reason, mended=mended.tell(request, form, formsets))
            check_links_later(article)
            self.forget_words(request, article)
        done = ""
        if tag_questions.keep(request, article, form):
            pass  # a deed waits for the answer: it may take the text out of one's hands
        elif deed := workflow.asked_for(request):
            done = deed.name if workflow.carry_out(deed, article, request, form) else ""
        else:
            proposals.carry_out(request, article)
            workflow.remind_of_date(article, request)
        deed_words.keep(request, article, done=done)

    def tell_mended(self, request: HttpRequest, form: Any, formsets: Any) -> None:
        """`save_related` says it, and keeps it with the version."""

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> list[Any]:
        """Without links: one of them may be named by an article that not every reader of the history may see."""
        told = [formset for formset in formsets or () if formset.model is not RelatedLink]
        return super().construct_change_message(request, form, told, add)

    def response_add(self, request: HttpRequest, obj: Article, post_url_continue: str | None = None) -> HttpResponse:
        return self._stay(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        return self._stay(request, obj) or super().response_change(request, obj)

    def _stay(self, request: HttpRequest, article: Article) -> HttpResponse | None:
        """Back to the article after a deed, which has said itself what it did, and while a tag is asked about."""
        if ADD_TAG in request.POST or tag_questions.is_asking(request, article):
            return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))
        deed = workflow.asked_for(request)
        if deed or proposals.asked_for(request):
            page = "publish" if deed and deed.name in workflow.TO_PUBLISHING_PAGE else "change"
            return HttpResponseRedirect(reverse(f"admin:articles_article_{page}", args=[article.pk]))
        return None


def _without(names: list[Any], beginning: str) -> list[Any]:
    """A nested list of names without those that begin like this."""
    kept = (_without(name, beginning) if isinstance(name, list) else name for name in names)
    return [name for name in kept if isinstance(name, list) or not str(name).startswith(beginning)]


def _short(moment: datetime, *, is_overdue: bool = False) -> str:
    """Day above hour in a narrow column: months in words would push the last columns out of the window."""
    style = site_style()
    day, hour = format_short_date(moment, style), format_clock(moment, style)
    shown = format_html('<span class="moment">{}</span> <span class="moment">{}</span>', day, hour)
    if not is_overdue:
        return shown
    return format_html('<span class="is-overdue">{} <span class="moment">{}</span></span>', shown, _("overdue"))
