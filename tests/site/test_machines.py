"""What machines read: data blocks and meta lines of pages, sitemaps, robots.txt and other files at known addresses.

The tables are ours, made from the documentation of schema.org, Google and the Open Graph protocol: no validator of
theirs runs without their servers.
"""

import json
import re
from datetime import UTC, datetime
from io import BytesIO
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest
from PIL import Image

from tests.site import markup
from tests.site.markup import Markup
from tests.site.pages import ARTICLES, INDEXED, ISSUES, LISTS, LITE, READERS, REFUSALS, SEARCH
from tests.site.serving import Answer, Site

# Of one block: the type, and what it must have.
ARTICLE = (
    "headline", "description", "url", "datePublished", "dateModified", "author", "publisher", "mainEntityOfPage",
    "inLanguage", "articleSection", "wordCount", "isAccessibleForFree",
)  # fmt: skip
REQUIRED = {
    "NewsArticle": ARTICLE,
    "OpinionNewsArticle": ARTICLE,
    "LiveBlogPosting": (*ARTICLE, "coverageStartTime", "liveBlogUpdate"),
    "NewsMediaOrganization": ("name", "url", "logo", "correctionsPolicy", "publishingPrinciples"),
    "WebSite": ("name", "url", "inLanguage", "publisher"),
    "CollectionPage": ("name", "url", "inLanguage", "mainEntity"),
    "ProfilePage": ("url", "mainEntity"),
    "BreadcrumbList": ("itemListElement",),
}
TYPES = {
    "home": {"NewsMediaOrganization", "WebSite"},
    "section": {"CollectionPage", "BreadcrumbList"},
    "section-2": {"CollectionPage", "BreadcrumbList"},
    "tag": {"CollectionPage", "BreadcrumbList"},
    "source": {"CollectionPage", "BreadcrumbList"},
    "author": {"ProfilePage", "BreadcrumbList"},
    "article-opinion": {"OpinionNewsArticle", "BreadcrumbList"},
    "article-live": {"LiveBlogPosting", "BreadcrumbList"},
} | {name: {"NewsArticle", "BreadcrumbList"} for name in ARTICLES if name not in {"article-opinion", "article-live"}}
OPEN_GRAPH = ("og:title", "og:type", "og:url", "og:site_name", "og:locale", "og:image", "og:image:alt")
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


@pytest.fixture(scope="module")
def pages(site: Site, answers: dict[str, Answer]) -> dict[str, Markup]:
    return {name: markup.read(answer.text, site.url + site.paths[name]) for name, answer in answers.items()}


def blocks(page: Markup) -> dict[str, dict]:
    return {block["@type"]: block for block in page.data}


@pytest.mark.parametrize("name", TYPES)
def test_data_blocks_have_their_fields(pages: dict[str, Markup], name: str) -> None:
    found = blocks(pages[name])
    assert set(found) == TYPES[name]
    for kind, block in found.items():
        assert block["@context"] == "https://schema.org"
        assert [field for field in REQUIRED[kind] if block.get(field) in (None, "", [], {})] == []


@pytest.mark.parametrize("name", ARTICLES)
def test_data_of_an_article_says_what_the_page_shows(site: Site, pages: dict[str, Markup], name: str) -> None:
    page = pages[name]
    story = next(block for kind, block in blocks(page).items() if kind != "BreadcrumbList")
    assert story["headline"] == page.heading
    assert story["url"] == page.relation("canonical")[0] == page.one("og:url")
    assert story["datePublished"] == page.one("article:published_time")
    # Not there as long as nothing has changed.
    assert [story["dateModified"]] == page.meta.get("article:modified_time", [story["datePublished"]])
    for field in ("datePublished", "dateModified"):
        assert datetime.fromisoformat(story[field]).utcoffset() is not None
        assert moment(story[field]) in {moment(time) for time in page.times if time}, f"{field} is not to be seen"
    assert moment(story["dateModified"]) >= moment(story["datePublished"])
    for author in story["author"]:
        assert author["name"]
        assert author["url"].startswith(site.url)
    for picture in story.get("image", []):
        assert picture["width"] * picture["height"] >= 50_000
    shapes = [round(picture["width"] / picture["height"], 1) for picture in story.get("image", [])]
    assert not shapes or {1.0, 1.3, 1.8} <= set(shapes)


def moment(text: str) -> datetime:
    """To the minute, which is what readers see."""
    return datetime.fromisoformat(text).astimezone(UTC).replace(second=0, microsecond=0)


def test_data_of_special_articles(pages: dict[str, Markup]) -> None:
    assert "correction" in blocks(pages["article-corrected"])["NewsArticle"]
    agency = blocks(pages["article-agency"])["NewsArticle"]
    assert "sourceOrganization" in agency
    live = blocks(pages["article-live"])["LiveBlogPosting"]
    for update in live["liveBlogUpdate"]:
        assert {"headline", "datePublished", "articleBody"} <= set(update)
        assert datetime.fromisoformat(update["datePublished"]).utcoffset() is not None


@pytest.mark.parametrize("name", INDEXED)
def test_page_introduces_itself(site: Site, pages: dict[str, Markup], name: str) -> None:
    page = pages[name]
    assert page.title
    assert page.one("description")
    (canonical,) = page.relation("canonical")
    assert canonical == site.url + site.paths[name], "a page is its own original, page numbers included"
    assert "noindex" not in page.meta.get("robots", [""])[0]
    assert [field for field in OPEN_GRAPH if not page.one(field)] == []
    assert page.one("og:locale") == "ar"
    assert page.one("twitter:card") == ("summary_large_image" if name in ARTICLES else "summary")


@pytest.mark.parametrize("name", ARTICLES)
def test_share_card_is_as_large_as_it_says(site: Site, pages: dict[str, Markup], name: str) -> None:
    page = pages[name]
    answer = site.get(page.one("og:image"))
    assert answer.status == 200
    assert answer.headers["Content-Type"] in {"image/jpeg", "image/png"}
    size = Image.open(BytesIO(answer.body)).size
    assert size == (int(page.one("og:image:width")), int(page.one("og:image:height"))) == (1200, 630)


@pytest.mark.parametrize("name", [name for name in READERS if name not in INDEXED] + list(REFUSALS))
def test_rest_is_not_for_search_engines(answers: dict[str, Answer], pages: dict[str, Markup], name: str) -> None:
    rules = [*pages[name].meta.get("robots", []), answers[name].headers["X-Robots-Tag"] or ""]
    assert "noindex" in ",".join(rules) or answers[name].status >= 400


@pytest.mark.parametrize("name", LITE)
def test_light_page_names_the_original(site: Site, pages: dict[str, Markup], name: str) -> None:
    original = site.url + (site.paths[name].removeprefix("/lite") or "/")
    assert pages[name].relation("canonical") == [original]


def test_titles_tell_pages_apart(pages: dict[str, Markup]) -> None:
    titles = [pages[name].title for name in {*LISTS, *SEARCH, *ARTICLES} if name != "article-long"]
    assert sorted(titles) == sorted(set(titles))


def sitemap(site: Site, path: str) -> ElementTree.Element:
    answer = site.get(path)
    assert answer.status == 200, path
    assert answer.headers.get_content_type() in {"application/xml", "text/xml"}
    return ElementTree.fromstring(answer.body)


def test_sitemap_names_every_page(site: Site) -> None:
    index = sitemap(site, site.paths["sitemap"])
    assert index.tag == f"{SITEMAP}sitemapindex"
    files = [sitemap(site, location.text) for location in index.iter(f"{SITEMAP}loc")]
    assert all(len(file) <= 10_000 for file in files)
    listed = {unquote(url.findtext(f"{SITEMAP}loc")) for file in files for url in file}
    for file in files:
        for time in file.iter(f"{SITEMAP}lastmod"):
            assert datetime.fromisoformat(time.text) <= datetime.now(UTC)
    unlisted = {"section-2", "month", "day", *ISSUES}
    wanted = {unquote(site.url + site.paths[name]) for name in INDEXED if name not in unlisted}
    assert wanted - listed == set()
    unwanted = {unquote(site.url + site.paths[name]) for name in (*SEARCH, *LITE, *REFUSALS, "saved", "offline")}
    assert unwanted & listed == set()


def test_news_sitemap_is_about_the_last_two_days(site: Site) -> None:
    news = sitemap(site, site.paths["sitemap-news"])
    assert 0 < len(news) <= 1000
    for url in news:
        (entry,) = url.iter(f"{NEWS}news")
        (publication,) = entry.iter(f"{NEWS}publication")
        assert publication.findtext(f"{NEWS}name") == "مدار اليوم"
        assert publication.findtext(f"{NEWS}language") == "ar"
        age = datetime.now(UTC) - datetime.fromisoformat(entry.findtext(f"{NEWS}publication_date"))
        assert 0 <= age.total_seconds() <= 48 * 3600 + 60
        assert entry.findtext(f"{NEWS}title")


def test_robots_file_names_the_sitemaps(site: Site) -> None:
    answer = site.page("robots")
    assert answer.headers.get_content_type() == "text/plain"
    sitemaps = re.findall(r"^Sitemap: (\S+)$", answer.text, re.MULTILINE)
    assert {urlsplit(url).path for url in sitemaps} == {site.paths["sitemap"], site.paths["sitemap-news"]}
    everybody = next(group for group in answer.text.split("\n\n") if "User-agent: *" in group.splitlines())
    assert "Disallow: /" not in everybody.splitlines()


def test_search_description_leads_to_the_search(site: Site, pages: dict[str, Markup]) -> None:
    (address,) = pages["home"].relation("search")
    description = ElementTree.fromstring(site.get(address).body)
    name = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert description.tag == f"{name}OpenSearchDescription"
    assert 0 < len(description.findtext(f"{name}ShortName")) <= 16
    assert description.findtext(f"{name}Description")
    template = next(url.get("template") for url in description.iter(f"{name}Url") if url.get("type") == "text/html")
    assert site.get(template.replace("{searchTerms}", "%D8%B3%D9%88%D9%82")).status == 200


def test_security_file_is_valid(site: Site) -> None:
    """RFC 9116: a contact, and an end that is ahead but not far."""
    answer = site.page("security")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines() if line and not line.startswith("#"))
    assert fields["Contact"].startswith(("mailto:", "https://", "http://"))
    days = (datetime.fromisoformat(fields["Expires"]) - datetime.now(UTC)).days
    assert 0 < days < 367


def test_manifest_makes_the_site_installable(site: Site, pages: dict[str, Markup]) -> None:
    (address,) = pages["home"].relation("manifest")
    manifest = json.loads(site.get(address).text)
    assert {"name", "short_name", "start_url", "display", "icons", "lang", "dir"} <= set(manifest)
    assert (manifest["lang"], manifest["dir"]) == ("ar", "rtl")
    assert site.get(manifest["start_url"]).status == 200
    sizes = set()
    for icon in manifest["icons"]:
        answer = site.get(icon["src"])
        assert answer.status == 200
        assert answer.headers.get_content_type() == icon["type"]
        if icon["type"] == "image/png":
            width, height = Image.open(BytesIO(answer.body)).size
            assert icon["sizes"] == f"{width}x{height}"
            sizes.add(width)
    assert {192, 512} <= sizes
