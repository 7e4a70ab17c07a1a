"""Long lists: every story once, from page to page in both directions, at addresses that stay what they are."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import QuerySet
from django.http import Http404
from django.test import Client, RequestFactory
from django.utils import timezone

from articles.enums import BylineRole, Status
from articles.models import Article, Byline, Section
from articles.pagination import Elsewhere, ListPage, cursor_of, paginate, paginate_by_number, read_cursor
from tests.factories import (
    make_article,
    make_author,
    make_section,
    make_site,
    make_source,
    make_tag,
    make_withdrawn,
)

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 1, 9, tzinfo=UTC)


def page_at(rows: QuerySet, query: str, per_page: int = 3) -> ListPage:
    return paginate(RequestFactory().get(f"/?{query}" if query else "/"), rows, per_page)


def stories(count: int, **fields: object) -> list[Article]:
    """The newest first; every second one appeared in the same moment as the one before it."""
    return [make_article(at=START - timedelta(hours=number // 2), **fields) for number in range(count)]


def walk(rows: QuerySet, per_page: int = 3) -> list[ListPage]:
    pages = [page_at(rows, "", per_page)]
    while pages[-1].older is not None:
        pages.append(page_at(rows, pages[-1].older, per_page))
    return pages


def listed() -> QuerySet:
    return Article.objects.published().newest_first()


# --- From page to page


@pytest.mark.parametrize("count", [0, 1, 3, 4, 6, 10])
def test_every_story_stands_on_one_page(count: int) -> None:
    stories(count)
    pages = walk(listed())
    assert [row.pk for page in pages for row in page] == [row.pk for row in listed()]
    assert len(pages) == max(1, -(-count // 3))


def test_the_way_back_is_the_same_pages() -> None:
    stories(10)
    pages = walk(listed())
    assert [page.newer for page in pages] == [None, "", *(page.query for page in pages[1:-1])]
    assert [page.is_first for page in pages] == [True, False, False, False]


def test_page_keeps_its_rows_while_newer_ones_come() -> None:
    stories(7)
    second = walk(listed())[1]
    make_article(at=START + timedelta(hours=1))
    later = page_at(listed(), second.query)
    assert [row.pk for row in later] == [row.pk for row in second]
    newest = listed().first()
    assert later.newer == f"before={cursor_of(newest.published_at, newest.pk)}"


def test_way_back_after_newer_ones_came_is_a_full_page() -> None:
    stories(7)
    second = walk(listed())[1]
    for hour in range(1, 5):
        make_article(at=START + timedelta(hours=hour))
    above = page_at(listed(), page_at(listed(), second.query).newer)
    newest_first = [row.pk for row in listed()]
    assert [row.pk for row in above] == newest_first[4:7]
    assert above.older == second.query


def test_place_of_a_withdrawn_story_still_names_its_page() -> None:
    rows = stories(7)
    second = walk(listed())[1]
    last_of_first = listed()[2]
    Article.objects.filter(pk=last_of_first.pk).update(status=Status.WITHDRAWN, withdrawn_at=timezone.now())
    assert [row.pk for row in page_at(listed(), second.query)] == [row.pk for row in second]
    assert len(rows) == 7


def test_span_is_that_of_the_rows_shown() -> None:
    stories(4)
    first, second = walk(listed())
    assert (first.newest, first.oldest) == (START, START - timedelta(hours=1))
    assert second.newest == second.oldest == START - timedelta(hours=1)


# --- What is no page


def test_newest_page_has_the_plain_address() -> None:
    stories(4)
    future = cursor_of(START + timedelta(days=900), 10**9)
    with pytest.raises(Elsewhere) as led:
        page_at(listed(), f"before={future}")
    assert (led.value.query, led.value.for_good) == ("", False)


def test_nothing_left_leads_to_the_newest_page() -> None:
    stories(2)
    with pytest.raises(Elsewhere) as led:
        page_at(listed(), f"before={cursor_of(datetime(1990, 1, 1, tzinfo=UTC), 1)}")
    assert led.value.query == ""


@pytest.mark.parametrize("query", ["page=1", "page=2", "page=5000"])
def test_page_number_of_former_times_leads_to_the_list_for_good(query: str) -> None:
    with pytest.raises(Elsewhere) as led:
        page_at(listed(), query)
    assert (led.value.query, led.value.for_good) == ("", True)


@pytest.mark.parametrize(
    "query",
    [
        "before=", "before=1", "before=-1", "before=1-", "before=01-1", "before=1-01", "before=A-1", "before=1-A",
        "before=٢-٢", "before=1-1-1", "before=1 -1", "before=1-1%0a", "before=zzzzzzzzzzzz-1", "before=1-zzzzzzzzzzzzz",
        "page=", "page=0", "page=x", "page=٢", "page=02", "page=1234567",
    ],
)  # fmt: skip
def test_other_spellings_are_unknown(query: str) -> None:
    stories(2)
    with pytest.raises(Http404):
        page_at(listed(), query)


@pytest.mark.parametrize(
    "moment", [START, datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 12, 31, 23, 59, 59, 999999, UTC)]
)
@pytest.mark.parametrize("key", [1, 35, 36, 2**62])
def test_cursor_reads_what_it_wrote(moment: datetime, key: int) -> None:
    text = cursor_of(moment, key)
    assert read_cursor(text) == (moment, key)
    assert re.fullmatch(r"[0-9a-z]{11}-[0-9a-z]{1,13}", text)


# --- Lists of the site


def test_lists_of_tags_authors_and_sources_are_in_order() -> None:
    tag, author, source = make_tag(), make_author(), make_source()
    for number in range(7):
        row = make_article(at=START - timedelta(hours=number % 4), tags=(tag,), authors=(author,), sources=(source,))
        Byline.objects.create(article=row, author=author, role=BylineRole.EDITING)
    make_article(published=False, tags=(tag,), authors=(author,), sources=(source,))
    make_article(at=timezone.now() + timedelta(hours=1), tags=(tag,), authors=(author,), sources=(source,))
    make_withdrawn(tags=(tag,), authors=(author,), sources=(source,))
    make_article()
    wanted = list(Article.objects.filter(tagged_items__tag=tag, pk__in=listed()).order_by("-published_at", "-pk"))
    public = Article.objects.published()
    of_source = public.led_to("attributions", "article_id", source=source)
    for rows in (public.tagged(tag), public.by_author(author), of_source):
        assert [row for page in walk(rows.newest_first()) for row in page] == wanted
    assert len(wanted) == 7


def two_pages() -> Section:
    section = make_section()
    for number in range(25):
        make_article(section=section, at=START - timedelta(hours=number))
    return section


def test_pages_lead_on_and_back(client: Client) -> None:
    path = two_pages().get_absolute_url()
    first = client.get(path).content.decode()
    (older,) = re.findall(r'rel="next" href="([^"]+\?before=[^"]+)">الأقدم', first)
    second = client.get(older).content.decode()
    assert f'rel="prev" href="{path}">الأحدث' in second
    assert 'rel="prev"' not in first
    assert "الأقدم" not in second


def test_old_addresses_of_pages_lead_to_the_list(client: Client) -> None:
    path = two_pages().get_absolute_url()
    answer = client.get(f"{path}?page=2&kind=x")
    assert (answer.status_code, answer["Location"]) == (301, f"{path}?kind=x")
    answer = client.get(f"{path}?before={cursor_of(START + timedelta(days=1), 1)}")
    assert (answer.status_code, answer["Location"]) == (302, path)


@pytest.mark.parametrize("query", ["page=1", "before=1-1", "before=zzzzzzzzzzz-1"])
def test_what_has_nothing_published_is_unknown_on_every_page(client: Client, query: str) -> None:
    make_site()
    tag = make_tag()
    make_article(published=False, tags=(tag,))
    assert client.get(f"{tag.get_absolute_url()}?{query}").status_code == 404
    assert client.get(f"/archive/2026/11/02/?{query}").status_code == 404


def test_day_is_cut_into_pages_too(client: Client) -> None:
    two_pages()
    first = client.get("/archive/2026/11/01/").content.decode()
    (day,) = re.findall(r'rel="next" href="(/archive/2026/11/01/\?before=[^"]+)"', first) or ["none"]
    assert day == "none"
    for number in range(21):
        make_article(at=START - timedelta(minutes=number + 1))
    first = client.get("/archive/2026/11/01/").content.decode()
    older = re.findall(r'href="(/archive/2026/11/01/\?before=[^"]+)">الأقدم', first)[0]
    assert client.get(older).status_code == 200


def test_long_list_says_that_there_are_more(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("articles.pagination.MOST_COUNTED", 21)
    monkeypatch.setattr("articles.templatetags.counting.MOST_COUNTED", 21)
    tag = make_tag()
    for _number in range(21):
        make_article(tags=(tag,))
    page = client.get(tag.get_absolute_url()).content.decode()
    make_article(tags=(tag,))
    longer = client.get(tag.get_absolute_url()).content.decode()
    assert ("٢١ مادة" in page, "كثر من ٢١" in page) == (True, False)
    assert "كثر من ٢١" in longer


def test_numbered_pages_are_cut_as_ever() -> None:
    page = paginate_by_number(RequestFactory().get("/?page=2"), range(25), 10)
    assert (list(page), page.paginator.num_pages) == (list(range(10, 20)), 3)
