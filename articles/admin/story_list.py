from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property

from articles.admin.staff import member
from articles.models import Article
from articles.permissions import may_see_papers
from articles.querysets import ArticleQuerySet
from audit.admin.listing import MOST_LINES, BoundedPaginator

# Of every list, whatever it is sorted by when it is shown.
ORDER = ("-saved_at", "-id")


class StoryPaginator(BoundedPaginator):
    @cached_property
    def _counted(self) -> int:
        """In the order of the list: an index has it, and counting ends at the bound. Without one, rows are sought."""
        stories: Any = self.object_list
        return int(stories.order_by(*ORDER)[: MOST_LINES + 1].count())


class StoryList(ChangeList):
    """One row a story. Where it has changes that the user may see, the row leads to them."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> ArticleQuerySet:
        stories: ArticleQuerySet = super().get_queryset(request, exclude_parameters)  # type: ignore[assignment]
        return stories.stories().defer("body")

    def get_results(self, request: HttpRequest) -> None:
        """The copies of one page in a query of their own: joined, SQLite may look for them row by row."""
        super().get_results(request)
        user = member(request)
        self.result_list = list(self.result_list)
        copies = Article.objects.filter(working_copy_of__in=[story.pk for story in self.result_list])
        copy_of = {copy.working_copy_of_id: copy for copy in copies.select_related("assigned_to").defer("body")}
        for story in self.result_list:
            if copy := copy_of.get(story.pk):
                copy.working_copy_of = story
            story.shown_changes = copy if copy and may_see_papers(user, copy) else None

    def url_for_result(self, result: Article) -> str:  # type: ignore[override] # this list has no others
        row = getattr(result, "shown_changes", None) or result
        return reverse("admin:articles_article_change", args=[row.pk])
