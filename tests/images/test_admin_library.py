"""The library as a grid: what it says of a picture, what it finds, and what it asks the database."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from images.models import Image
from tests.conftest import NOW
from tests.factories import make_article, make_author, make_image, make_source, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

LIBRARY = "admin:images_image_changelist"
TODAY = NOW.date()


def library(client: Client, **asked: Any) -> Any:
    return client.get(reverse(LIBRARY), asked)


def found(client: Client, **asked: Any) -> set[Image]:
    return set(library(client, **asked).context["cl"].result_list)


def marks_of(client: Client) -> list[str]:
    return [mark.level for tile in library(client).context["cl"].tiles for mark in tile.marks]


def test_pictures_stand_in_a_list_with_lazy_small_files(admin_client: Client) -> None:
    make_image(alt_text="قارب في الميناء", renditions={"jpeg": [160, 320, 640]})
    page = library(admin_client).content.decode()
    assert '<ul class="picture-grid">' in page
    assert "-320.jpg" in page
    assert 'loading="lazy"' in page


@pytest.mark.parametrize(
    ("papers", "levels"),
    [
        ({}, []),
        ({"alt_text": ""}, ["bad"]),
        ({"credit": ""}, ["bad"]),
        ({"rights_until": TODAY - timedelta(days=1)}, ["bad"]),
        ({"rights_until": TODAY}, ["warn"]),
        ({"rights_until": TODAY + timedelta(days=31)}, []),
        ({"prepared_at": None}, ["note"]),
    ],
)
def test_a_picture_says_what_is_wrong_with_it(admin_client: Client, papers: dict, levels: list[str]) -> None:
    make_image(**{"prepared_at": NOW} | papers)
    assert marks_of(admin_client) == levels


def test_a_source_is_a_credit(admin_client: Client) -> None:
    make_image(credit="", source=make_source("وكالة الساحل"), prepared_at=NOW)
    assert marks_of(admin_client) == []


@pytest.mark.parametrize(
    ("asked", "papers", "others"),
    [
        ({"kind": "chart"}, {"kind": "chart"}, {}),
        ({"alt_text": "missing"}, {"alt_text": ""}, {}),
        ({"credit": "missing"}, {"credit": ""}, {}),
        ({"rights": "ended"}, {"rights_until": TODAY - timedelta(days=1)}, {"rights_until": TODAY}),
        (
            {"rights": "soon"},
            {"rights_until": TODAY + timedelta(days=30)},
            {"rights_until": TODAY + timedelta(days=31)},
        ),
        ({"rights": "running"}, {"rights_until": TODAY}, {"rights_until": TODAY - timedelta(days=1)}),
        ({"since": "2026-11-02"}, {"taken_on": date(2026, 11, 2)}, {"taken_on": date(2026, 11, 1)}),
        ({"until": "٢٠٢٦-١١-٠٢"}, {"taken_on": date(2026, 11, 2)}, {"taken_on": date(2026, 11, 3)}),
    ],
)
def test_each_filter_finds_its_own(admin_client: Client, asked: dict, papers: dict, others: dict) -> None:
    wanted = make_image(**papers)
    make_image(**others)
    assert found(admin_client, **asked) == {wanted}


def test_pictures_are_found_by_their_use(admin_client: Client) -> None:
    used, unused = make_image(), make_image()
    make_article(lead_image=used)
    assert found(admin_client, used="yes") == {used}
    assert found(admin_client, used="no") == {unused}


def test_pictures_are_found_by_source_and_by_who_brought_them_in(admin_client: Client, admin_user: Any) -> None:
    source = make_source("وكالة الساحل")
    of_source, mine = make_image(source=source), make_image(created_by=admin_user)
    assert found(admin_client, source=source.pk) == {of_source}
    assert found(admin_client, mine="on") == {mine}


def test_the_search_knows_the_names_of_sources_and_authors(admin_client: Client) -> None:
    by_source = make_image(alt_text="قارب في الميناء", source=make_source("وكالة الأنباء العربية"))
    by_author = make_image(alt_text="قارب في الميناء", author=make_author("هالة مراد"))
    make_image(alt_text="قارب في الميناء")
    assert found(admin_client, q="الانباء العربيه") == {by_source}
    assert found(admin_client, q="مراد ميناء") == {by_author}
    assert found(admin_client, q="مراد جبل") == set()


def test_the_search_knows_the_words_that_are_not_printed(admin_client: Client) -> None:
    wanted = make_image(keywords="فيضان، اللاذقية")
    make_image()
    assert found(admin_client, q="اللاذقيه") == {wanted}


@pytest.mark.parametrize("asked", [{"kind": "x"}, {"since": "yesterday"}, {"source": "1' OR 1=1"}, {"rights": "%"}])
def test_a_filter_that_means_nothing_finds_nothing(admin_client: Client, asked: dict) -> None:
    make_image()
    assert found(admin_client, **asked) == set()


def test_no_other_lookup_is_taken(admin_client: Client) -> None:
    assert library(admin_client, alt_text__regex="(a+)+$").status_code == 400


@pytest.mark.parametrize("count", [1, 3])
def test_more_pictures_ask_no_more_questions(admin_client: Client, django_assert_num_queries: Any, count: int) -> None:
    for _number in range(count):
        make_article(lead_image=make_image(source=make_source()))
    library(admin_client)
    with django_assert_num_queries(QUERIES) as asked:
        library(admin_client)
    assert len(asked) == QUERIES


QUERIES = 13


def test_a_page_past_what_was_counted_is_no_error(admin_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audit.admin.listing.MOST_LINES", 2)
    monkeypatch.setattr("images.admin.picture.ImageAdmin.list_per_page", 1)
    for _number in range(4):
        make_image()

    counted, beyond = (admin_client.get(reverse(LIBRARY), {"p": page}) for page in ("2", "3"))

    assert counted.status_code == 200
    assert beyond.status_code == 302


def test_reporters_see_the_library_and_newsletter_editors_do_not(client: Client) -> None:
    client.force_login(make_user(Role.REPORTER))
    assert library(client).status_code == 200
    client.force_login(make_user(Role.NEWSLETTER_EDITOR))
    assert library(client).status_code == 403
