"""What a page is made of is told to a CDN, not to readers."""

from tests.proxy.double import SHARED, Double
from tests.proxy.nginx import Proxy


def test_readers_are_told_no_keys(double: Double, proxy: Proxy) -> None:
    double.headers = {"Cache-Control": SHARED, "Surrogate-Key": "all article:3", "Cache-Tag": "all,article:3"}
    answers = [proxy.get("/keyed/"), proxy.get("/keyed/")]
    assert [answer.headers["X-Cache"] for answer in answers] == ["MISS", "HIT"]
    assert not [answer for answer in answers if answer.headers["Surrogate-Key"] or answer.headers["Cache-Tag"]]
