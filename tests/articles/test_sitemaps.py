"""The sitemaps: every public address once, in files that stay as they are, well-formed for those who read them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles import sitemaps
from articles.enums import Origin, Status
from articles.models import Article
from tests.factories import (
    make_article,
    make_author,
    make_image,
    make_page,
    make_section,
    make_site,
    make_source,
    make_tag,
    make_withdrawn,
)

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"
SPACES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "i": "http://www.google.com/schemas/sitemap-image/1.1",
    "n": "http://www.google.com/schemas/sitemap-news/0.9",
}
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def site() -> None:
    make_site()


def xml(client: Client, path: str) -> ElementTree.Element:
    response = client.get(path)
    assert response.status_code == 200, path
    assert response["Content-Type"] == "application/xml"
    assert response["X-Robots-Tag"] == "noindex"
    return ElementTree.fromstring(response.content)


def texts(root: ElementTree.Element, path: str) -> list[str]:
    return [element.text or "" for element in root.iterfind(path, SPACES)]


def named(client: Client) -> list[str]:
    """The names of the sitemaps in the index."""
    before, after = f"{SITE}/sitemaps/", ".xml"
    addresses = texts(xml(client, "/sitemap.xml"), "s:sitemap/s:loc")
    return [address.removeprefix(before).removesuffix(after) for address in addresses]


def listed(client: Client, name: str) -> list[str]:
    """The paths in one sitemap, as they stand in it."""
    return [address.removeprefix(SITE) for address in texts(xml(client, f"/sitemaps/{name}.xml"), "s:url/s:loc")]


def everything(client: Client) -> list[str]:
    return [path for name in named(client) for path in listed(client, name)]


# --- What is in them


def test_index_leads_to_every_public_address_once(client: Client) -> None:
    section, author, source, tag, page = make_section(), make_author(), make_source(), make_tag(), make_page()
    articles = [
        make_article(section=section, authors=(author,), sources=(source,), tags=(tag,), origin=origin)
        for origin in (Origin.OWN, Origin.AGENCY, Origin.OPINION)
    ]
    found = everything(client)
    rows = [*articles, section, author, source, tag, page]
    lists = ["/", "/archive/", "/most-read/", "/corrections/"]
    assert sorted(found) == sorted([*(row.get_absolute_url() for row in rows), *lists])
    for path in found:
        assert client.get(path).status_code == 200, path


def test_what_is_not_public_is_in_none(client: Client) -> None:
    public = make_article()
    make_article(published=False)
    make_article(at=timezone.now() + HOUR)
    make_article(published=False, status=Status.APPROVED)
    make_article(published=False, working_copy_of=public)
    make_withdrawn()
    make_page(is_public=False)
    for row in (make_author(), make_tag(), make_source()):
        draft = make_article(published=False)
        if hasattr(row, "bylines"):
            row.bylines.create(article=draft)
    news = texts(xml(client, "/sitemap-news.xml"), "s:url/s:loc")
    assert news == [SITE + public.get_absolute_url()]
    stories = [path for path in everything(client) if path.startswith(("/news/", "/p/", "/authors/", "/tags/"))]
    assert stories == [public.get_absolute_url()]


def test_story_whose_address_is_elsewhere_is_in_none(client: Client) -> None:
    make_article(canonical_url="https://elsewhere.example/story")
    assert named(client) == ["pages", "sections"]
    assert len(xml(client, "/sitemap-news.xml")) == 0


@pytest.mark.parametrize(("count", "is_listed"), [(2, False), (3, True)])
def test_thin_tags_and_sources_are_left_out(client: Client, count: int, is_listed: bool) -> None:
    tag, source, author = make_tag(), make_source(), make_author()
    for _number in range(count):
        make_article(tags=(tag,), sources=(source,), authors=(author,))
    make_article(published=False, tags=(tag,), sources=(source,))
    found = everything(client)
    assert (tag.get_absolute_url() in found) is is_listed
    assert (source.get_absolute_url() in found) is is_listed
    assert author.get_absolute_url() in found


def test_addresses_are_whole_and_encoded(client: Client) -> None:
    make_article("افتتاح «سوق» & متحف")
    (address,) = texts(xml(client, "/sitemap-news.xml"), "s:url/s:loc")
    assert address.startswith(SITE + "/news/")
    assert address.isascii()
    assert "%D8%A7" in address


def test_time_is_the_last_change_that_readers_see(client: Client, clock: Any) -> None:
    at = timezone.now() - 3 * HOUR
    make_article(at=at)
    make_article(at=at + HOUR, updated_at=at + 2 * HOUR)
    moments = texts(xml(client, "/sitemaps/articles-2026-11.xml"), "s:url/s:lastmod")
    assert moments == ["2026-11-20T06:40:00+03:00", "2026-11-20T08:40:00+03:00"]
    assert texts(xml(client, "/sitemap.xml"), "s:sitemap/s:lastmod") == ["2026-11-20T08:40:00+03:00"]


def test_pictures_are_named(client: Client) -> None:
    make_article(lead_image=make_image(), at=datetime(2026, 11, 20, tzinfo=UTC))
    make_article(at=datetime(2026, 11, 19, tzinfo=UTC))
    root = xml(client, "/sitemaps/articles-2026-11.xml")
    (address,) = texts(root, "s:url/i:image/i:loc")
    assert address.startswith(SITE + "/media/")


# --- How they are parted


def test_stories_are_parted_by_month_of_the_site(client: Client) -> None:
    old = make_article(at=datetime(2024, 2, 29, 20, 59, tzinfo=UTC))
    new = make_article(at=datetime(2024, 2, 29, 21, tzinfo=UTC))
    assert named(client) == ["pages", "sections", "articles-2024-03", "articles-2024-02"]
    assert listed(client, "articles-2024-02") == [old.get_absolute_url()]
    assert listed(client, "articles-2024-03") == [new.get_absolute_url()]


def test_long_month_is_split_and_only_its_last_file_grows(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "PER_FILE", 2)
    start = datetime(2024, 2, 1, tzinfo=UTC)
    paths = [make_article(at=start + number * HOUR).get_absolute_url() for number in range(4)]
    assert named(client)[2:] == ["articles-2024-02", "articles-2024-02-2"]
    first = client.get("/sitemaps/articles-2024-02.xml").content
    assert listed(client, "articles-2024-02") == paths[:2]
    assert listed(client, "articles-2024-02-2") == paths[2:]
    later = make_article(at=start + 9 * HOUR).get_absolute_url()
    assert named(client)[2:] == ["articles-2024-02", "articles-2024-02-2", "articles-2024-02-3"]
    assert listed(client, "articles-2024-02-3") == [later]
    assert client.get("/sitemaps/articles-2024-02.xml").content == first


def test_stories_of_one_moment_are_split_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "PER_FILE", 2)
    at = datetime(2024, 2, 1, tzinfo=UTC)
    paths = [make_article(at=at).get_absolute_url() for _number in range(5)]
    assert [path for name in named(client)[2:] for path in listed(client, name)] == paths


def test_rows_are_parted_by_their_number(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "PER_FILE", 2)
    authors = [make_author() for _number in range(5)]
    for author in (authors[0], authors[1], authors[4]):
        make_article(authors=(author,))
    files = [name for name in named(client) if name.startswith("authors-")]
    assert len(files) in {2, 3}
    assert [path for name in files for path in listed(client, name)] == [
        authors[number].get_absolute_url() for number in (0, 1, 4)
    ]


@pytest.mark.parametrize(
    "name", [
        "articles-2024-02", "articles-2024-13", "articles-2024-2", "articles-2026-11-1", "articles-2026-11-2",
        "articles-0000-01", "articles-٢٠٢٦-١١", "tags-0", "tags-1", "tags-9", "authors-99999999999999999999", "x",
    ],
)  # fmt: skip
def test_file_without_anything_does_not_exist(client: Client, clock: Any, name: str) -> None:
    make_article()
    assert client.get(f"/sitemaps/{name}.xml").status_code == 404


def test_empty_site_has_an_index(client: Client) -> None:
    assert named(client) == ["pages"]
    assert listed(client, "pages") == ["/", "/archive/", "/most-read/", "/corrections/"]


# --- News


def test_news_are_those_of_two_days(client: Client, clock: Any) -> None:
    now = timezone.now()
    make_article(at=now - timedelta(hours=48, seconds=1))
    old = make_article(at=now - timedelta(hours=48))
    new = make_article(at=now - HOUR, origin=Origin.AGENCY)
    root = xml(client, "/sitemap-news.xml")
    assert texts(root, "s:url/s:loc") == [SITE + row.get_absolute_url() for row in (new, old)]
    assert texts(root, "s:url/n:news/n:publication_date")[0] == "2026-11-20T08:40:00+03:00"


def test_news_name_the_newspaper_as_it_is(client: Client) -> None:
    make_site(name="مدار <اليوم> & غدًا")
    article = make_article('خبر "مهم" & <b>')
    root = xml(client, "/sitemap-news.xml")
    assert texts(root, "s:url/n:news/n:publication/n:name") == ["مدار <اليوم> & غدًا"]
    assert texts(root, "s:url/n:news/n:publication/n:language") == ["ar"]
    assert texts(root, "s:url/n:news/n:title") == [article.headline]


def test_news_have_a_limit(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "NEWS_MOST", 2)
    articles = [make_article(at=timezone.now() - HOUR * number) for number in (3, 2, 1)]
    addresses = texts(xml(client, "/sitemap-news.xml"), "s:url/s:loc")
    assert addresses == [SITE + article.get_absolute_url() for article in (articles[2], articles[1])]


def test_characters_that_xml_cannot_hold_do_not_break_it(client: Client) -> None:
    article = make_article()
    # Past the cleaning of the field.
    Article.objects.filter(pk=article.pk).update(headline="عنوان\x0b آخر \u200f(+963)")
    assert texts(xml(client, "/sitemap-news.xml"), "s:url/n:news/n:title")


def test_no_news_is_valid_too(client: Client) -> None:
    assert xml(client, "/sitemap-news.xml").tag == f"{{{SPACES['s']}}}urlset"


# --- What they cost


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(
    client: Client, clock: Any, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        make_article(lead_image=make_image(), authors=(make_author(),), at=timezone.now() - 20 * number * HOUR)
    for path, queries in (
        ("/sitemap.xml", 6), ("/sitemaps/articles-2026-11.xml", 2), ("/sitemaps/pages.xml", 1),
        ("/sitemap-news.xml", 2),
    ):  # fmt: skip
        with django_assert_num_queries(queries):
            client.get(path)


def test_sitemaps_are_only_read(client: Client) -> None:
    for path in ("/sitemap.xml", "/sitemap-news.xml", "/sitemaps/pages.xml"):
        assert client.post(path).status_code == 405
