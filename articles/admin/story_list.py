from hashlib import sha256
from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property

from articles.admin.staff import member
from articles.models import Article
from articles.permissions import may_see_papers
from articles.querysets import ArticleQuerySet
from audit.admin.listing import MOST_LINES, BoundedPaginator

COUNT_HOLDS = 60  # s
# Of every list, whatever it is sorted by when it is shown.
ORDER = ("-saved_at", "-id")
# What a row shows, and what tells whose it is: an article has five times as many columns.
SHOWN = (
    "headline", "status", "publish_at", "deadline", "created_at", "saved_at", "working_copy_of", "section",
    "created_by", "assigned_to",
)  # fmt: skip
_PEOPLE = [f"{who}__{name}" for who in SHOWN[-2:] for name in ("first_name", "last_name", "username")]


class StoryPaginator(BoundedPaginator):
    @cached_property
    def _counted(self) -> int:
        """In the order of the list: an index has it, and counting ends at the bound. Without one, rows are sought.

        Where there were more than the list shows, there still are a minute later.
        """
        stories: Any = self.object_list
        counted = stories.order_by(*ORDER)[: MOST_LINES + 1]
        try:
            key = sha256(repr(counted.query.sql_with_params()).encode()).hexdigest()
        except EmptyResultSet:
            return 0
        if cache.get(key):
            return MOST_LINES + 1
        count = int(counted.count())
        if count > MOST_LINES:
            cache.set(key, True, COUNT_HOLDS)
        return count


class StoryList(ChangeList):
    """One row a story. Where it has changes that the user may see, the row leads to them."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> ArticleQuerySet:
        stories: ArticleQuerySet = super().get_queryset(request, exclude_parameters)  # type: ignore[assignment]
        return stories.stories().only(*SHOWN, "section__name", *_PEOPLE)

    def get_results(self, request: HttpRequest) -> None:
        """The copies of one page in a query of their own: joined, SQLite may look for them row by row."""
        super().get_results(request)
        user = member(request)
        self.result_list = list(self.result_list)
        copies = Article.objects.filter(working_copy_of__in=[story.pk for story in self.result_list])
        shown = copies.select_related("created_by", "assigned_to").only(*SHOWN, *_PEOPLE).order_by()
        copy_of = {copy.working_copy_of_id: copy for copy in shown}
        for story in self.result_list:
            if copy := copy_of.get(story.pk):
                copy.working_copy_of = story
            story.shown_changes = copy if copy and may_see_papers(user, copy) else None

    def url_for_result(self, result: Article) -> str:  # type: ignore[override] # this list has no others
        row = getattr(result, "shown_changes", None) or result
        return self._address.replace("/0/", f"/{row.pk}/")

    @cached_property
    def _address(self) -> str:
        """Looked up once for all rows."""
        return reverse("admin:articles_article_change", args=[0])
