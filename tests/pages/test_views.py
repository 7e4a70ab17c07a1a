import pytest
from django.test import Client

from pages.models import NavigationItem
from tests.factories import make_article, make_page, make_section, make_site

pytestmark = pytest.mark.django_db


def test_public_page_is_shown(client: Client) -> None:
    make_site()
    page = make_page("من نحن", body="<p>صحيفة محلية مستقلة.</p>")
    response = client.get(page.get_absolute_url())
    assert response.status_code == 200
    assert "صحيفة محلية مستقلة." in response.content.decode()


def test_hidden_page_is_unknown(client: Client) -> None:
    assert client.get(make_page(is_public=False).get_absolute_url()).status_code == 404


def test_page_takes_two_queries(client: Client, django_assert_num_queries) -> None:
    make_site()
    page = make_page()
    with django_assert_num_queries(2):
        client.get(page.get_absolute_url())


def test_navigation_marks_where_the_reader_is(client: Client) -> None:
    make_site()
    section = make_section()
    make_article(section=section)
    # Typed by an editor as people read it; the address itself is percent-encoded.
    NavigationItem.objects.create(place="header", label="القسم", path=f"/sections/{section.slug}/")
    own = client.get(section.get_absolute_url()).content.decode()
    story = client.get(section.articles.get().get_absolute_url()).content.decode()
    assert 'aria-current="page">القسم' in own
    assert 'aria-current="true">القسم' in story
    assert 'aria-current="page">القسم' not in client.get("/").content.decode()
