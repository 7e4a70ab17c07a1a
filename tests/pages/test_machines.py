"""What the site tells programs about itself, at fixed addresses."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from newsroom.lib.tables import words
from pages.machines import CLOSED, SITEMAPS
from tests.factories import make_site

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"
SECURITY = "/.well-known/security.txt"
OS = "{http://a9.com/-/spec/opensearch/1.1/}"


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert not response.cookies
    return response.content.decode()


def rules(client: Client) -> RobotFileParser:
    parser = RobotFileParser()
    parser.parse(text(client, "/robots.txt").splitlines())
    return parser


def test_search_engines_may_read_news_and_nothing_of_the_desk(client: Client) -> None:
    make_site()
    parser = rules(client)
    for path in ("/", "/news/1/", "/sections/x/", "/feeds/rss.xml", "/cards/1-0.jpg", "/p/about/", "/newsletter/"):
        assert parser.can_fetch("Googlebot", path), path
    for path in ("/admin/", "/search/?q=x", "/partners/key/feed.xml", "/newsletter/confirm/token/", "/reads/"):
        assert not parser.can_fetch("Googlebot", path), path
    # Only who may fetch a light page reads there that it is not to be listed.
    assert parser.can_fetch("Googlebot", "/lite/news/1/")


def test_both_sitemaps_are_named(client: Client) -> None:
    make_site()
    assert rules(client).site_maps() == [f"{SITE}/sitemap.xml", f"{SITE}/sitemap-news.xml"]


def test_addresses_in_robots_are_those_of_the_site() -> None:
    for path in (*CLOSED, *SITEMAPS):
        ends = ("", "x/", "4fd4ab4b-0a5a-4d5f-8a33-3d1d2f7b9f0e/", "key/feed.xml", "key.ics")
        assert any(_resolves(path + end) for end in ends), path


def _resolves(path: str) -> bool:
    try:
        return resolve(path).url_name != "page"
    except Resolver404:
        return False


@pytest.mark.parametrize("name", ["GPTBot", "ClaudeBot", "CCBot", "Google-Extended", "Applebot-Extended", "Bytespider"])
def test_collectors_for_training_are_sent_away_unless_the_newsroom_allows_it(client: Client, name: str) -> None:
    make_site(allows_training=False)
    assert not rules(client).can_fetch(name, "/news/1/")
    make_site(allows_training=True)
    assert rules(client).can_fetch(name, "/news/1/")


def test_search_engines_are_no_collectors_for_training(client: Client) -> None:
    make_site(allows_training=False)
    engines = ("Googlebot", "Bingbot", "Applebot", "DuckDuckBot", "YandexBot", "OAI-SearchBot", "Google-Extended2")
    assert not {engine.casefold() for engine in engines} & {name.casefold() for name in words("training_crawlers")}
    for engine in engines[:-1]:
        assert rules(client).can_fetch(engine, "/news/1/"), engine


def test_security_text_names_whom_to_write_to_for_less_than_a_year(client: Client, clock: Any) -> None:
    make_site(contact_email="desk@example.org")
    first = text(client, SECURITY)
    fields = dict(line.split(": ", 1) for line in first.splitlines())
    assert fields["Contact"] == "mailto:desk@example.org"
    assert fields["Canonical"] == SITE + SECURITY
    assert fields["Preferred-Languages"] == "ar, en"
    ends = datetime.fromisoformat(fields["Expires"])
    now = datetime(2026, 11, 20, tzinfo=UTC)
    assert timedelta(days=30) < ends - now < timedelta(days=365)
    # The same text until midnight, a later end the day after.
    clock.shift(timedelta(hours=10))
    assert text(client, SECURITY) == first
    clock.shift(timedelta(hours=14))
    assert text(client, SECURITY) != first


def test_without_anybody_to_write_to_there_is_no_security_text(client: Client) -> None:
    make_site(contact_email="")
    assert client.get(SECURITY).status_code == 404


def test_humans_text_names_the_newsroom(client: Client) -> None:
    make_site(contact_email="desk@example.org")
    told = text(client, "/humans.txt")
    assert "مدار اليوم" in told
    assert "desk@example.org" in told


def test_browsers_learn_how_to_search(client: Client) -> None:
    make_site(name="صحيفة مدار اليوم الإلكترونية")
    response = client.get("/opensearch.xml")
    assert response["Content-Type"] == "application/opensearchdescription+xml; charset=utf-8"
    found = ET.fromstring(response.content)
    # At most 16 characters, in whole words.
    assert found.findtext(f"{OS}ShortName") == "صحيفة مدار اليوم"
    search, itself = (url.attrib for url in found.findall(f"{OS}Url"))
    assert search["template"] == f"{SITE}/search/?q={{searchTerms}}"
    assert itself["template"] == f"{SITE}/opensearch.xml"
    page = client.get("/").content.decode()
    assert '<link rel="search" type="application/opensearchdescription+xml"' in page


def test_there_is_no_ads_text(client: Client) -> None:
    make_site()
    assert client.get("/ads.txt").status_code == 404


@pytest.mark.parametrize("path", ["/robots.txt", "/humans.txt", "/opensearch.xml"])
def test_files_for_machines_cost_one_query(client: Client, django_assert_num_queries: Any, path: str) -> None:
    make_site()
    with django_assert_num_queries(1):
        client.get(path)
