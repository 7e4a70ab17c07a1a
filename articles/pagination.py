"""Long lists cut into pages."""

import re
from collections.abc import Sequence
from typing import Any

from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from articles.querysets import ArticleQuerySet

PER_PAGE = 20
# ASCII digits only: int() would read ٢ and 02 as well and give one page several addresses.
_NUMBER = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)


def paginate(request: HttpRequest, rows: QuerySet[Any] | Sequence[int], per_page: int = PER_PAGE) -> Page:
    """Return the page that `?page=` asks for, the first one without it.

    Raises Http404 for anything that is not a page of this list; an empty list has one empty page.
    """
    wanted = request.GET.get("page", "1")
    if not _NUMBER.fullmatch(wanted):
        raise Http404("not a page number")
    try:
        return Paginator(rows, per_page).page(int(wanted))
    except EmptyPage as error:
        raise Http404("beyond the last page") from error


def paginate_known(request: HttpRequest, articles: ArticleQuerySet) -> Page:
    """The same for a tag, author or source, which readers must not learn of before something is published.

    Raises Http404 also for an empty list.
    """
    page = paginate(request, articles)
    if not page.paginator.count:
        raise Http404("nothing published")
    return page
