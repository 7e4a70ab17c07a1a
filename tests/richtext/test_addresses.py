import pytest

from richtext.addresses import clean_link, clean_source, is_external


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org",
        "http://example.org:8080/a?b=c#d",
        "https://مثال.إختبار/خبر",
        "mailto:desk@example.org?subject=x",
        "tel:+963-11-123",
        "/news/1/",
        "/",
        "#part",
    ],
)
def test_plain_links_stay_as_they_are(address: str) -> None:
    assert clean_link(address) == address


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        (" https://example.org/a b ", "https://example.org/a%20b"),
        ("https://exa\u200bmple.org/\u202ex", "https://example.org/x"),
        ("/a\tb\n", "/ab"),
        ("HTTPS://example.org/", "HTTPS://example.org/"),
    ],
)
def test_what_cannot_be_seen_is_taken_out(given: str, stored: str) -> None:
    assert clean_link(given) == stored


@pytest.mark.parametrize(
    "address",
    ["javascript:x", "//evil.example", "/\\evil", "https:evil", "https://u@evil.example", "x.html", "#", ""],
)
def test_ambiguous_links_are_refused(address: str) -> None:
    assert clean_link(address) is None


@pytest.mark.parametrize("address", ["/media/images/2026/11/a-960.jpg", "/static/img/a.svg"])
def test_pictures_of_this_site_stay(address: str) -> None:
    assert clean_source(address) == address


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/a", "/admin/", "/media/../admin/", "/media/%2e%2E/admin/", "/media\\a", "media/a"],
)
def test_other_pictures_are_refused(address: str) -> None:
    assert clean_source(address) is None


def test_links_with_a_host_are_external() -> None:
    assert is_external("HTTPS://example.org/")
    assert not is_external("/x")
    assert not is_external("mailto:a@b.c")
