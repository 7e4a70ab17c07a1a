"""The head of a page: its title, its one address, what robots may do with it and what a shared link shows."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from articles.models import Article, LiveUpdate
from articles.share_card import share_card_address
from newsroom.lib.bidi import without_marks
from tests.articles.page_data import meta, metas, page_of, title
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
INDEXED = "max-image-preview:large, max-snippet:-1"


@pytest.fixture(autouse=True)
def site() -> None:
    make_site(description="صحيفة المدينة.")


def names(page: str) -> list[str]:
    return [name for name, _value in metas(page)]


# --- Titles and descriptions


def test_story_is_titled_by_its_headline(client: Client) -> None:
    article = make_article("افتتاح المكتبة", standfirst="مقدمة المادة.")
    page = page_of(client, article.get_absolute_url())
    assert title(page) == "افتتاح المكتبة | مدار اليوم"
    assert meta(page, "description") == meta(page, "og:description") == "مقدمة المادة."
    assert meta(page, "og:title") == "افتتاح المكتبة"


def test_story_without_standfirst_is_described_by_its_beginning(client: Client) -> None:
    article = make_article(body="<h2>عنوان</h2><p>" + "كلمة طويلة " * 40 + "</p>")
    description = meta(page_of(client, article.get_absolute_url()), "description")
    assert description.startswith("عنوان كلمة طويلة")
    assert description.endswith("…")
    assert len(description) <= 160


def test_home_is_titled_by_the_newspaper_alone(client: Client) -> None:
    page = page_of(client, "/")
    assert title(page) == "مدار اليوم: أخبار المدينة"
    assert meta(page, "description") == "صحيفة المدينة."


def test_lists_say_what_they_hold(client: Client) -> None:
    section, author, source, tag = make_section("سياسة"), make_author("سلمى"), make_source("وكالة"), make_tag("ماء")
    make_article(section=section, authors=(author,), sources=(source,), tags=(tag,))
    titles = {row: title(page_of(client, row.get_absolute_url())) for row in (section, author, source, tag)}
    assert titles == {
        section: "سياسة: آخر الأخبار والتقارير | مدار اليوم",
        author: "سلمى | مدار اليوم",
        source: "مواد عن وكالة | مدار اليوم",
        tag: "ماء: آخر الأخبار والتقارير | مدار اليوم",
    }
    for row in titles:
        description = meta(page_of(client, row.get_absolute_url()), "description")
        assert row.name in description, row
        assert "مدار اليوم" in description, row


def test_words_of_the_desk_come_before_ours(client: Client) -> None:
    section = make_section("سياسة", description="شؤون «المدينة» & مجالسها")
    page = page_of(client, section.get_absolute_url())
    assert meta(page, "description") == "شؤون «المدينة» & مجالسها"


def test_long_description_is_shortened(client: Client) -> None:
    author = make_author(biography="تكتب سلمى حداد عن شؤون المدينة وأسواقها ومجالسها منذ عشر سنوات. " * 5)
    make_article(authors=(author,))
    description = meta(page_of(client, author.get_absolute_url()), "description")
    assert description == " ".join(["تكتب سلمى حداد عن شؤون المدينة وأسواقها ومجالسها منذ عشر سنوات."] * 2)


def test_page_of_the_house_is_described_by_its_text(client: Client) -> None:
    found = make_page("من نحن", body="<p>صحيفة محلية مستقلة.</p>")
    assert meta(page_of(client, found.get_absolute_url()), "description") == "صحيفة محلية مستقلة."


def test_later_page_says_which_one(client: Client) -> None:
    section = make_section("سياسة")
    start = datetime(2026, 11, 1, 9, tzinfo=UTC)
    for number in range(45):
        make_article(section=section, at=start - timedelta(days=number))
    path = section.get_absolute_url()
    first = page_of(client, path)
    assert meta(first, "canonical") == SITE + path
    assert "prev" not in names(first)
    second = meta(first, "next")
    page = page_of(client, second.removeprefix(SITE))
    span = "٢٣ سبتمبر/أيلول – ١٢ أكتوبر/تشرين الأول ٢٠٢٦"
    assert title(page) == f"سياسة: آخر الأخبار والتقارير - {span} | مدار اليوم"
    assert meta(page, "canonical") == meta(page, "og:url") == second
    assert meta(page, "prev") == SITE + path
    assert meta(page_of(client, meta(page, "next").removeprefix(SITE)), "prev") == second


# --- Addresses and robots


def test_canonical_address_holds_no_more_than_the_page(client: Client) -> None:
    article = make_article()
    page = page_of(client, article.get_absolute_url() + "?utm_source=x")
    assert meta(page, "canonical") == SITE + article.get_absolute_url()


def test_story_that_appeared_elsewhere_names_that_address(client: Client) -> None:
    article = make_article(canonical_url="https://elsewhere.example/story?a=1&b=2")
    page = page_of(client, article.get_absolute_url())
    assert meta(page, "canonical") == "https://elsewhere.example/story?a=1&b=2"
    assert meta(page, "og:url") == SITE + article.get_absolute_url()


@pytest.mark.parametrize(("count", "robots"), [(1, "noindex, follow"), (2, "noindex, follow"), (3, INDEXED)])
def test_thin_tags_and_sources_are_not_indexed(client: Client, count: int, robots: str) -> None:
    tag, source, author = make_tag(), make_source(), make_author()
    for _number in range(count):
        make_article(tags=(tag,), sources=(source,), authors=(author,))
    assert meta(page_of(client, tag.get_absolute_url()), "robots") == robots
    assert meta(page_of(client, source.get_absolute_url()), "robots") == robots
    assert meta(page_of(client, author.get_absolute_url()), "robots") == INDEXED


@pytest.mark.parametrize("path", ["/", "/archive/", "/corrections/", "/most-read/"])
def test_page_of_the_site_is_indexed(client: Client, path: str) -> None:
    page = page_of(client, path)
    assert meta(page, "robots") == INDEXED
    assert meta(page, "canonical") == SITE + path


@pytest.mark.parametrize("path", ["/search/", "/search/?q=سوق", "/newsletter/", "/saved/", "/offline/", "/nowhere/"])
def test_page_that_is_no_destination_is_not_indexed(client: Client, path: str) -> None:
    page = client.get(path).content.decode()
    assert meta(page, "robots").startswith("noindex")
    assert "canonical" not in names(page)


def test_withdrawn_story_is_not_indexed(client: Client) -> None:
    page = client.get(make_withdrawn().get_absolute_url()).content.decode()
    assert meta(page, "robots") == "noindex"


def test_site_has_one_language_and_says_nothing_of_others(client: Client) -> None:
    assert "hreflang" not in page_of(client, "/")


# --- Shared links


def test_shared_story_tells_when_where_and_who(client: Client, clock: Any) -> None:
    author = make_author()
    at = timezone.now() - timedelta(hours=2)
    article = make_article(
        at=at, updated_at=at + timedelta(hours=1), authors=(author,), tags=("أسواق", "ورد"),
        section=make_section("اقتصاد"),
    )  # fmt: skip
    page = page_of(client, article.get_absolute_url())
    assert meta(page, "og:type") == "article"
    assert meta(page, "og:locale") == "ar"
    assert meta(page, "og:site_name") == "مدار اليوم"
    assert meta(page, "article:published_time") == "2026-11-20T07:40:00+03:00"
    assert meta(page, "article:modified_time") == "2026-11-20T08:40:00+03:00"
    assert meta(page, "article:section") == "اقتصاد"
    assert [value for name, value in metas(page) if name == "article:tag"] == ["أسواق", "ورد"]
    assert meta(page, "article:author") == SITE + author.get_absolute_url()


def test_shared_story_shows_its_card(client: Client) -> None:
    article = make_article("افتتاح المكتبة")
    page = page_of(client, article.get_absolute_url())
    assert meta(page, "og:image") == SITE + share_card_address(article)
    assert (meta(page, "og:image:width"), meta(page, "og:image:height")) == ("1200", "630")
    assert (meta(page, "og:image:type"), meta(page, "og:image:alt")) == ("image/jpeg", "افتتاح المكتبة")
    assert meta(page, "twitter:card") == "summary_large_image"
    assert client.get(share_card_address(article))["Content-Type"] == "image/jpeg"


def test_later_page_of_a_coverage_has_its_own_address(client: Client) -> None:
    article = make_article("مؤتمر المناخ", coverage_started_at=timezone.now())
    for number in range(25):
        LiveUpdate.objects.create(article=article, headline=f"تحديث {number}")
    path = article.get_absolute_url()
    page = page_of(client, path + "?page=2")
    assert meta(page, "canonical") == f"{SITE}{path}?page=2"
    assert title(page) == "مؤتمر المناخ - صفحة ٢ من ٢ | مدار اليوم"
    assert meta(page_of(client, path), "next") == f"{SITE}{path}?page=2"


def test_author_is_shared_as_a_profile_with_the_portrait(client: Client) -> None:
    author = make_author(portrait=make_image(alt_text="وجه الكاتبة"))
    make_article(authors=(author,))
    page = page_of(client, author.get_absolute_url())
    assert meta(page, "og:type") == "profile"
    assert meta(page, "og:image").startswith(SITE + "/media/")
    assert meta(page, "og:image:alt") == "وجه الكاتبة"
    assert (meta(page, "og:image:width"), meta(page, "og:image:height")) == ("64", "36")


def test_rendition_is_shared_with_its_own_size(client: Client) -> None:
    portrait = make_image(width=3000, height=2000, renditions={"jpeg": [320, 640, 960, 1440], "avif": []})
    author = make_author(portrait=portrait)
    make_article(authors=(author,))
    page = page_of(client, author.get_absolute_url())
    assert meta(page, "og:image").endswith("-1440.jpg")
    assert (meta(page, "og:image:width"), meta(page, "og:image:height")) == ("1440", "960")


def test_page_without_picture_shows_the_logo(client: Client) -> None:
    page = page_of(client, make_section().get_absolute_url())
    assert meta(page, "og:image") == SITE + "/static/img/logo-512.png"
    assert (meta(page, "og:image:width"), meta(page, "og:image:height")) == ("512", "512")
    assert meta(page, "og:image:type") == "image/png"
    assert meta(page, "twitter:card") == "summary"


def test_hostile_words_stay_in_their_attribute(client: Client) -> None:
    article = make_article('"><script>alert(1)</script>', standfirst="' onload='x' \" & <b>")
    page = page_of(client, article.get_absolute_url())
    assert "<script>" not in page
    assert without_marks(meta(page, "description")) == Article.objects.get().standfirst
