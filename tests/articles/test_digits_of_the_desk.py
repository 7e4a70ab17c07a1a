"""The desk prints its own numbers in the digits of the site: no page mixes two scripts of digits."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from articles import changes, publishing
from articles.commenting import comment
from articles.models import Article
from tests.factories import BODY, make_article, make_author, make_page, make_section, make_site, make_tag, make_user

pytestmark = pytest.mark.django_db

# What is typed, or read by machines: there digits stay as they are.
_LEFT_ALONE = {"code", "kbd", "noscript", "option", "pre", "script", "style", "textarea"}
_VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
# The place of a row, hidden where it is put into order by hand, and what Django's script counts by itself.
_UNSEEN = {"field-position", "action-counter"}
# Sizes of windows in px, names of statuses, the name of a row of Django's inlines, addresses of machines.
_NAMES = re.compile(r"360|768|1280|5xx|#[0-9]+|[0-9]+(?:\.[0-9]+){2,}")


class _Words(HTMLParser):
    """What a page shows, without what stands from left to right or is left alone."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[bool] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            classes = set((dict(attrs).get("class") or "").split())
            self.open.append(tag in _LEFT_ALONE or ("dir", "ltr") in attrs or bool(classes & _UNSEEN))

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID and self.open:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if not any(self.open):
            self.found.append(data.strip())


def latin_numbers(page: str) -> list[str]:
    words = _Words()
    words.feed(page)
    return [text for text in words.found if re.search("[0-9]", _NAMES.sub("", text))]


@pytest.fixture
def story(client: Client) -> Article:
    make_site()
    owner = make_user(is_superuser=True, is_staff=True, first_name="سلمى", username="سلمى")
    client.force_login(owner)
    section, tags, authors = make_section("محليات"), [make_tag("جسور"), make_tag("طرق")], (make_author("ليلى"),)
    story = make_article("افتتاح الجسر", published=False, section=section, tags=tags, authors=authors, body=BODY)
    publishing.publish(story, by=owner)
    changes.open_changes(story, by=owner)
    comment(story, by=owner, text="راجعوا الأرقام", to=None)
    return story


def addresses(story: Article) -> Iterator[str]:
    copy = Article.objects.get(working_copy_of=story)
    for name in ("change", "history", "comments", "reads"):
        yield reverse(f"admin:articles_article_{name}", args=[story.pk])
    yield reverse("admin:articles_article_change", args=[copy.pk])
    yield reverse("admin:articles_article_revision", args=[story.pk, 1])
    yield reverse("admin:articles_article_compare", args=[story.pk]) + "?old=1&new=2"
    yield reverse("admin:articles_article_changelist")
    yield reverse("admin:articles_section_changelist")
    yield reverse("admin:articles_tag_changelist")
    yield reverse("admin:accounts_user_changelist")
    yield reverse("admin:pages_page_change", args=[make_page().pk])
    yield reverse("admin:index")
    yield reverse("operation:page")


def test_no_page_of_the_desk_mixes_two_scripts_of_digits(client: Client, story: Article) -> None:
    mixed = {address: latin_numbers(client.get(address).content.decode()) for address in addresses(story)}
    assert {address: found for address, found in mixed.items() if found} == {}


def test_the_walk_sees_a_number_and_leaves_an_address_alone() -> None:
    page = '<p>النسخة 5<br>٦</p><code>7</code><bdi dir="ltr">8</bdi><textarea>9</textarea><p>360</p><input value="1">'
    assert latin_numbers(page) == ["النسخة 5"]


def test_what_is_only_read_is_printed_as_the_site_prints_it(client: Client, story: Article) -> None:
    page = client.get(reverse("admin:articles_article_change", args=[story.pk])).content.decode()
    assert "جسور، طرق" in page
    assert "الأوقات بتوقيت الموقع: دمشق" in page
    assert "Asia/Damascus" not in page
