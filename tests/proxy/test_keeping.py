"""What nginx keeps, under which key, and for whom."""

import gzip
import time

import brotli
import pytest

from tests.proxy.double import BRIEF, SHARED, Double
from tests.proxy.nginx import Proxy


def status_of(answer: object) -> str:
    return answer.headers["X-Cache"]  # type: ignore[attr-defined]


def test_second_reader_is_answered_from_the_copy(double: Double, proxy: Proxy) -> None:
    first, second = proxy.get("/copy/"), proxy.get("/copy/")
    assert (status_of(first), status_of(second)) == ("MISS", "HIT")
    assert first.body == second.body == b"first"
    assert double.paths() == ["/copy/"]


def test_head_fills_and_reads_the_same_copy(double: Double, proxy: Proxy) -> None:
    answer = proxy.get("/head/", method="HEAD")
    assert (answer.status, answer.body) == (200, b"")
    assert proxy.get("/head/").body == b"first"
    assert [asked.method for asked in double.asked] == ["GET"]


def test_each_encoding_is_stored_once_and_whoever_takes_none_gets_it_unpacked(double: Double, proxy: Proxy) -> None:
    packed = {
        "br": "br",
        "gzip, deflate, br, zstd": "br",
        "GZIP;q=0.5, BR;q=1.0": "br",
        "gzip": "gzip",
        "gzip, br;q=0": "gzip",
        "gzip, br;q=0.0": "gzip",
        "brotli, gzip": "gzip",
        "br;q=0.1": "br",
        "identity": "",
        "gzip;q=0": "",
        "": "",
    }
    got = {accepted: proxy.get("/packed/", Accept_Encoding=accepted) for accepted in packed}
    assert {accepted: answer.headers["Content-Encoding"] or "" for accepted, answer in got.items()} == packed
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}
    assert {unpack[packed[accepted]](answer.body) for accepted, answer in got.items()} == {b"first"}
    assert sorted(asked.headers["accept-encoding"] for asked in double.asked) == ["br", "gzip"]


@pytest.mark.parametrize(
    ("asked", "seen"),
    [
        ("/query/?utm_source=x&fbclid=1", "/query/"),
        ("/news/12/q/?utm_medium=a&page=2&gclid=b", "/news/12/q/?page=2"),
        ("/news/12/q/?PAGE=3&page=4", "/news/12/q/?page=3"),
        ("/news/12/q/?page=5&page=6", "/news/12/q/?page=5"),
        ("/search/?utm=1&sort=newest&q=%D8%A7+%D8%A8", "/search/?q=%D8%A7+%D8%A8&sort=newest"),
        ("/sections/x/?q=1&page=2", "/sections/x/?page=2"),
        ("/corrections/?kind=update&page=2&x=1", "/corrections/?kind=update&page=2"),
        ("/query/two?", "/query/two"),
        ("/query/%D9%86%D8%B5-a//b?x", "/query/%D9%86%D8%B5-a//b"),
    ],
)
def test_application_is_asked_for_what_the_key_names(double: Double, proxy: Proxy, asked: str, seen: str) -> None:
    proxy.get(asked)
    assert double.paths() == [seen]
    assert status_of(proxy.get(seen)) == "HIT"


def test_thousand_made_up_parameters_make_no_copy_of_their_own(double: Double, proxy: Proxy) -> None:
    proxy.get("/bust/")
    before = len(proxy.stored())
    for number in range(1_000):
        assert status_of(proxy.get(f"/bust/?cb={number * 7919}&utm_source={number}")) in {"HIT", "STALE", "UPDATING"}
    assert len(proxy.stored()) == before
    assert set(double.paths()) == {"/bust/"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "sessionid=abc"},
        {"Cookie": "theme=dark; __Host-sessionid=abc"},
        {"Cookie": "theme=dark;sessionid=abc"},
        {"Authorization": "Basic eDp5"},
    ],
)
def test_signed_in_neither_fill_nor_get_a_copy(double: Double, proxy: Proxy, headers: dict[str, str]) -> None:
    path = f"/person/{abs(hash(tuple(headers.values())))}/"
    double.text = "for one person"
    mine = proxy.get(path, **headers)
    double.text = "for all"
    assert proxy.get(path).body == b"for all"
    double.text = "for one person again"
    again = proxy.get(path, **headers)
    assert (mine.body, again.body) == (b"for one person", b"for one person again")
    assert status_of(again) is None
    assert double.asked[0].headers.items() >= {name.lower(): value for name, value in headers.items()}.items()


def test_answer_with_a_cookie_is_never_stored(double: Double, proxy: Proxy) -> None:
    double.headers = {"Cache-Control": SHARED, "Set-Cookie": "a=1"}
    statuses = [status_of(proxy.get("/cookie/")) for _ in range(3)]
    assert statuses == ["MISS", "MISS", "MISS"]
    assert not [stored for stored in proxy.stored() if b"/cookie/" in stored]


@pytest.mark.parametrize("said", ["", "no-cache", "no-store", "private, s-maxage=5", "public, max-age=86400"])
def test_only_what_is_said_to_be_shared_is_stored(double: Double, proxy: Proxy, said: str) -> None:
    double.headers = {"Cache-Control": said} if said else {}
    path = f"/said/{said.replace(' ', '')}/"
    answers = [proxy.get(path) for _ in range(2)]
    assert [status_of(answer) for answer in answers] == ["MISS", "MISS"]


def test_browsers_are_told_to_ask_each_time(double: Double, proxy: Proxy) -> None:
    first, second = proxy.get("/told/"), proxy.get("/told/")
    assert first.headers["Cache-Control"] == second.headers["Cache-Control"] == "no-cache"
    double.headers = {"Cache-Control": "public, max-age=86400"}
    assert proxy.get("/told/file").headers["Cache-Control"] == "public, max-age=86400"


def test_reader_who_has_the_copy_is_told_so(double: Double, proxy: Proxy) -> None:
    double.headers |= {"ETag": '"one"'}
    proxy.get("/etag/")
    known, unknown = proxy.get("/etag/", If_None_Match='W/"one"'), proxy.get("/etag/", If_None_Match='"two"')
    assert (known.status, known.body, unknown.status) == (304, b"", 200)
    assert len(double.asked) == 1


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_what_is_sent_goes_through(double: Double, proxy: Proxy, method: str) -> None:
    proxy.get("/sent/")
    answer = proxy.get("/sent/?utm_source=kept", method=method, body=b"a=1", Referer="here")
    assert status_of(answer) is None
    last = double.asked[-1]
    assert (last.method, last.path, last.body) == (method, "/sent/?utm_source=kept", b"a=1")
    assert last.headers["referer"] == "here"


@pytest.mark.parametrize("place", ["admin", "preview", "partners", "calendar", "newsletter"])
def test_places_of_one_person_are_never_stored(double: Double, proxy: Proxy, place: str) -> None:
    answers = [proxy.get(f"/{place}/secret/?token=1") for _ in range(2)]
    assert [status_of(answer) for answer in answers] == [None, None]
    assert double.paths() == [f"/{place}/secret/?token=1"] * 2
    assert not [stored for stored in proxy.stored() if b"secret" in stored]


def test_idle_page_is_fresh_for_the_first_who_comes(double: Double, proxy: Proxy) -> None:
    double.headers = {"Cache-Control": BRIEF}
    proxy.get("/idle/")
    double.text = "second"
    time.sleep(3.1)
    assert proxy.get("/idle/").body == b"second"


def test_page_a_little_too_old_is_shown_and_fetched_meanwhile(double: Double, proxy: Proxy) -> None:
    double.headers = {"Cache-Control": "public, max-age=0, s-maxage=1, stale-while-revalidate=30, stale-if-error=600"}
    proxy.get("/meanwhile/")
    double.text, double.seconds = "second", 0.3
    time.sleep(2.1)
    began = time.monotonic()
    stale = proxy.get("/meanwhile/")
    assert (stale.body, status_of(stale)) == (b"first", "STALE")
    assert time.monotonic() - began < 0.3
    time.sleep(0.6)
    assert proxy.get("/meanwhile/").body == b"second"
