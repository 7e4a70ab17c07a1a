"""Headers that every answer carries, whoever gave it."""

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.factories import make_article, make_withdrawn

pytestmark = pytest.mark.django_db

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; media-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; object-src 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
}


def assert_headers(client: Client, path: str, status: int, **extra: str) -> None:
    response = client.get(path, headers=extra)
    assert response.status_code == status
    assert {name: response[name] for name in HEADERS} == HEADERS
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_every_answer_to_a_reader_has_them(client: Client) -> None:
    article, withdrawn = make_article(), make_withdrawn()
    assert_headers(client, "/", 200)
    assert_headers(client, article.get_absolute_url(), 200)
    assert_headers(client, f"/news/{article.pk}/", 301)
    assert_headers(client, "/archive", 301)
    assert_headers(client, withdrawn.get_absolute_url(), 410)
    assert_headers(client, "/nowhere/", 404)
    assert_headers(client, "/newsletter/", 200)
    assert_headers(client, "/livez", 200)


def test_refusals_have_them_too(client: Client) -> None:
    assert_headers(client, "/?q=%00", 400)
    assert_headers(client, "/news/%00/", 400)
    # This one is a page with its style in it (newsroom.plain_pages).
    refused = client.get("/", headers={"Host": "evil.example"})
    assert refused.status_code == 400
    others = HEADERS | {"Content-Security-Policy": refused["Content-Security-Policy"]}
    assert {name: refused[name] for name in others} == others
    assert refused["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")


def test_an_error_has_them_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_path: str) -> str:
        raise RuntimeError("not foreseen")

    monkeypatch.setattr("newsroom.views.words_of", fail)
    client.raise_request_exception = False
    broken = client.get("/nowhere/")
    assert broken.status_code == 500
    others = HEADERS | {"Content-Security-Policy": broken["Content-Security-Policy"]}
    assert {name: broken[name] for name in others} == others
    assert broken["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")


@pytest.mark.parametrize("path", ["/admin/", "/admin/articles/article/", "/admin/nowhere/", "/admin/login/"])
def test_a_page_of_the_desk_has_them_and_names_itself_to_nobody(admin_client: Client, path: str) -> None:
    answer = admin_client.get(path)
    assert {name: answer[name] for name in HEADERS} == HEADERS | {"Referrer-Policy": "same-origin"}


def test_mail_program_behind_a_proxy_is_not_sent_to_another_address(db, client: Client, settings: LazySettings) -> None:
    """RFC 8058, 3.1. The page for people goes the same way: their mail named https."""
    settings.SECURE_SSL_REDIRECT = True
    data = {"List-Unsubscribe": "One-Click"}
    assert client.post("/newsletter/unsubscribe/x/", data).status_code == 404
    assert client.post("/newsletter/preferences/x/", data).status_code == 301


def test_redirect_to_https_has_them_too(client: Client, settings: LazySettings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert_headers(client, "/", 301)
