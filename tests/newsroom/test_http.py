import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from newsroom.lib.http import comes_from_elsewhere, same_origin_post

ELSEWHERE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://other.example"},
    {"Origin": "https://other.example"},
    {"Origin": "http://testserver.other.example"},
    {"Origin": "http://other.example/testserver"},
    {"Origin": "http://testserver:8000"},
    {"Origin": "http://[testserver"},
    {"Origin": "testserver"},
    {"Origin": ""},
]
HERE = [
    {},
    {"Origin": "http://testserver"},
    {"Origin": "https://testserver"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    {"Sec-Fetch-Site": "none"},
]


@same_origin_post
def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
def test_browser_that_names_another_site_is_believed(headers: dict[str, str]) -> None:
    assert comes_from_elsewhere(RequestFactory().post("/", headers=headers))


@pytest.mark.parametrize("headers", HERE, ids=str)
def test_our_own_pages_and_programs_pass(headers: dict[str, str]) -> None:
    assert view(RequestFactory().post("/", headers=headers)).content == b"done"


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_whatever_may_change_something_is_refused_from_elsewhere(method: str) -> None:
    request = getattr(RequestFactory(), method)("/", headers=ELSEWHERE[0])
    assert view(request).status_code == 403


@pytest.mark.parametrize("method", ["get", "head"])
def test_links_from_elsewhere_may_be_followed(method: str) -> None:
    assert view(getattr(RequestFactory(), method)("/", headers=ELSEWHERE[0])).status_code == 200
