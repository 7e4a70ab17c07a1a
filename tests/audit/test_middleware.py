import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from audit.middleware import address_of, origin
from audit.origin import NOWHERE, Origin, current


def seen_by_a_view(request: HttpRequest) -> Origin:
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(current.get())
        return HttpResponse()

    origin(view)(request)
    return seen[0]


def test_a_request_has_an_origin_and_leaves_none_behind() -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7", headers={"User-Agent": "Firefox " + "x" * 300})
    seen = seen_by_a_view(request)
    assert (seen.address, len(seen.user_agent)) == ("192.0.2.7", 200)
    assert current.get() == NOWHERE


def test_a_view_that_fails_leaves_no_origin_behind() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        origin(view)(RequestFactory().get("/"))
    assert current.get() == NOWHERE


def test_without_a_proxy_nobody_chooses_an_address() -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7", headers={"X-Forwarded-For": "198.51.100.1"})
    assert address_of(request) == "192.0.2.7"


@pytest.mark.parametrize(
    ("header", "address"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("10.0.0.1, 203.0.113.9 , 198.51.100.1", "198.51.100.1"),
        ("198.51.100.1, unknown", ""),
        ("", ""),
    ],
)
def test_behind_a_proxy_its_own_word_counts_alone(settings: Settings, header: str, address: str) -> None:
    settings.BEHIND_PROXY = True
    request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": header})
    assert address_of(request) == address


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:DB8:0:0::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_each_address_has_one_spelling(given: str, address: str) -> None:
    assert address_of(RequestFactory().get("/", REMOTE_ADDR=given)) == address
