"""Every page of pages.py is there, and answers as it should."""

import pytest

from tests.site.conftest import Site
from tests.site.pages import FEEDS, FILES, PAGES, READERS, REFUSALS, SITEMAPS
from tests.site.serving import Answer


@pytest.mark.parametrize("name", PAGES)
def test_page_is_there(answers: dict[str, Answer], name: str) -> None:
    assert answers[name].status == REFUSALS.get(name, 200)
    assert answers[name].headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("name", [*FEEDS, *SITEMAPS, *FILES])
def test_file_is_there(site: Site, name: str) -> None:
    assert site.page(name).status == 200


# The form of the sign-up carries the moment at which it was made, and no cache keeps it.
@pytest.mark.parametrize("name", [name for name in READERS if name != "newsletter"])
def test_page_is_the_same_for_everybody(site: Site, answers: dict[str, Answer], name: str) -> None:
    """It will be kept by caches: no cookie, nothing that depends on who asks."""
    answer = answers[name]
    assert answer.headers["Set-Cookie"] is None
    assert "Cookie" not in (answer.headers["Vary"] or "")
    assert "csrfmiddlewaretoken" not in answer.text
    as_staff = site.get(site.paths[name], Cookie=f"sessionid={site.cookie}")
    assert as_staff.body == answer.body
