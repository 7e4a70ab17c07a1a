"""Closing the site for a while."""

import base64
import hashlib
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import InterfaceError, OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from pytest_django import Settings

from newsroom import maintenance
from pages.current import forget_site
from tests.conftest import NOW
from tests.factories import make_site


@pytest.fixture(autouse=True)
def own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def run(*args: str) -> str:
    out = StringIO()
    call_command("maintenance", *args, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_closed_site_answers_503_with_the_time_of_its_return(client: Client, clock) -> None:
    make_site(time_zone="Asia/Damascus", social_links="https://channel.example/madar")
    run("on", "--until", "22:00")
    response = client.get("/news/1/")
    page = response.content.decode()
    assert (response.status_code, response["Retry-After"]) == (503, str(12 * 3600 + 20 * 60))
    assert "نعود عند ١٠:٠٠ مساءً بتوقيت دمشق" in page
    assert "https://channel.example/madar" in page


@pytest.mark.django_db
def test_closed_site_asks_no_database(client: Client, clock, django_assert_num_queries) -> None:
    make_site()
    maintenance.close_site()
    with django_assert_num_queries(0):
        responses = [client.get("/"), client.post("/newsletter/subscribe/"), client.get("/admin/")]
    assert [response.status_code for response in responses] == [503] * 3
    assert {response["Retry-After"] for response in responses} == {str(maintenance.SOON)}
    assert "Set-Cookie" not in responses[0]


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_site_whose_database_is_lost_is_closed_all_the_same(
    client: Client, clock, settings: Settings, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def lost(_connection: BaseDatabaseWrapper) -> None:
        raise error("gone")

    forget_site()
    settings.SITE_HOST = "news.example.org"
    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", lost)
    monkeypatch.setattr(BaseDatabaseWrapper, "cursor", lost)
    assert "The site is closed" in run("on", "--until", "22:00")
    page = client.get("/news/1/").content.decode()
    assert "news.example.org" in page
    assert "نعود عند ١٠:٠٠ مساءً بتوقيت غرينتش" in page
    assert "The site is open again" in run("off")


@pytest.mark.django_db
def test_sign_of_life_goes_on(client: Client) -> None:
    maintenance.close_site()
    assert client.get("/livez").status_code == 200


@pytest.mark.django_db
def test_open_again(client: Client) -> None:
    make_site()
    run("on")
    assert run("status") == "closed\n"
    run("off")
    assert client.get("/").status_code == 200
    assert run("off") == "The site was open.\n"


@pytest.mark.django_db
def test_takes_longer_than_planned(client: Client, clock) -> None:
    maintenance.close_site(until=NOW + timedelta(minutes=1))
    clock.shift(3600)
    assert client.get("/")["Retry-After"] == str(maintenance.SOON)


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["later", "25:00", "2020-01-01T10:00"])
def test_wrong_time_is_refused(typed: str, clock) -> None:
    with pytest.raises(CommandError, match=typed):
        run("on", "--until", typed)
    assert not maintenance.notice().exists()


@pytest.mark.django_db
def test_words_of_readers_page_are_escaped(client: Client) -> None:
    make_site(name="<b>مدار</b>")
    maintenance.close_site(note="<script>alert(1)</script>")
    assert "<script>" not in client.get("/").content.decode()


@pytest.mark.django_db
def test_policy_allows_the_style_of_the_page_and_nothing_else(client: Client) -> None:
    maintenance.close_site()
    response = client.get("/")
    style = response.content.decode().partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert "--page" in style
    assert response["Content-Security-Policy"].startswith(f"default-src 'none'; style-src 'sha256-{digest}'; ")
