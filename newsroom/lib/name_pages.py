"""Pages of a long list of names, found in an index before a row is read."""

from collections.abc import Iterable
from typing import Any

from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.db.models import QuerySet


class _NamePage(Page):
    def __init__(self, rows: Iterable[Any], number: int, paginator: Paginator, *, is_last: bool) -> None:
        super().__init__(list(rows), number, paginator)
        self.is_last = is_last

    def has_next(self) -> bool:
        return not self.is_last


class NamePaginator(Paginator):
    """Keys first, which sorting moves about cheaply, then the rows of this page; counts only when it is asked."""

    object_list: QuerySet

    def page(self, number: int | str) -> Page:
        """Raises PageNotAnInteger and EmptyPage as Django's does."""
        try:
            at = int(number)
        except ValueError as error:
            raise PageNotAnInteger from error
        first = (at - 1) * self.per_page
        if first < 0:
            raise EmptyPage
        keys = list(self.object_list.values_list("pk", flat=True)[first : first + self.per_page + 1])
        if not keys and at > 1:
            raise EmptyPage
        shown = keys[: self.per_page]
        rows = self.object_list.order_by().in_bulk(shown)
        return _NamePage((rows[key] for key in shown if key in rows), at, self, is_last=len(keys) <= self.per_page)
