"""The call by which the application has a page fetched anew."""

import pytest

from tests.proxy.double import Double
from tests.proxy.nginx import TOKEN, Proxy


@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_call_replaces_the_copy(double: Double, proxy: Proxy, encoding: str) -> None:
    path = f"/anew/{encoding}/"
    proxy.get(path, Accept_Encoding=encoding)
    double.text = "second"
    assert proxy.get(path, Accept_Encoding=encoding).headers["X-Cache"] == "HIT"
    called = proxy.refresh(path, encoding)
    after = proxy.get(path, Accept_Encoding=encoding)
    assert (called.headers["X-Cache"], after.headers["X-Cache"]) == ("BYPASS", "HIT")
    assert called.body == after.body
    assert len(double.asked) == 2


def test_application_learns_that_it_is_a_call(double: Double, proxy: Proxy) -> None:
    proxy.refresh("/learns/")
    proxy.get("/learns/not/")
    assert [asked.headers.get("x-cache-refresh") for asked in double.asked] == [TOKEN, None]


@pytest.mark.parametrize("token", ["", "x", TOKEN[:-1], TOKEN + "x", TOKEN.upper(), f"{TOKEN} {TOKEN}", "x" * 5_000])
def test_wrong_token_changes_nothing(double: Double, proxy: Proxy, token: str) -> None:
    path = f"/wrong/{len(token)}{token[:1]}/"
    proxy.get(path)
    double.text = "second"
    assert proxy.refresh(path, token=token).headers["X-Cache"] == "HIT"
    assert proxy.get(path).body == b"first"
    assert {asked.headers.get("x-cache-refresh") for asked in double.asked} <= {None}


@pytest.mark.parametrize(("path", "cookie"), [("/admin/x/", ""), ("/person/y/", "sessionid=1")])
def test_token_goes_nowhere_else(double: Double, proxy: Proxy, path: str, cookie: str) -> None:
    proxy.get(path, X_Cache_Refresh=TOKEN, **({"Cookie": cookie} if cookie else {}))
    assert "x-cache-refresh" not in double.asked[-1].headers


def test_page_that_is_gone_takes_the_place_of_the_copy(double: Double, proxy: Proxy) -> None:
    proxy.get("/gone/")
    double.status, double.text = 410, "withdrawn"
    double.headers = {"Cache-Control": "public, max-age=0, s-maxage=1"}
    assert proxy.refresh("/gone/").status == 410
    answer = proxy.get("/gone/", Accept_Encoding="gzip")
    assert answer.status == 410
