"""llms.txt."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from articles.machines import LATEST
from articles.models import Section
from tests.factories import make_article, make_page, make_section, make_site

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"


def told(client: Client) -> str:
    response = client.get("/llms.txt")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    return response.content.decode()


def test_begins_with_name_and_description_as_the_form_asks(client: Client) -> None:
    make_site(description="صحيفة مستقلة.\nعن المدينة.")
    lines = told(client).split("\n")
    assert lines[:3] == ["# مدار اليوم", "", "> صحيفة مستقلة. عن المدينة."]
    assert len(re.findall("^# ", told(client), flags=re.MULTILINE)) == 1


def test_leads_to_sections_feeds_latest_stories_and_public_pages(client: Client) -> None:
    make_site()
    section = make_section("اقتصاد", description="أسواق وأسعار")
    article = make_article("افتتاح السوق", section=section, standfirst="بعد عامين")
    page = make_page("سياسة التحرير")
    make_page("صفحة مخفية", is_public=False)
    make_article("مسودة سرية", published=False)
    text = told(client)
    assert f"- [اقتصاد]({SITE}{section.get_absolute_url()}): أسواق وأسعار" in text
    assert f"- [افتتاح السوق]({SITE}/n/{article.pk}): بعد عامين" in text
    assert f"- [سياسة التحرير]({SITE}{page.get_absolute_url()})" in text
    assert f"({SITE}/feeds/feed.json)" in text
    assert "مسودة سرية" not in text
    assert "صفحة مخفية" not in text


def test_terms_follow_the_settings(client: Client) -> None:
    refusal = "لا نسمح باستخدام نصوصنا في تدريب النماذج اللغوية."
    make_site(allows_training=False)
    assert refusal in told(client)
    make_site(allows_training=True)
    assert refusal not in told(client)


def test_signs_of_markdown_in_a_headline_are_words(client: Client) -> None:
    make_site()
    make_article("[عاجل] C* <b>")
    assert r"\[عاجل\] C\* \<b\>" in told(client)


def test_new_site_has_a_text(client: Client) -> None:
    make_site()
    Section.objects.all().delete()
    assert "##" in told(client)


def test_as_many_stories_as_queries_allow(client: Client, django_assert_num_queries: Any) -> None:
    make_site()
    for number in range(LATEST + 1):
        make_article(at=timezone.now() - timedelta(hours=number))
        if number in (0, 2):
            with django_assert_num_queries(4):
                client.get("/llms.txt")
    assert told(client).count(f"({SITE}/n/") == LATEST
