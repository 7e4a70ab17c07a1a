"""Long lists cut into pages, each found from where the last one ended: the thousandth costs what the first does.

A page is named by the row before it, `?before=h8k2m1x9q0-2n9c` (cursor_of), so that it keeps its rows while newer ones
come in. The newest page has the plain address. Nothing is counted and nothing skipped.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any, Protocol

from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models import BooleanField, Expression, F, Func, QuerySet, Value
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.encoding import escape_uri_path
from django.utils.http import base36_to_int, int_to_base36

from articles.querysets import ArticleQuerySet

PER_PAGE = 20
# A tag, author or source says how many stories it has as far as this.
MOST_COUNTED = 100
# Where lists that are not of articles say when and in which order: time and key.
Order = tuple[str, str]
# Where a row stands in that order.
Place = tuple[datetime, int]

# ASCII digits only: int() would read ٢ and 02 as well and give one page several addresses.
_NUMBER = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)
# No more digits than the last moment of the calendar and the last key of a database have.
_CURSOR = re.compile(r"([1-9a-z][0-9a-z]{0,11})-([1-9a-z][0-9a-z]{0,11})", re.ASCII)
_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Elsewhere(Exception):
    """The page has another address in the same list: `query` (without a cursor where it is "")."""

    def __init__(self, query: str, *, for_good: bool = False) -> None:
        self.query, self.for_good = query, for_good
        super().__init__(query)


@dataclass(frozen=True)
class ListPage:
    """Rows of a list, newest first; `newer` and `older` are queries of the pages beside, None where there is none.

    `count` is that of all rows where somebody asked for it, no further than MOST_COUNTED + 1.
    """

    rows: Sequence[Any]
    query: str = ""
    newer: str | None = None
    older: str | None = None
    newest: datetime | None = None
    oldest: datetime | None = None
    count: int | None = None

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def is_first(self) -> bool:
        return self.newer is None

    @property
    def is_one_of_many(self) -> bool:
        return self.newer is not None or self.older is not None


class Below(Func):
    """(time, key) < (time, key): the comparison that both databases answer by walking an index of the two."""

    sign = "<"
    output_field = BooleanField()

    def __init__(self, order: Order, place: Place | tuple[Expression, Expression]) -> None:
        moment, key = order
        at, of = (each if isinstance(each, Expression) else Value(each) for each in place)
        super().__init__(F(moment), F(key), at, of)

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:  # type: ignore[override]
        parts = [compiler.compile(part) for part in self.get_source_expressions()]
        names = [sql for sql, _params in parts]
        sql = f"({names[0]}, {names[1]}) {self.sign} ({names[2]}, {names[3]})"
        return sql, tuple(param for _sql, params in parts for param in params)


class Above(Below):
    sign = ">"


def cursor_of(moment: datetime, key: int) -> str:
    """The place of a row in the order of a list: two numbers to the base 36, microseconds and key."""
    return f"{int_to_base36((moment - _BEGINNING) // _MICROSECOND)}-{int_to_base36(key)}"


def read_cursor(text: str) -> tuple[datetime, int]:
    """Raises Http404 for what no page of ours is named by."""
    match = _CURSOR.fullmatch(text)
    if not match:
        raise Http404("not a place in a list")
    try:
        return _BEGINNING + base36_to_int(match[1]) * _MICROSECOND, base36_to_int(match[2])
    except OverflowError as error:
        raise Http404("no such moment") from error


def in_pages(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For a view of a list: leads to the address that a page has."""

    @wraps(view)
    def led(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Elsewhere as page:
            left = request.GET.copy()
            for name in ("page", "before"):
                left.pop(name, None)
            query = "&".join(filter(None, [left.urlencode(), page.query]))
            # What the view was found by, not what was asked for: a browser reads //tags/ as the name of a host.
            path = escape_uri_path(request.path_info)
            answer = HttpResponseRedirect(f"{path}?{query}" if query else path)
            answer.status_code = 301 if page.for_good else 302
            return answer

    return led


class Rows(Protocol):
    """A long list, newest first, and how much a page of it shows."""

    @property
    def per_page(self) -> int: ...

    def below(self, place: Place | None) -> Sequence[Any]:
        """The first rows below a place, or of all: as many as a page shows, and one more."""

    def above(self, place: Place) -> Sequence[Place]:
        """The places above one, from there upwards: as many."""

    def place_of(self, row: Any) -> Place: ...

    def exists(self) -> bool: ...


class CountedRows(Rows, Protocol):
    def count(self) -> int:
        """No further than MOST_COUNTED + 1."""


@dataclass(frozen=True)
class _Asked:
    """Rows of a queryset."""

    rows: QuerySet[Any]
    order: Order
    per_page: int

    def below(self, place: Place | None) -> Sequence[Any]:
        rows = self.rows.filter(Below(self.order, place)) if place else self.rows
        return list(rows[: self.per_page + 1])

    def above(self, place: Place) -> Sequence[Place]:
        above = self.rows.filter(Above(self.order, place)).reverse().select_related(None).prefetch_related(None)
        return list(above.values_list(*self.order)[: self.per_page + 1])

    def place_of(self, row: Any) -> Place:
        moment, key = self.order
        return getattr(row, moment), getattr(row, key)

    def exists(self) -> bool:
        return self.rows.exists()


def paginate(
    request: HttpRequest, rows: QuerySet[Any], per_page: int = PER_PAGE, *, order: Order | None = None
) -> ListPage:
    """Return the page that `?before=` asks for, the newest one without it; one query, and one more behind the first.

    `rows` are newest first by `order`; articles say it themselves. Raises Http404 for what names no page, Elsewhere
    for what is the newest page, for a page with nothing left in it, and for the page numbers of former times.
    """
    return paginate_rows(request, _Asked(rows, order or _order_of(rows), per_page))


def paginate_rows(request: HttpRequest, rows: Rows) -> ListPage:
    """The same of another kind of list."""
    if "page" in request.GET:
        _leave_number(request.GET["page"])
    cursor = request.GET.get("before")
    found = rows.below(read_cursor(cursor) if cursor is not None else None)
    if cursor is None:
        return _page(found, rows)
    if not found:
        raise Elsewhere("")
    return _page(found, rows, query=f"before={cursor}", newer=_newer(rows, found[0]))


def paginate_known(request: HttpRequest, rows: Rows) -> ListPage:
    """The same for a tag, author, source or day, which readers must not learn of before something is published.

    Raises Http404 also for an empty list.
    """
    try:
        page = paginate_rows(request, rows)
    except Elsewhere:
        if rows.exists():
            raise
        raise Http404("nothing published") from None
    if not page.rows:
        raise Http404("nothing published")
    return page


def paginate_counted(request: HttpRequest, rows: CountedRows) -> ListPage:
    """The same, and the newest page says how many there are."""
    page = paginate_known(request, rows)
    if not page.is_first:
        return page
    return replace(page, count=rows.count() if page.older is not None else len(page))


def paginate_by_number(request: HttpRequest, rows: QuerySet[Any] | Sequence[int], per_page: int = PER_PAGE) -> Page:
    """The page that `?page=` asks for, of a list that is short or bounded.

    Raises Http404 for anything that is not a page of this list; an empty list has one empty page.
    """
    wanted = request.GET.get("page", "1")
    if not _NUMBER.fullmatch(wanted):
        raise Http404("not a page number")
    try:
        return Paginator(rows, per_page).page(int(wanted))
    except EmptyPage as error:
        raise Http404("beyond the last page") from error


def _order_of(rows: QuerySet[Any]) -> Order:
    assert isinstance(rows, ArticleQuerySet)  # noqa: S101 - another list must name its columns
    return rows.order


def _leave_number(number: str) -> None:
    """Pages had numbers once. What stood on one of them moved on with every new story: its list is what is left."""
    if not _NUMBER.fullmatch(number):
        raise Http404("not a page number")
    raise Elsewhere("", for_good=True)


def _page(found: Sequence[Any], rows: Rows, **more: Any) -> ListPage:
    """`found` has a row more than the page where the list goes on."""
    shown = found[: rows.per_page]
    if not shown:
        return ListPage([])
    first, last = rows.place_of(shown[0]), rows.place_of(shown[-1])
    older = f"before={cursor_of(*last)}" if len(found) > rows.per_page else None
    return ListPage(shown, older=older, newest=first[0], oldest=last[0], **more)


def _newer(rows: Rows, first: Any) -> str:
    """The page that ends where this one begins; "" for the newest, which may show some of this one again.

    Raises Elsewhere where nothing is newer: this is the newest page.
    """
    places = rows.above(rows.place_of(first))
    if not places:
        raise Elsewhere("")
    return f"before={cursor_of(*places[rows.per_page])}" if len(places) > rows.per_page else ""
