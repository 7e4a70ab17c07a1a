"""What a stranger who sends a form of the desk may cost: its words come back to him, and hardly any work is done."""

import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from articles.admin.kept import MOST_LETTERS
from articles.models import RelatedLink
from tests.articles.desk import controls
from tests.factories import make_article, make_site

pytestmark = pytest.mark.django_db

ADD = reverse("admin:articles_article_add")
# s of the processor; each of these takes a hundredth of it.
LONGEST = 5.0


@pytest.fixture
def stranger() -> Client:
    """Without an account, but with the token that the page of signing in gives to anybody."""
    make_site()
    client = Client(enforce_csrf_checks=True)
    client.get(reverse("admin:login"))
    return client


def sent(stranger: Client, data: dict[str, str]) -> Any:
    token = controls(stranger.get(reverse("admin:login")).content.decode())["csrfmiddlewaretoken"]
    return stranger.post(ADD, {"csrfmiddlewaretoken": token, **data})


def kept_texts(answer: Any) -> dict[str, str]:
    return {box.name: box.text for box in answer.context["boxes"]}


@pytest.mark.parametrize("filling", [" ", "\t", "&nbsp;", "<p>", "<i", "&#", "&#1"])
def test_a_body_is_not_read_by_a_parser(stranger: Client, filling: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def sanitise(_html: str) -> str:
        raise AssertionError("read by a parser")

    monkeypatch.setattr("richtext.fields.sanitise", sanitise)
    body = f"<p>أ{filling * (150_000 // len(filling))}ب</p>"
    began = time.process_time()
    answer = sent(stranger, {"headline": "عنوان", "body": body})
    assert time.process_time() - began < LONGEST
    assert answer.status_code == 401
    assert kept_texts(answer).keys() == {"headline", "body"}
    assert controls(answer.content.decode())["body"] == body


def test_words_come_back_without_markup(stranger: Client) -> None:
    body = "<p>أولى<br>\nسطر</p>\n\n<p>ثانية &amp; &laquo;ثالثة&raquo;</p>"
    texts = kept_texts(sent(stranger, {"body": body, "tags": "حلب، دمشق", "section": "5", "deadline_0": "2026-11-02"}))
    assert texts["body"] == "أولى\n\nسطر\n\nثانية & «ثالثة»"
    assert texts["tags"] == "حلب، دمشق"
    assert "section" not in texts


def test_the_number_of_a_character_that_has_thousands_of_digits_is_no_error(stranger: Client) -> None:
    body = f"<p>&#{'1' * 5_000};</p>"
    answer = sent(stranger, {"body": body})
    assert answer.status_code == 401
    assert kept_texts(answer) == {"body": body}


def test_no_row_is_asked_for_by_what_was_sent(
    stranger: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """A form may say that it has two hundred rows, each of another article."""
    link = RelatedLink.objects.create(article=make_article(), target=make_article(), position=1)
    rows = {f"related_links-{number}-id": str(link.pk) for number in range(200)}
    with django_assert_max_num_queries(12):
        answer = sent(stranger, {"headline": "عنوان", "related_links-TOTAL_FORMS": "200", **rows})
    assert answer.status_code == 401


def test_what_nobody_typed_is_not_given_back(stranger: Client) -> None:
    answer = sent(stranger, {"body": "ب" * (MOST_LETTERS + 1)})
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("admin:login"))
