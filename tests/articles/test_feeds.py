"""RSS, Atom and JSON Feed of the site, of sections, tags and authors."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles.enums import BylineRole, CorrectionKind, Origin, Status
from articles.feeds.views import ITEMS
from articles.models import Article, Attribution, Byline, Correction, LiveUpdate
from articles.models.coverage import PER_PAGE
from tests.factories import (
    make_article,
    make_author,
    make_image,
    make_section,
    make_site,
    make_source,
    make_tag,
    make_withdrawn,
)

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"
RSS, ATOM, JSON = "/feeds/rss.xml", "/feeds/atom.xml", "/feeds/feed.json"
NS = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
}
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.fixture(autouse=True)
def site() -> None:
    make_site()


def answer(client: Client, path: str) -> bytes:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content


def tree(client: Client, path: str) -> ET.Element:
    return ET.fromstring(answer(client, path))


def channel(client: Client, path: str = RSS) -> ET.Element:
    found = tree(client, path).find("channel")
    assert found is not None
    return found


def item(client: Client, path: str = RSS) -> ET.Element:
    (found,) = channel(client, path).findall("item")
    return found


def entry(client: Client) -> ET.Element:
    (found,) = tree(client, ATOM).findall("atom:entry", NS)
    return found


def json_item(client: Client, path: str = JSON) -> dict[str, Any]:
    items: list[dict[str, Any]] = json.loads(answer(client, path))["items"]
    (found,) = items
    return found


def texts(element: ET.Element, path: str) -> list[str | None]:
    return [each.text for each in element.findall(path, NS)]


def full_text(client: Client) -> str:
    (text,) = texts(item(client), "content:encoded")
    assert text
    return text


# --- What is in a feed


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        (RSS, "application/rss+xml; charset=utf-8"),
        (ATOM, "application/atom+xml; charset=utf-8"),
        (JSON, "application/feed+json; charset=utf-8"),
    ],
)
def test_feed_says_what_it_is_and_leaves_no_cookie(client: Client, path: str, content_type: str) -> None:
    make_article()
    response = client.get(path)
    assert response["Content-Type"] == content_type
    assert not response.cookies


@pytest.mark.parametrize("path", [RSS, ATOM, JSON])
def test_only_what_readers_may_see_is_in_a_feed(client: Client, path: str) -> None:
    story = make_article("خبر منشور")
    make_article("مسودة سرية", published=False)
    make_article("خبر مجدول", at=timezone.now() + timedelta(hours=1))
    make_withdrawn(headline="خبر مسحوب")
    make_article("نسخة عمل", published=False, working_copy_of=story, status=Status.DRAFT)
    feed = answer(client, path).decode()
    assert "خبر منشور" in feed
    assert not [word for word in ("مسودة سرية", "خبر مجدول", "خبر مسحوب", "نسخة عمل") if word in feed]


def test_feed_holds_the_newest_fifty(client: Client) -> None:
    now = timezone.now()
    for number in range(ITEMS + 1):
        make_article(f"خبر رقم {number}", at=now - timedelta(minutes=ITEMS + 1 - number))
    titles = texts(channel(client), "item/title")
    assert len(titles) == ITEMS == 50
    assert titles[0] == "خبر رقم 50"
    assert "خبر رقم 0" not in titles


def test_empty_feed_is_a_feed(client: Client, clock: Any) -> None:
    assert texts(channel(client), "title") == ["مدار اليوم"]
    assert texts(tree(client, ATOM), "atom:updated") == ["2026-11-20T00:00:00+03:00"]
    assert json.loads(answer(client, JSON))["items"] == []


def test_rss_names_itself_its_language_and_its_page(client: Client) -> None:
    found = channel(client)
    assert texts(found, "language") == ["ar"]
    assert texts(found, "link") == [f"{SITE}/"]
    assert [each.attrib for each in found.findall("atom:link", NS)] == [
        {"href": f"{SITE}{RSS}", "rel": "self", "type": "application/rss+xml"}
    ]
    assert texts(found, "image/url") == [f"{SITE}/static/img/logo-512.png"]


def test_atom_and_json_name_themselves(client: Client) -> None:
    atom = tree(client, ATOM)
    assert atom.attrib[XML_LANG] == "ar"
    assert {each.attrib["rel"]: each.attrib["href"] for each in atom.findall("atom:link", NS)} == {
        "self": f"{SITE}{ATOM}",
        "alternate": f"{SITE}/",
    }
    feed = json.loads(answer(client, JSON))
    assert (feed["version"], feed["feed_url"]) == ("https://jsonfeed.org/version/1.1", f"{SITE}{JSON}")
    assert (feed["home_page_url"], feed["language"]) == (f"{SITE}/", "ar")


def test_short_address_is_the_lasting_name(client: Client) -> None:
    article = make_article("افتتاح حديقة")
    guid = item(client).find("guid")
    assert guid is not None
    assert (guid.text, guid.attrib) == (f"{SITE}/n/{article.pk}", {"isPermaLink": "true"})
    assert texts(item(client), "link") == [SITE + article.get_absolute_url()]
    assert texts(entry(client), "atom:id") == [f"{SITE}/n/{article.pk}"]
    assert json_item(client)["id"] == f"{SITE}/n/{article.pk}"


def test_times_are_on_the_clock_of_the_site(client: Client) -> None:
    moment = datetime(2026, 1, 5, 21, 30, tzinfo=UTC)
    make_article(at=moment, updated_at=moment + timedelta(hours=2))
    assert texts(item(client), "pubDate") == ["Tue, 06 Jan 2026 00:30:00 +0300"]
    assert texts(item(client), "atom:updated") == ["2026-01-06T02:30:00+03:00"]
    assert texts(entry(client), "atom:published") == ["2026-01-06T00:30:00+03:00"]
    assert texts(entry(client), "atom:updated") == ["2026-01-06T02:30:00+03:00"]
    assert json_item(client)["date_modified"] == "2026-01-06T02:30:00+03:00"
    assert texts(channel(client), "lastBuildDate") == ["Tue, 06 Jan 2026 02:30:00 +0300"]


def test_change_that_readers_need_not_know_is_no_update(client: Client) -> None:
    moment = timezone.now() - timedelta(hours=3)
    make_article(at=moment, updated_at=moment + timedelta(seconds=20))
    assert texts(item(client), "atom:updated") == []
    assert "date_modified" not in json_item(client)


def test_every_author_is_named_and_the_site_where_there_is_none(client: Client) -> None:
    first, second, photographer = make_author("ليلى منصور"), make_author("سامر حداد"), make_author("هاني عيد")
    article = make_article(authors=(first, second))
    Byline.objects.create(article=article, author=photographer, role=BylineRole.PHOTOGRAPHY, position=5)
    assert texts(item(client), "dc:creator") == ["ليلى منصور", "سامر حداد"]
    assert texts(entry(client), "atom:author/atom:name") == ["ليلى منصور", "سامر حداد"]
    assert texts(entry(client), "atom:contributor/atom:name") == ["هاني عيد"]
    assert json_item(client)["authors"] == [
        {"name": each.name, "url": SITE + each.get_absolute_url()} for each in (first, second)
    ]
    article.bylines.all().delete()
    assert texts(item(client), "dc:creator") == ["مدار اليوم"]
    assert json.loads(answer(client, JSON))["authors"] == [{"name": "مدار اليوم", "url": f"{SITE}/"}]


def test_section_and_tags_are_the_categories(client: Client) -> None:
    make_article(section=make_section("اقتصاد"), tags=(make_tag("أسعار"), make_tag("قمح")))
    assert texts(item(client), "category") == ["اقتصاد", "أسعار", "قمح"]
    assert [each.attrib["term"] for each in entry(client).findall("atom:category", NS)] == ["اقتصاد", "أسعار", "قمح"]
    assert json_item(client)["tags"] == ["اقتصاد", "أسعار", "قمح"]


def test_picture_has_its_words_and_its_owner(client: Client) -> None:
    image = make_image(caption="المدخل الشرقي", credit="هاني عيد", renditions={"avif": [64], "jpeg": [64]})
    make_article(lead_image=image)
    url = SITE + image.url(1200)
    found = item(client)
    enclosure, content = found.find("enclosure"), found.find("media:content", NS)
    assert enclosure is not None
    assert content is not None
    assert enclosure.attrib == {"url": url, "length": "0", "type": "image/jpeg"}
    assert content.attrib == {"url": url, "type": "image/jpeg", "medium": "image", "width": "64", "height": "36"}
    assert texts(content, "media:description") == ["المدخل الشرقي"]
    assert texts(content, "media:credit") == ["هاني عيد"]
    assert json_item(client)["image"] == url


def test_story_from_elsewhere_names_its_source_and_its_first_address(client: Client) -> None:
    source = make_source("وكالة الأنباء")
    article = make_article(origin=Origin.AGENCY, canonical_url="https://agency.example/story")
    Attribution.objects.create(article=article, source=source, url="https://agency.example/story")
    links = {each.attrib["rel"]: each.attrib["href"] for each in item(client).findall("atom:link", NS)}
    assert links == {"canonical": "https://agency.example/story"}
    assert texts(item(client), "dc:source") == ["وكالة الأنباء"]
    links = {each.attrib["rel"]: each.attrib["href"] for each in entry(client).findall("atom:link", NS)}
    assert links["via"] == links["canonical"] == "https://agency.example/story"
    assert json_item(client)["_origin"]["canonical_url"] == "https://agency.example/story"


def test_title_that_opens_with_a_latin_name_keeps_its_direction(client: Client) -> None:
    make_article("Reuters: افتتاح السوق")
    assert texts(item(client), "title") == ["\u200fReuters: افتتاح السوق"]
    assert json_item(client)["title"] == "\u200fReuters: افتتاح السوق"


def test_signs_that_xml_cannot_hold_break_no_feed(client: Client) -> None:
    article = make_article("عنوان", tags=(make_tag("وسم"),))
    broken = "قبل\x0b\x1f\ufffeبعد <&> \U0001f600"
    # Past the fields, which take such signs out.
    with connection.cursor() as cursor:
        sql = "UPDATE articles_article SET headline = %s, standfirst = %s, body = %s WHERE id = %s"
        cursor.execute(sql, [broken, broken, f"<p>{broken}</p>", article.pk])
    make_site(feeds_full_text=True)
    assert texts(item(client), "description") == ["قبلبعد <&> \U0001f600"]
    assert "قبلبعد" in full_text(client)
    assert "قبلبعد" in str(texts(entry(client), "atom:title"))
    assert json_item(client)["summary"] == broken


# --- The whole text, or how it begins


def test_short_feed_tells_the_standfirst_alone(client: Client) -> None:
    make_article(standfirst="ما جرى في جملة.", body="<p>تفاصيل لا تُرسل.</p>")
    assert texts(item(client), "description") == ["ما جرى في جملة."]
    assert [path for path in (RSS, ATOM, JSON) if "تفاصيل" in answer(client, path).decode()] == []
    assert json_item(client)["content_text"] == "ما جرى في جملة."


def test_without_standfirst_the_summary_is_how_the_text_begins(client: Client) -> None:
    words = "كلمة " * 100
    make_article(body=f"<p>{words}</p><p>فقرة ثانية</p>")
    (told,) = texts(item(client), "description")
    assert told
    assert told.endswith("كلمة…")
    assert len(told) <= 301


def test_full_text_holds_everything_that_the_page_tells(client: Client) -> None:
    make_site(feeds_full_text=True)
    source = make_source("وكالة الأنباء")
    article = make_article(
        standfirst="المقدمة هنا",
        key_points="نقطة أولى\nنقطة ثانية",
        body="<p>متن الخبر</p>",
        sources=(source,),
        lead_image=make_image(caption="شرح الصورة"),
        coverage_started_at=timezone.now(),
    )
    Correction.objects.create(article=article, kind=CorrectionKind.CORRECTION, note="الصواب ثلاثة")
    LiveUpdate.objects.create(article=article, headline="تحديث مباشر", body="<p>نص التحديث</p>")
    LiveUpdate.objects.create(article=article, headline="تحديث مسحوب", withdrawn_at=timezone.now())
    html = full_text(client)
    wanted = [
        "شرح الصورة",
        "المقدمة هنا",
        "نقطة ثانية",
        "متن الخبر",
        "تحديث مباشر",
        "نص التحديث",
        "الصواب ثلاثة",
        "وكالة الأنباء",
    ]
    assert [html.find(word) for word in wanted] == sorted(html.find(word) for word in wanted)
    assert -1 not in [html.find(word) for word in wanted]
    assert "تحديث مسحوب" not in html
    assert html.startswith('<div dir="rtl" lang="ar">')
    assert texts(entry(client), "atom:content") == [html]
    assert json_item(client)["content_html"] == html


@pytest.mark.parametrize("stories", [1, 3])
def test_of_a_long_coverage_a_feed_tells_as_much_as_its_page(client: Client, stories: int) -> None:
    make_site(feeds_full_text=True)
    for _story in range(stories):
        article = make_article()
        LiveUpdate.objects.create(article=article, headline="مسحوب", withdrawn_at=timezone.now())
        for number in range(PER_PAGE + 1):
            LiveUpdate.objects.create(article=article, headline=f"تحديث رقم {number:03}")
    text = client.get(RSS).content.decode()
    assert text.count("تحديث رقم") == stories * PER_PAGE
    assert "تحديث رقم 000" not in text
    assert "مسحوب" not in text


def test_addresses_in_the_full_text_are_absolute(client: Client) -> None:
    make_site(feeds_full_text=True)
    make_article(
        body='<p><a href="/tags/x/">وسم</a> <a href="https://other.example/">خارج</a></p>'
        '<figure class="image"><img src="/media/images/a.jpg" alt="حديقة"></figure>'
    )
    html = full_text(client)
    assert f'href="{SITE}/tags/x/"' in html
    assert 'href="https://other.example/"' in html
    assert f'src="{SITE}/media/images/a.jpg"' in html
    assert 'loading="lazy"' not in html


def test_pictures_in_the_texts_cost_one_query(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_site(feeds_full_text=True)
    for _time in range(3):
        make_article(body=f'<figure class="image"><img src="{make_image().url(640)}" alt="سوق"></figure>')
        with django_assert_num_queries(8):
            client.get(RSS)


def test_unsafe_body_is_not_passed_on(client: Client) -> None:
    make_site(feeds_full_text=True)
    article = make_article()
    Article.objects.filter(pk=article.pk).update(body='<p onclick="x()">نص</p><script>alert(1)</script>')
    assert "onclick" not in full_text(client)
    assert "alert" not in full_text(client)


# --- Sections, tags, authors


def test_feed_of_a_list_holds_that_list_alone(client: Client) -> None:
    section, author, tag = make_section("اقتصاد"), make_author("ليلى منصور"), make_tag("أسعار")
    make_article("خبر مطلوب", section=section, authors=(author,), tags=(tag,))
    make_article("خبر آخر", section=make_section("ثقافة"))
    for row in (section, author, tag):
        found = channel(client, f"{row.get_absolute_url()}rss.xml")
        assert texts(found, "item/title") == ["خبر مطلوب"]
        assert texts(found, "title") == [f"مدار اليوم: {row.name}"]
        assert texts(found, "link") == [SITE + row.get_absolute_url()]
        assert b"<feed" in answer(client, f"{row.get_absolute_url()}atom.xml")
        assert json_item(client, f"{row.get_absolute_url()}feed.json")["title"] == "خبر مطلوب"


@pytest.mark.parametrize("kind", ["sections", "tags", "authors"])
def test_feed_of_what_is_unknown_is_not_there(client: Client, kind: str) -> None:
    assert client.get(f"/{kind}/لا-أحد/rss.xml").status_code == 404


def test_feed_tells_of_a_tag_or_author_no_earlier_than_their_page(client: Client) -> None:
    tag, author = make_tag("سر"), make_author("كاتبة جديدة")
    make_article(published=False, tags=(tag,), authors=(author,))
    assert client.get(f"{tag.get_absolute_url()}rss.xml").status_code == 404
    assert client.get(f"{author.get_absolute_url()}feed.json").status_code == 404
    # Also under another spelling: a redirect would say that there is one.
    assert client.get(f"/tags/{quote('سّر')}/rss.xml").status_code == 404


def test_section_without_stories_has_an_empty_feed(client: Client) -> None:
    section = make_section("ثقافة")
    assert channel(client, f"{section.get_absolute_url()}rss.xml").findall("item") == []


@pytest.mark.parametrize(
    "bent", ["/sections/اقتصـاد/rss.xml", "/Sections/اقتصاد/RSS.xml", "/sections/(اقتصاد)/rss.xml"]
)
def test_other_spelling_leads_to_the_feed(client: Client, bent: str) -> None:
    section = make_section("اقتصاد")
    response = client.get(quote(bent))
    assert response.status_code == 301
    assert response["Location"] == f"{section.get_absolute_url()}rss.xml"


def test_list_pages_lead_to_their_feed_and_to_that_of_the_site(client: Client) -> None:
    section = make_section("اقتصاد")
    make_article(section=section)
    page = answer(client, section.get_absolute_url()).decode()
    assert f'type="application/rss+xml" title="مدار اليوم: اقتصاد" href="{section.get_absolute_url()}rss.xml"' in page
    assert f'<a class="text-link" href="{section.get_absolute_url()}rss.xml"' in page
    assert f'title="مدار اليوم" href="{RSS}"' in page
    home = answer(client, "/").decode()
    assert [path for path in (RSS, ATOM, JSON) if f'href="{path}"' not in home] == []


# --- What it costs


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("path", ["/feeds/rss.xml", "/sections/اقتصاد/atom.xml", "/tags/أسعار/feed.json"])
def test_queries_do_not_grow_with_stories(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, path: str, full: bool
) -> None:
    make_site(feeds_full_text=full)
    section, tag, source = make_section("اقتصاد"), make_tag("أسعار"), make_source()

    def one_more() -> None:
        image = make_image(source=make_source())
        article = make_article(
            section=section, authors=(make_author(),), sources=(source,), tags=(tag,), lead_image=image
        )
        Correction.objects.create(article=article, note="تصحيح")
        LiveUpdate.objects.create(article=article, headline="تحديث")

    queries = (6 if path == RSS else 7) + (1 if full else 0)
    one_more()
    with django_assert_num_queries(queries):
        client.get(path)
    one_more()
    one_more()
    with django_assert_num_queries(queries):
        client.get(path)
