"""What is for the reader's device: the saved list, the page for no network, the service worker, the manifest."""

import json
import re
from collections.abc import Callable
from io import BytesIO

import pytest
from django.conf import LazySettings
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image as Pixels
from pytest_django import DjangoAssertNumQueries

from articles import service_worker
from pages.models import SiteSettings
from tests.factories import make_article, make_image, make_site

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site() -> None:
    make_site()


def worker(client: Client) -> tuple[dict[str, object], str]:
    """The shell that the worker keeps, and its code."""
    text = client.get("/sw.js").content.decode()
    first, _, code = text.partition("\n")
    found = re.fullmatch(r"const SHELL = (\{.*\});", first)
    assert found
    return json.loads(found[1]), code


# --- Pages


@pytest.mark.parametrize("path", ["/saved/", "/offline/"])
def test_pages_of_the_device_are_the_same_for_all_and_not_indexed(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    assert not response.cookies
    assert "csrf" not in response.content.decode()


@pytest.mark.parametrize("path", ["/saved/", "/offline/", "/sw.js", "/manifest.webmanifest"])
def test_they_ask_the_database_once(
    client: Client, path: str, django_assert_max_num_queries: Callable[[int], DjangoAssertNumQueries]
) -> None:
    make_article()
    with django_assert_max_num_queries(1):
        client.get(path)


@pytest.mark.parametrize("path", ["/saved/", "/offline/", "/sw.js", "/manifest.webmanifest"])
def test_they_are_only_to_be_read(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


def test_saved_page_says_what_it_needs(client: Client) -> None:
    html = client.get("/saved/").content.decode()
    assert re.search(r"<noscript><p[^>]*>\S", html)


def test_offline_page_needs_nothing_that_the_worker_does_not_keep(client: Client) -> None:
    html = client.get("/offline/").content.decode()
    shell, _code = worker(client)
    asked_for = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', html))
    assert asked_for
    assert asked_for <= set(shell["assets"])  # type: ignore[call-overload]


# --- The service worker


def test_worker_rules_the_whole_site_and_is_asked_for_anew(client: Client) -> None:
    response = client.get("/sw.js")
    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert response["Cache-Control"] == "no-cache"
    assert "script-src 'self'" in response["Content-Security-Policy"]


def test_worker_keeps_pages_and_files_that_are_there(client: Client) -> None:
    shell, _code = worker(client)
    assert shell["pages"] == ["/offline/", "/saved/"]
    assert all(finders.find(name) for name in service_worker.ASSETS)
    assert shell["assets"] == [f"/static/{name}" for name in service_worker.ASSETS]


def test_worker_keeps_the_fonts_that_the_style_sheet_names(settings: LazySettings) -> None:
    tokens = (settings.BASE_DIR / "static/css/tokens.css").read_text()
    fonts = {f"fonts/{name}" for name in re.findall(r'url\("\.\./fonts/([^"]+)"\)', tokens)}
    assert fonts == {name for name in service_worker.ASSETS if name.startswith("fonts/")}


def test_worker_is_the_same_until_something_changes(client: Client) -> None:
    before = worker(client)
    make_article()
    assert worker(client) == before


def test_release_that_changes_a_file_brings_a_new_worker(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    before, _code = worker(client)
    monkeypatch.setattr(service_worker, "static", lambda name: f"/static/0123456789ab/{name}")
    assert worker(client)[0]["version"] != before["version"]


def test_change_of_the_offline_page_brings_a_new_worker(client: Client) -> None:
    before, _code = worker(client)
    SiteSettings.objects.update(name="مدار الغد")
    assert worker(client)[0]["version"] != before["version"]


def test_worker_that_is_switched_off_removes_itself(client: Client, settings: LazySettings) -> None:
    settings.SERVICE_WORKER = False
    text = client.get("/sw.js").content.decode()
    assert "registration.unregister()" in text
    assert '"fetch"' not in text


# --- The manifest


def test_manifest_names_the_site_in_arabic(client: Client) -> None:
    response = client.get("/manifest.webmanifest")
    manifest = response.json()
    assert response["Content-Type"] == "application/manifest+json"
    assert manifest["name"] == SiteSettings.objects.get().name
    assert (manifest["lang"], manifest["dir"], manifest["display"]) == ("ar", "rtl", "standalone")
    assert [shortcut["url"] for shortcut in manifest["shortcuts"]] == ["/", "/saved/", "/search/"]


def test_icons_of_the_manifest_are_as_large_as_they_say(client: Client) -> None:
    icons = client.get("/manifest.webmanifest").json()["icons"]
    assert {(icon["sizes"], icon["purpose"]) for icon in icons} == {
        ("192x192", "any"), ("512x512", "any"), ("512x512", "maskable"),
    }  # fmt: skip
    for icon in icons:
        path = finders.find(icon["src"].removeprefix("/static/"))
        assert path
        with open(path, "rb") as file, Pixels.open(BytesIO(file.read())) as picture:
            assert f"{picture.width}x{picture.height}" == icon["sizes"]
            assert picture.format == "PNG"


def test_every_page_leads_to_manifest_and_icon(client: Client) -> None:
    html = client.get("/saved/").content.decode()
    assert '<link rel="manifest" href="/manifest.webmanifest">' in html
    assert '<link rel="apple-touch-icon" href="/static/img/apple-touch-icon.png">' in html


# --- The tools of an article


def test_article_says_to_the_browser_what_to_save(client: Client) -> None:
    article = make_article('عنوان فيه "علامات" و<b>رموز</b>', lead_image=make_image())
    html = client.get(article.get_absolute_url()).content.decode()
    assert f'data-save="{article.pk}"' in html
    assert f'data-address="{article.get_absolute_url()}"' in html
    assert 'data-headline="عنوان فيه &quot;علامات&quot; و&lt;b&gt;رموز&lt;/b&gt;"' in html
    assert f'data-section="{article.section.name}"' in html


def test_buttons_that_need_javascript_say_so(client: Client) -> None:
    html = client.get(make_article().get_absolute_url()).content.decode()
    tools = html[html.index('class="article-tools"') : html.index('class="article-body"')]
    for tag in re.findall(r"<button\b[^>]*>", tools):
        in_sizes = "data-text-step" in tag
        assert in_sizes or "needs-js" in tag, tag
    assert '<span class="text-sizes needs-js"' in tools
