"""What is kept of the choice for the home page never meets other sections than those it was made for."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from articles.front_page import front_page
from articles.models import Section
from newsroom.lib.keeping import parts, stories
from tests.factories import make_article, make_section, make_site

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def kept_parts(settings: Settings) -> Iterator[None]:
    settings.PAGE_CACHE = "parts"
    parts.clear()
    stories.clear()
    yield
    parts.clear()
    stories.clear()


@pytest.fixture
def sections() -> list[Section]:
    make_site()
    found = [make_section(f"قسم {number}", position=number) for number in (1, 2)]
    for section in found:
        for number in range(13):
            make_article(f"خبر {number}", section=section)
    return found


def names_of_rows() -> list[tuple[str, set[str]]]:
    page = front_page()
    rows = [*page.rows, *page.pairs]
    return [(row.section.name, {each.section.name for each in row.articles if each.section}) for row in rows]


def test_rows_keep_their_sections_when_these_change_places(sections: list[Section]) -> None:
    assert names_of_rows() == [("قسم 1", {"قسم 1"}), ("قسم 2", {"قسم 2"})]
    sections[0].position = 3
    sections[0].save()
    assert names_of_rows() == [("قسم 2", {"قسم 2"}), ("قسم 1", {"قسم 1"})]


def test_new_section_does_no_harm_to_the_home_page(sections: list[Section]) -> None:
    before = names_of_rows()
    make_section("قسم 3", position=3)
    assert names_of_rows() == before
