"""The light view: the same texts in a few kilobytes."""

import gzip
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles.enums import CorrectionKind
from articles.models import Correction, LiveUpdate, RelatedLink
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
from tests.house.files import REPOSITORY

pytestmark = pytest.mark.django_db

BUDGET = 10 * 1024  # bytes, HTML and CSS as they are sent


@pytest.fixture(autouse=True)
def site() -> None:
    make_site()


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def lite(article: Any) -> str:
    return f"/lite{article.get_absolute_url()}"


def test_light_article_holds_all_of_the_text(client: Client) -> None:
    other = make_article("خبر سابق")
    article = make_article(
        "افتتاح المكتبة",
        standfirst="مقدمة الخبر",
        key_points="نقطة أولى\nنقطة ثانية",
        body="<p>متن الخبر</p>",
        dateline="حلب",
        authors=(make_author("ليلى منصور"),),
        sources=(make_source("وكالة الأنباء"),),
        tags=(make_tag("كتب"),),
        coverage_started_at=timezone.now(),
        updated_at=timezone.now(),
    )
    Correction.objects.create(article=article, kind=CorrectionKind.CORRECTION, note="الصواب ثلاثة")
    LiveUpdate.objects.create(article=article, headline="تحديث مباشر", body="<p>نص التحديث</p>")
    LiveUpdate.objects.create(article=article, headline="تحديث مسحوب", withdrawn_at=timezone.now())
    RelatedLink.objects.create(article=article, target=other, after_block=1)
    html = page(client, lite(article))
    wanted = [
        "افتتاح المكتبة", "مقدمة الخبر", "ليلى منصور", "حلب", "نُشر:", "آخر تحديث:", "نقطة ثانية", "متن الخبر",
        "تحديث مباشر", "نص التحديث", "الصواب ثلاثة", "خبر سابق", "وكالة الأنباء", "كتب",
    ]  # fmt: skip
    assert [word for word in wanted if word not in html] == []
    assert "تحديث مسحوب" not in html
    assert f'href="{lite(other)}"' in html


def test_light_pages_stay_out_of_search_engines_and_name_the_full_page(client: Client) -> None:
    article = make_article(section=make_section("اقتصاد"))
    assert article.section
    for path, full in ((lite(article), article), ("/lite/sections/اقتصاد/", article.section)):
        html = page(client, path)
        assert '<meta name="robots" content="noindex">' in html
        assert f'<link rel="canonical" href="http://127.0.0.1:8000{full.get_absolute_url()}">' in html
        assert f'<a href="{full.get_absolute_url()}">' in html
    assert '<link rel="canonical" href="http://127.0.0.1:8000/">' in page(client, "/lite/")


def test_light_page_loads_one_small_file_and_no_script(client: Client) -> None:
    article = make_article(lead_image=make_image(), body='<p>نص</p><p><img src="/media/images/a.jpg" alt="حديقة"></p>')
    html = page(client, lite(article))
    assert html.count('rel="stylesheet"') == 1
    assert "css/lite.css" in html
    assert [tag for tag in ("<script", "<img", "<picture", "preload") if tag in html] == []
    assert "cookie" not in str(client.get(lite(article)).headers).lower()


def test_long_article_stays_under_ten_kilobytes(client: Client) -> None:
    texts = sorted((REPOSITORY / "fixtures" / "newsroom" / "articles").iterdir())
    words = " ".join(path.read_text(encoding="utf-8") for path in texts).split()
    assert len(words) > 1200
    paragraphs = [" ".join(words[start : start + 60]) for start in range(0, 1200, 60)]
    article = make_article(
        standfirst="مقدمة الخبر",
        body="".join(f"<p>{text}</p>" for text in paragraphs),
        lead_image=make_image(),
        authors=(make_author(),),
        sources=(make_source(),),
        tags=(make_tag(), make_tag(), make_tag()),
    )
    html = client.get(lite(article)).content
    style = Path(str(finders.find("css/lite.css"))).read_bytes()
    assert len(gzip.compress(html)) + len(gzip.compress(style)) < BUDGET


def test_lead_picture_is_a_link_that_says_its_size(client: Client) -> None:
    image = make_image(caption="المدخل الشرقي")
    size = max(1, round(default_storage.size(image.file_name) / 1024))
    html = page(client, lite(make_article(lead_image=image)))
    assert f'<a href="{image.url(640)}">عرض الصورة ({"٠١٢٣٤٥٦٧٨٩"[size]} ك.ب)</a>' in html
    assert "المدخل الشرقي" in html


def test_lead_picture_whose_file_is_gone_breaks_nothing(client: Client) -> None:
    image = make_image()
    article = make_article(lead_image=image)
    default_storage.delete(image.file_name)
    assert f'<a href="{image.url(640)}">عرض الصورة</a>' in page(client, lite(article))


def test_picture_in_the_text_is_a_link_with_its_words(client: Client) -> None:
    body = (
        '<figure class="image"><img src="/media/images/a.jpg" alt="ممر &lt;قديم&gt;"></figure>'
        '<p><a href="https://other.example/"><img src="/media/images/b.jpg" alt="شعار"></a></p>'
    )
    html = page(client, lite(make_article(body=body)))
    assert '<a href="/media/images/a.jpg">عرض الصورة: ممر &lt;قديم&gt;</a>' in html
    # A link within a link would be torn apart.
    assert '<a href="https://other.example/" rel="noopener">شعار' in html


def test_only_what_readers_may_see_is_in_the_light_view(client: Client) -> None:
    draft, late = (
        make_article("مسودة سرية", published=False),
        make_article("مجدول", at=timezone.now() + timedelta(hours=1)),
    )
    gone = make_withdrawn("سُحبت لأسباب تحريرية.", headline="خبر مسحوب")
    for article in (draft, late):
        # By the number alone: what is not there offers to search for the words of its address.
        response = client.get(f"/lite/news/{article.pk}/")
        assert response.status_code == 404
        assert article.headline not in response.content.decode()
    response = client.get(lite(gone))
    assert response.status_code == 410
    assert "سُحبت لأسباب تحريرية." in response.content.decode()
    assert "خبر مسحوب" not in response.content.decode()
    home = page(client, "/lite/")
    assert [word for word in ("مسودة سرية", "مجدول", "خبر مسحوب") if word in home] == []


def test_wrong_light_address_leads_to_the_right_one(client: Client) -> None:
    article = make_article("افتتاح المكتبة", section=make_section("اقتصاد"))
    for path in (f"/lite/news/{article.pk}/", f"/lite/news/{article.pk}/آخر/"):
        response = client.get(path)
        assert (response.status_code, response["Location"]) == (301, lite(article))
    response = client.get("/lite/sections/اقتصـاد/?from=1")
    assert (response.status_code, response["Location"]) == (301, f"{lite(article.section)}?from=1")


def test_light_home_lists_news_and_sections(client: Client) -> None:
    section = make_section("اقتصاد")
    article = make_article("افتتاح المكتبة", section=section)
    html = page(client, "/lite/")
    assert f'href="{lite(article)}"' in html
    assert f'href="{lite(section)}"' in html


def test_empty_light_pages_say_so(client: Client) -> None:
    make_section("ثقافة")
    for path in ("/lite/", "/lite/sections/ثقافة/"):
        assert "لا توجد مواد هنا حتى الآن." in page(client, path)
    assert client.get("/lite/sections/ثقافة/?before=x").status_code == 404


def test_full_pages_lead_to_the_light_ones(client: Client) -> None:
    article = make_article()
    assert f'href="{lite(article)}"' in page(client, article.get_absolute_url())
    assert 'href="/lite/"' in page(client, "/")


@pytest.mark.parametrize(("path", "queries"), [("/lite/", 3), ("/lite/sections/اقتصاد/", 3)])
def test_light_lists_cost_the_same_at_one_and_three(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, path: str, queries: int
) -> None:
    section = make_section("اقتصاد")
    for number in (1, 2):
        for _time in range(number):
            make_article(section=section, authors=(make_author(),), lead_image=make_image())
        with django_assert_num_queries(queries):
            client.get(path)


def test_long_coverage_is_cut_as_its_page_is(client: Client) -> None:
    """Whoever asks for a light page must not get five hundred updates."""
    article = make_article(coverage_started_at=timezone.now())
    for number in range(PER_PAGE):
        LiveUpdate.objects.create(article=article, headline=f"تحديث رقم {number:03}")
    whole = page(client, lite(article))
    assert "تحديث رقم 000" in whole
    LiveUpdate.objects.create(article=article, headline="تحديث أخير")
    cut = page(client, lite(article))
    assert "تحديث أخير" in cut
    assert "تحديث رقم 000" not in cut
    assert f'href="{article.get_absolute_url()}#updates"' in cut


def test_light_article_costs_four_queries(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    article = make_article(coverage_started_at=timezone.now(), lead_image=make_image())
    for _time in (1, 2):
        LiveUpdate.objects.create(article=article, headline="تحديث")
        Correction.objects.create(article=article, note="تصحيح")
        RelatedLink.objects.create(article=article, target=make_article())
        with django_assert_num_queries(4):
            client.get(lite(article))
