"""The page of all components: for staff alone, and without a row in the database."""

import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from tests.factories import make_article, make_site, make_user
from tests.house.files import our_templates

pytestmark = pytest.mark.django_db

ADDRESS = "/styleguide/"
# Parts of the frame and of the head of every page; and a row of cards that has the id of the timeline.
ELSEWHERE = {
    "latest_row",
    "article_meta", "breadcrumbs", "feed_link", "feed_links", "head_links", "list_meta", "masthead", "page_meta",
    "pager_meta", "section_nav", "site_footer", "utility_bar",
}  # fmt: skip


@pytest.fixture
def staff() -> Client:
    make_site()
    client = Client()
    client.force_login(make_user(Role.REPORTER))
    return client


def test_readers_and_plain_accounts_find_no_such_page(client: Client) -> None:
    make_site()
    assert client.get(ADDRESS).status_code == 404
    client.force_login(make_user())
    assert client.get(ADDRESS).status_code == 404


def test_staff_see_it_and_nobody_stores_or_indexes_it(staff: Client) -> None:
    response = staff.get(ADDRESS)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in response.content.decode()


def test_it_asks_the_same_of_an_empty_and_of_a_full_database(staff: Client) -> None:
    with CaptureQueriesContext(connection) as empty:
        staff.get(ADDRESS)
    for _ in range(3):
        make_article()
    with CaptureQueriesContext(connection) as full:
        staff.get(ADDRESS)
    assert len(empty) == len(full) <= 5, [query["sql"] for query in full]


class _Outline(HTMLParser):
    """Collects the ids and the levels of the headings of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.levels: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids.update(value or "" for name, value in attrs if name == "id")
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))


def test_ids_are_unique_and_no_level_of_heading_is_skipped(staff: Client) -> None:
    outline = _Outline()
    outline.feed(staff.get(ADDRESS).content.decode())
    assert [name for name, number in outline.ids.items() if number > 1] == []
    levels = outline.levels[outline.levels.index(1) :]
    assert levels.count(1) == 1
    assert [pair for pair in zip(levels, levels[1:], strict=False) if pair[1] > pair[0] + 1] == []


INCLUDED = re.compile(r'{% include "([^"]+)"')
TAG = re.compile(r"{% (\w+)")


def included_by(name: str) -> set[str]:
    """The templates that a template includes or shows by a tag of their name (pages.chrome), and what those include."""
    text = our_templates()[f"templates/{name}"]
    by_tag = {f"components/{tag}.html" for tag in TAG.findall(text)} - {name}
    names = {*INCLUDED.findall(text), *(each for each in by_tag if f"templates/{each}" in our_templates())}
    return names.union(*(included_by(each) for each in names))


def test_every_component_is_on_it() -> None:
    components = {name.removeprefix("templates/") for name in our_templates() if "templates/components/" in name}
    shown = included_by("styleguide/page.html")
    missing = components - shown - {f"components/{name}.html" for name in ELSEWHERE}
    assert missing == set()
