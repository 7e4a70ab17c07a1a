"""A form that is sent without its token does nothing, wherever it goes (H1); and where redirects lead (C5)."""

import pytest
from django.test import Client

from articles.admin.kept import FORMS
from tests.factories import (
    make_article,
    make_author,
    make_mailing_list,
    make_section,
    make_site,
    make_source,
    make_tag,
    make_user,
)
from tests.house.matrix_requests import staff_addresses
from tests.security.routes import path_of, views

pytestmark = pytest.mark.django_db

# By the modules of their views, and what protects them instead.
EXEMPT = {
    "articles.read_views": {"reads/": "refuses what another site caused, by headers; changes a sum alone"},
    "articles.preview_link_views": {"preview/<token>/": "same_origin_post"},
    "newsletter.leaving_views": {
        "newsletter/unsubscribe/<token>/": "the token of the address: mail programs post without a cookie",
        "newsletter/not-me/<token>/": "same_origin_post",
    },
    "newsletter.preference_views": {
        "newsletter/preferences/<token>/": "same_origin_post",
        "newsletter/download/<token>/": "same_origin_post",
        "newsletter/erase/<token>/": "same_origin_post",
    },
    "newsletter.report_views": {"newsletter/reports/<provider>/": "a signature, or our secret"},
    "newsletter.views": {
        "newsletter/subscribe/": "same_origin_post",
        "newsletter/confirm/<token>/": "same_origin_post",
    },
}
BY_THEIR_ORIGIN = {route for routes in EXEMPT.values() for route, by in routes.items() if by == "same_origin_post"}


def test_views_that_ask_for_no_token_are_these() -> None:
    """Asked of the views themselves: a decorator may be written in many ways."""
    found: dict[str, set[str]] = {}
    for route, view in views():
        if getattr(view, "csrf_exempt", False):
            found.setdefault(view.__module__, set()).add(route)
    assert found == {module: set(routes) for module, routes in EXEMPT.items()}


def test_no_address_of_the_desk_takes_a_form_without_its_token() -> None:
    make_site()
    client, article = Client(enforce_csrf_checks=True), make_article(published=False)
    client.force_login(make_user(is_staff=True, is_superuser=True))
    routes = staff_addresses()
    answers = {route: client.post(path_of(route, article.pk), {"headline": "x"}).status_code for route in routes}
    assert len(answers) > 200
    assert {route: status for route, status in answers.items() if status != 403} == {}


def test_no_address_for_readers_takes_a_form_that_another_site_sent() -> None:
    make_site()
    client = Client(enforce_csrf_checks=True)
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    free = {route for routes in EXEMPT.values() for route in routes} - BY_THEIR_ORIGIN
    taken = {}
    for route, _view in views():
        if route not in staff_addresses() | free:
            answer = client.post(path_of(route), {"email": "a@b.example"}, headers=headers)
            if answer.status_code not in {403, 404, 405}:
                taken[route] = answer.status_code
    assert taken == {}
    for route in BY_THEIR_ORIGIN:
        assert client.post(path_of(route), {}, headers=headers).status_code in {403, 404}


def test_forms_whose_words_are_given_back_do_nothing_either() -> None:
    assert FORMS
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user(is_staff=True, is_superuser=True))
    article = make_article(published=False)
    address = f"/admin/articles/article/{article.pk}/change/"
    answer = client.post(address, {"headline": "مزور"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 403
    article.refresh_from_db()
    assert article.headline != "مزور"


# Where redirects lead


@pytest.mark.parametrize("lead", ["//", "///", "/\\", "//evil.example/", "/./", "/%2f"])
@pytest.mark.parametrize("query", ["", "page=1", "page=2", "page=99", "before=zzzzzzz-1", "before=1-1"])
def test_no_redirect_leads_to_another_host(client: Client, lead: str, query: str) -> None:
    """A browser reads `Location: //tags/gardens/` as the page /gardens/ of the host `tags`."""
    make_site()
    make_mailing_list(is_default=True, is_offered=True)
    about = {"section": make_section(), "authors": (make_author(),), "sources": (make_source(),), "tags": (make_tag(),)}
    story = make_article(**about)
    rows = (about["section"], about["authors"][0], about["sources"][0], about["tags"][0])
    own = [row.get_absolute_url()[1:] for row in (*rows, story)]
    others = [f"news/{story.pk}/", f"n/{story.pk}", "archive", "archive/", "admin", "search", "saved", "lite", "lite/"]
    led = 0
    for path in [*own, *others, "newsletter/archive/"]:
        answer = client.get("/", PATH_INFO=lead + path, QUERY_STRING=query)
        location = answer.get("Location", "")
        led += bool(location)
        assert not location.startswith(("//", "/\\")), (path, location)
        assert "://" not in location, (path, location)
    assert led or lead in {"//evil.example/", "/%2f", "/./"}
