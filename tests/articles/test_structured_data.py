"""What search engines are told of a page: the fields of schema.org that each kind must have, true to what is seen."""

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles.enums import BylineRole, CorrectionKind, Origin, SourceKind
from articles.models import Article, Attribution, Byline, Correction, LiveUpdate
from articles.structured_data.stories import news_article
from articles.templatetags.story_data import article_data
from pages.current import current_site
from richtext.render import word_count
from tests.articles.page_data import block, blocks, kinds, meta, page_of, times
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
HOUR = timedelta(hours=1)
# What this newspaper promises of each kind; Google itself demands less.
STORY = {
    "headline", "description", "url", "datePublished", "dateModified", "author", "publisher", "mainEntityOfPage",
    "inLanguage", "articleSection", "wordCount", "isAccessibleForFree", "isPartOf",
}  # fmt: skip
LIST = {"@id", "name", "url", "description", "inLanguage", "isPartOf", "publisher"}
REQUIRED: Mapping[str, set[str]] = {
    "NewsArticle": STORY,
    "OpinionNewsArticle": STORY,
    "LiveBlogPosting": STORY | {"coverageStartTime", "liveBlogUpdate"},
    "BlogPosting": {"url", "headline", "datePublished", "articleBody"},
    "NewsMediaOrganization": {"@id", "name", "url", "logo"},
    "Person": {"@id", "name", "url"},
    "ImageObject": {"url", "width", "height"},
    "BreadcrumbList": {"itemListElement"},
    "ItemList": {"itemListElement", "numberOfItems"},
    "CollectionPage": LIST,
    "ProfilePage": {"name", "url", "mainEntity"},
    "WebSite": {"@id", "name", "url"},
    "CorrectionComment": {"name", "text", "datePublished"},
    "CreativeWork": {"url"},
}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")


@pytest.fixture(autouse=True)
def site() -> None:
    make_site()


def check(data: Any) -> None:
    """Whatever stands in a block has the fields of its kind, whole addresses, times with offset, no empty value."""
    if isinstance(data, list):
        for each in data:
            check(each)
    if not isinstance(data, dict):
        return
    # A source of another house is known by its name, and by its address if it has one.
    is_other = data["@type"] == "NewsMediaOrganization" and "@id" not in data
    missing = {"name"} - data.keys() if is_other else REQUIRED.get(data["@type"], set()) - data.keys()
    assert not missing, (data["@type"], missing)
    for name, value in data.items():
        assert value not in ("", None, [], {}), (data["@type"], name)
        if name in {"url", "@id", "item", "isBasedOn"} and isinstance(value, str):
            assert re.fullmatch(r"https?://[!-~]+", value), (name, value)
        if name.startswith("date") or name.endswith("Time"):
            assert name == "dateline" or MOMENT.fullmatch(value), (name, value)
        check(value)


def story(client: Client, article: Article, kind: str = "NewsArticle") -> dict[str, Any]:
    page = page_of(client, article.get_absolute_url())
    data = block(page, kind)
    check(blocks(page))
    shown = times(page)
    assert {data["datePublished"], data["dateModified"]} <= shown
    assert kinds(page) == [kind, "BreadcrumbList"]
    return data


# --- Stories


def test_story_tells_what_it_shows(client: Client, clock: Any) -> None:
    author, section = make_author("سلمى حداد", job_title="مراسلة"), make_section("اقتصاد")
    article = make_article(
        "افتتاح سوق «الورد» في C++ اليوم", standfirst="مقدمة المادة.", section=section, authors=(author,),
        tags=("أسواق", "ورد"), dateline="دمشق", promo_headline="سوق جديدة",
    )  # fmt: skip
    data = story(client, article)
    address = SITE + article.get_absolute_url()
    assert data["headline"] == "افتتاح سوق «الورد» في C++ اليوم"
    assert (data["description"], data["articleSection"], data["dateline"]) == ("مقدمة المادة.", "اقتصاد", "دمشق")
    assert (data["url"], data["mainEntityOfPage"]["@id"], data["inLanguage"]) == (address, address, "ar")
    assert data["keywords"] == ["أسواق", "ورد"]
    assert data["wordCount"] == word_count(article.body)
    assert data["isAccessibleForFree"] is True
    assert data["alternativeHeadline"] == "سوق جديدة"
    assert data["datePublished"] == data["dateModified"] == "2026-11-20T08:40:00+03:00"
    url = SITE + author.get_absolute_url()
    person = {"@type": "Person", "@id": url + "#person", "name": "سلمى حداد", "url": url, "jobTitle": "مراسلة"}
    assert data["author"] == [person]


def test_unsigned_story_is_by_the_newsroom(client: Client) -> None:
    data = story(client, make_article())
    assert [each["@type"] for each in data["author"]] == ["NewsMediaOrganization"]
    assert data["author"] == [data["publisher"]]
    assert data["publisher"] == {
        "@type": "NewsMediaOrganization",
        "@id": SITE + "/#organization",
        "name": "مدار اليوم",
        "url": SITE + "/",
        "logo": {"@type": "ImageObject", "url": SITE + "/static/img/logo-512.png", "width": 512, "height": 512},
    }


def test_everybody_is_named_for_what_they_did(client: Client) -> None:
    people = {role: make_author(f"اسم {role}") for role in BylineRole}
    article = make_article()
    for role, author in people.items():
        Byline.objects.create(article=article, author=author, role=role)
    data = story(client, article)
    named = {name: [each["name"] for each in data[name]] for name in ("author", "translator", "editor")}
    parts = [each["contributor"]["name"] for each in data["contributor"]]
    assert named | {"contributor": parts} == {
        "author": ["اسم writing"],
        "translator": ["اسم translation"],
        "editor": ["اسم editing"],
        "contributor": ["اسم photography", "اسم preparation"],
    }
    assert [each["roleName"] for each in data["contributor"]] == ["تصوير", "إعداد"]


def test_update_that_readers_see_is_the_modification(client: Client, clock: Any) -> None:
    at = timezone.now() - 3 * HOUR
    shown, small = make_article(at=at, updated_at=at + HOUR), make_article(at=at, updated_at=at + timedelta(seconds=30))
    assert story(client, shown)["dateModified"] == "2026-11-20T07:40:00+03:00"
    assert story(client, small)["dateModified"] == "2026-11-20T06:40:00+03:00"


def test_opinion_is_told_apart(client: Client) -> None:
    assert story(client, make_article(origin=Origin.OPINION), "OpinionNewsArticle")["headline"]


def test_picture_is_told_with_its_words_and_owner(client: Client) -> None:
    image = make_image(caption="السوق القديم", credit="أرشيف البلدية", width=1600, height=900)
    data = story(client, make_article(lead_image=image, lead_caption="السوق صباح اليوم"))
    for picture in data["image"]:
        assert picture["url"].startswith(SITE + "/media/")
        assert (picture["caption"], picture["creditText"]) == ("السوق صباح اليوم", "أرشيف البلدية")


def test_every_shape_of_a_picture_is_told_with_its_own_size(client: Client) -> None:
    crops = {
        shape: {"focus": "50-50", "width": width, "height": height}
        for shape, width, height in (("16x9", 1200, 675), ("4x3", 1200, 900), ("1x1", 900, 900))
    }
    data = story(client, make_article(lead_image=make_image(crops=crops, width=1600, height=900)))
    sizes = [(each["width"], each["height"]) for each in data["image"]]
    assert sizes == [(1200, 675), (1200, 900), (900, 900)]
    assert len({each["url"] for each in data["image"]}) == 3


def test_agency_text_names_what_it_repeats(client: Client) -> None:
    agency = make_source("وكالة الشرق", kind=SourceKind.AGENCY, home_page="https://agency.example/")
    own = make_source("مدار اليوم", kind=SourceKind.OWN, home_page="https://own.example/")
    article = make_article(origin=Origin.AGENCY)
    Attribution.objects.create(article=article, source=agency, url="https://agency.example/1?a=1&b=2", position=0)
    Attribution.objects.create(article=article, source=own, position=1)
    data = story(client, article)
    reference = {"@type": "NewsMediaOrganization", "name": "وكالة الشرق", "url": "https://agency.example/"}
    assert data["sourceOrganization"] == [reference]
    work = {"@type": "CreativeWork", "url": "https://agency.example/1?a=1&b=2", "publisher": reference}
    assert data["isBasedOn"] == [work]
    assert "citation" not in data


def test_own_story_only_cites(client: Client) -> None:
    article = make_article(origin=Origin.OWN)
    Attribution.objects.create(article=article, source=make_source("بلدية"), url="https://city.example/report")
    data = story(client, article)
    assert [each["url"] for each in data["citation"]] == ["https://city.example/report"]
    assert not {"isBasedOn", "sourceOrganization"} & data.keys()


def test_story_that_appeared_elsewhere_first_is_based_on_that(client: Client) -> None:
    data = story(client, make_article(canonical_url="https://elsewhere.example/story"))
    assert data["isBasedOn"] == [{"@type": "CreativeWork", "url": "https://elsewhere.example/story"}]


def test_corrections_are_told_with_their_times(client: Client) -> None:
    article = make_article()
    for minutes, kind in ((5, CorrectionKind.CORRECTION), (3, CorrectionKind.CLARIFICATION)):
        at = timezone.now() - timedelta(minutes=minutes)
        Correction.objects.create(article=article, kind=kind, note=f"قبل {minutes}", at=at)
    told = story(client, article)["correction"]
    assert [each["text"] for each in told] == ["قبل 3", "قبل 5"]
    assert {each["datePublished"] for each in told} <= times(page_of(client, article.get_absolute_url()))


def test_description_without_standfirst_is_the_beginning(client: Client) -> None:
    body = "<p>" + "كلمة طويلة " * 40 + "</p>"
    data = story(client, make_article(body=body))
    assert data["description"].endswith("…")
    assert len(data["description"]) <= 160


# --- Live coverage


def test_coverage_tells_its_updates(client: Client, clock: Any) -> None:
    now = timezone.now()
    article = make_article(at=now - 3 * HOUR, coverage_started_at=now - 2 * HOUR, dateline="حلب", updated_at=now)
    for number in (1, 2):
        LiveUpdate.objects.create(
            article=article, headline=f"تحديث {number}", body="<p>نص <b>التحديث</b>.</p>",
            posted_at=now - timedelta(minutes=10 - number),
        )  # fmt: skip
    LiveUpdate.objects.create(article=article, headline="سُحب", withdrawn_at=now)
    data = story(client, article, "LiveBlogPosting")
    assert data["coverageStartTime"] == "2026-11-20T07:40:00+03:00"
    assert "coverageEndTime" not in data
    assert data["contentLocation"] == {"@type": "Place", "name": "حلب"}
    updates = data["liveBlogUpdate"]
    assert [each["headline"] for each in updates] == ["تحديث 2", "تحديث 1"]
    assert [each["articleBody"] for each in updates] == ["نص التحديث."] * 2
    assert {each["datePublished"] for each in updates} <= times(page_of(client, article.get_absolute_url()))
    assert len({each["url"] for each in updates}) == 2


def test_coverage_that_ended_says_when(client: Client, clock: Any) -> None:
    now = timezone.now()
    article = make_article(at=now - 3 * HOUR, coverage_started_at=now - 2 * HOUR, coverage_ended_at=now - HOUR)
    LiveUpdate.objects.create(article=article, body="<p>بلا عنوان</p>", posted_at=now - 2 * HOUR)
    data = story(client, article, "LiveBlogPosting")
    assert data["coverageEndTime"] == "2026-11-20T08:40:00+03:00"
    assert data["liveBlogUpdate"][0]["headline"] == "بلا عنوان"


# --- The newspaper


def test_home_tells_who_publishes(client: Client) -> None:
    principles, corrections = make_page(slug="principles"), make_page(slug="policy")
    make_site(
        description="صحيفة المدينة.", contact_email="desk@example.com", social_links="https://t.me/a\nhttps://x.com/a",
        principles_page=principles, corrections_page=corrections,
    )  # fmt: skip
    page = page_of(client, "/")
    check(blocks(page))
    assert kinds(page) == ["NewsMediaOrganization", "WebSite"]
    about = block(page, "NewsMediaOrganization")
    assert about["@id"] == SITE + "/#organization"
    assert (about["slogan"], about["description"]) == ("أخبار المدينة", "صحيفة المدينة.")
    assert about["sameAs"] == ["https://t.me/a", "https://x.com/a"]
    assert about["publishingPrinciples"] == SITE + "/p/principles/"
    assert about["correctionsPolicy"] == SITE + "/p/policy/"
    assert about["contactPoint"]["email"] == "desk@example.com"
    action = block(page, "WebSite")["potentialAction"]
    assert action["target"]["urlTemplate"] == SITE + "/search/?q={search_term_string}"


def test_policies_that_nobody_may_read_are_not_promised(client: Client) -> None:
    make_site(corrections_page=make_page(is_public=False))
    about = block(page_of(client, "/"), "NewsMediaOrganization")
    assert not {"publishingPrinciples", "correctionsPolicy", "sameAs", "contactPoint"} & about.keys()


# --- Lists


def lists() -> dict[str, str]:
    """Addresses of lists with what one story is in."""
    section, author, source, tag = make_section("سياسة"), make_author("سلمى"), make_source("وكالة"), make_tag("ماء")
    at = timezone.now() - HOUR
    for number in range(3):
        make_article(f"مادة {number}", section=section, authors=(author,), sources=(source,), tags=(tag,), at=at)
    rows = {"section": section, "author": author, "source": source, "tag": tag}
    day = "/archive/2026/11/20/"
    return {name: row.get_absolute_url() for name, row in rows.items()} | {
        "day": day, "month": "/archive/2026/11/", "archive": "/archive/", "corrections": "/corrections/",
        "most_read": "/most-read/",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["section", "tag", "source", "day", "month", "archive", "corrections", "most_read"])
def test_list_is_a_collection_with_breadcrumbs(client: Client, clock: Any, name: str) -> None:
    path = lists()[name]
    page = page_of(client, path)
    check(blocks(page))
    assert sorted(kinds(page)) == ["BreadcrumbList", "CollectionPage"]
    data = block(page, "CollectionPage")
    assert data["url"] == data["@id"] == SITE + path
    if name in {"section", "tag", "source", "day"}:
        items = data["mainEntity"]["itemListElement"]
        assert [each["position"] for each in items] == [1, 2, 3]
        newest = Article.objects.published().newest_first()
        assert [each["url"] for each in items] == [SITE + article.get_absolute_url() for article in newest]


def test_later_page_has_its_own_address(client: Client) -> None:
    section = make_section("سياسة")
    for _number in range(22):
        make_article(section=section)
    path = section.get_absolute_url()
    older = meta(page_of(client, path), "next")
    data = block(page_of(client, older.removeprefix(SITE)), "CollectionPage")
    assert data["url"] == older
    assert [each["position"] for each in data["mainEntity"]["itemListElement"]] == [1, 2]


def test_source_is_what_its_page_is_about(client: Client) -> None:
    source = make_source("مركز البحوث", kind=SourceKind.INSTITUTION, home_page="https://centre.example/")
    make_article(sources=(source,))
    data = block(page_of(client, source.get_absolute_url()), "CollectionPage")
    assert data["about"] == {"@type": "Organization", "name": "مركز البحوث", "url": "https://centre.example/"}
    assert data["name"] == "مواد عن مركز البحوث"


def test_author_has_a_profile(client: Client) -> None:
    author = make_author(
        "سلمى حداد", job_title="مراسلة", biography="تكتب عن المدينة.", languages="ar en",
        social_links="https://x.com/salma", portrait=make_image(),
    )  # fmt: skip
    make_article(authors=(author,))
    page = page_of(client, author.get_absolute_url())
    check(blocks(page))
    assert sorted(kinds(page)) == ["BreadcrumbList", "ProfilePage"]
    person = block(page, "ProfilePage")["mainEntity"]
    assert (person["@type"], person["name"], person["jobTitle"]) == ("Person", "سلمى حداد", "مراسلة")
    assert person["knowsLanguage"] == ["ar", "en"]
    assert person["sameAs"] == ["https://x.com/salma"]
    assert person["image"].startswith(SITE + "/media/")
    assert person["worksFor"]["@id"] == SITE + "/#organization"


def test_breadcrumbs_are_those_that_are_seen(client: Client) -> None:
    article = make_article("عنوان المادة", section=make_section("سياسة"))
    page = page_of(client, article.get_absolute_url())
    steps = block(page, "BreadcrumbList")["itemListElement"]
    assert [(each["position"], each["name"]) for each in steps] == [(1, "الرئيسية"), (2, "سياسة"), (3, "عنوان المادة")]
    seen = re.findall(r'<a href="([^"]+)"', page.partition('class="breadcrumbs"')[2].partition("</nav>")[0])
    assert [each.get("item") for each in steps] == [*(SITE + path for path in seen), None]


def test_page_of_the_house_has_breadcrumbs(client: Client) -> None:
    found = make_page("من نحن")
    steps = block(page_of(client, found.get_absolute_url()), "BreadcrumbList")["itemListElement"]
    assert [each["name"] for each in steps] == ["الرئيسية", "من نحن"]


@pytest.mark.parametrize("path", ["/search/", "/search/?q=سوق", "/newsletter/", "/no-such-page/"])
def test_page_that_is_no_destination_tells_nothing(client: Client, path: str) -> None:
    assert blocks(client.get(path).content.decode()) == []


def test_withdrawn_story_tells_nothing(client: Client) -> None:
    assert blocks(client.get(make_withdrawn().get_absolute_url()).content.decode()) == []


# --- Safety and cost


HOSTILE = "</script><script>alert(1)</script><!-- \" ' & &amp; \\"


def test_hostile_words_stay_in_their_block(client: Client) -> None:
    section, author = make_section(), make_author("سلمى", job_title=HOSTILE)
    source = make_source("وكالة", note=HOSTILE)
    article = make_article(
        HOSTILE, standfirst=HOSTILE, section=section, authors=(author,), sources=(source,), dateline=HOSTILE,
        lead_image=make_image(caption=HOSTILE, credit=HOSTILE),
    )  # fmt: skip
    Correction.objects.create(article=article, note=HOSTILE)
    for row in (article, author, source, section):
        page = page_of(client, row.get_absolute_url())
        assert "<script>" not in page
        assert len(blocks(page)) == 2
    data = block(page_of(client, article.get_absolute_url()), "NewsArticle")
    assert data["headline"] == article.headline
    assert data["correction"][0]["text"] == HOSTILE
    assert data["dateline"] == HOSTILE


def test_marks_of_direction_do_not_stand_raw_in_the_source() -> None:
    # What is stored is cleaned; this row came another way.
    article = make_article()
    article.headline = "عنوان \u202eمقلوب\u202c \u200bخفي\u2028"
    source = article_data(article)
    assert json.loads(source.partition(">")[2].partition("<")[0])["headline"] == article.headline
    assert not re.search("[\u200b\u2028-\u202e]", source)


def test_story_that_was_fetched_for_its_page_costs_no_query(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    made = make_article(
        authors=(make_author(), make_author()), sources=(make_source(), make_source()), tags=("أ", "ب"),
        lead_image=make_image(source=make_source(), credit=""),
    )  # fmt: skip
    Correction.objects.create(article=made, note="تصحيح")
    article = Article.objects.for_page().get(pk=made.pk)
    site = current_site()
    with django_assert_num_queries(0):
        assert news_article(article, site)["headline"] == made.headline
