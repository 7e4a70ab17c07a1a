"""The site in one query, with the pages where the newsroom says what it holds itself to."""

import pytest
from pytest_django import DjangoAssertNumQueries

from pages.current import load_site
from pages.models import NavigationItem
from tests.factories import make_page, make_site

pytestmark = pytest.mark.django_db


def test_policies_come_with_the_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    principles, corrections = make_page(slug="principles"), make_page(slug="corrections")
    make_site(principles_page=principles, corrections_page=corrections)
    for position in range(3):
        NavigationItem.objects.create(place="footer", label="من نحن", page=principles, position=position)
    with django_assert_num_queries(1):
        site = load_site()
    assert (site.principles_path, site.corrections_path) == ("/p/principles/", "/p/corrections/")
    assert site.footer == [("من نحن", "/p/principles/")] * 3


def test_one_policy_is_not_taken_for_the_other() -> None:
    make_site(corrections_page=make_page(slug="corrections"))
    site = load_site()
    assert (site.principles_path, site.corrections_path) == ("", "/p/corrections/")


def test_hidden_policy_is_none() -> None:
    make_site(principles_page=make_page(is_public=False), corrections_page=None)
    site = load_site()
    assert (site.principles_path, site.corrections_path) == ("", "")
    assert site.settings.name == "مدار اليوم"
