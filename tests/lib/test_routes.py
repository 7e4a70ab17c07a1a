import pytest
from django.urls import reverse

from newsroom.lib.routes import route


@pytest.mark.parametrize("slug", ["سعر-الصرف", "plain-words", "a&b;c=d", "50%", "a~b:c@d", "‘quoted’", "x{y}z"])
def test_it_says_what_reverse_says(slug: str) -> None:
    address = route("articles:detail", 1, "slug")
    assert address(17, slug) == reverse("articles:detail", args=[17, slug])


def test_a_sample_is_found_once() -> None:
    address = route("articles:detail", 1)
    assert [address(7), address(11)] == ["/news/7/", "/news/11/"]
