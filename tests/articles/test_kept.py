"""What was typed in a form of the desk, sent after its session had ended or with a token of the session before."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from articles.admin.kept_boxes import boxes_of_any
from articles.changes import open_changes
from articles.models import Article
from images.models import Image
from tests.articles.desk import controls, form_data, publish_url
from tests.factories import make_article, make_image, make_user

pytestmark = pytest.mark.django_db

NOTE = "صحّحنا اسم الوزير في الفقرة الثانية"
FRONT = "/admin/articles/frontslot/"


@pytest.fixture
def chief() -> User:
    return make_user(Role.CHIEF_EDITOR)


@pytest.fixture
def browser(chief: User) -> Client:
    """Asks for the token, as sites do."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(chief)
    return client


def sent_when_signed_out(browser: Client, address: str, typed: dict[str, str]) -> Any:
    data = form_data(browser, address) | typed
    browser.logout()
    browser.cookies["csrftoken"] = data["csrfmiddlewaretoken"]
    return browser.post(address, data)


def sent_again(browser: Client, chief: User, address: str, answer: Any) -> Any:
    """Sign in in another window, then press the button of the page that gave the words back."""
    data = controls(answer.content.decode())
    browser.force_login(chief)
    browser.cookies["csrftoken"] = data["csrfmiddlewaretoken"]
    return browser.post(address, data)


def kept_texts(answer: Any) -> dict[str, str]:
    return {box.label: box.text for box in answer.context["boxes"]}


def test_a_public_note_is_given_back_and_publishes_nothing(browser: Client, chief: User) -> None:
    story = make_article()
    copy = open_changes(story, by=chief)
    Article.objects.filter(pk=copy.pk).update(headline="عنوان أدق")
    address = publish_url(copy)
    answer = sent_when_signed_out(browser, address, {"kind": "correction", "change_note": NOTE})
    assert answer.status_code == 401
    assert kept_texts(answer) == {str(Article._meta.get_field("change_note").verbose_name): NOTE}
    again = sent_again(browser, chief, address, answer)
    assert again.status_code == 200
    assert controls(again.content.decode())["change_note"] == NOTE
    copy.refresh_from_db()
    assert copy.change_note == NOTE
    story.refresh_from_db()
    assert story.headline != "عنوان أدق"


def test_the_words_of_a_table_of_pictures_are_given_back(browser: Client, chief: User) -> None:
    first, second = (make_image(alt_text="", created_by=chief) for _number in range(2))
    address = reverse("admin:images_image_complete") + f"?pictures={first.pk},{second.pk}"
    typed = {f"p{first.pk}-alt_text": "قارب عند الرصيف", f"p{second.pk}-alt_text": "سوق السمك صباحًا"}
    answer = sent_when_signed_out(browser, address, typed | {"_save": "1"})
    assert answer.status_code == 401
    alt_text = [text for name, text in kept_texts(answer).items() if name.endswith("النص البديل")]
    assert alt_text == ["قارب عند الرصيف", "سوق السمك صباحًا"]
    assert not [name for name in kept_texts(answer) if name.startswith("initial")]
    assert sent_again(browser, chief, address, answer).status_code == 302
    assert set(Image.objects.values_list("alt_text", flat=True)) == {"قارب عند الرصيف", "سوق السمك صباحًا"}


def test_an_arrangement_of_the_front_page_is_given_back(browser: Client, chief: User) -> None:
    story = make_article("افتتاح الجسر")
    address = FRONT
    typed = {"op": f"put:{story.pk}:lead:0", f"break-{story.pk}-text": "الجسر يُفتح اليوم"}
    answer = sent_when_signed_out(browser, address, typed)
    assert answer.status_code == 401
    assert "الجسر يُفتح اليوم" in kept_texts(answer).values()
    again = sent_again(browser, chief, address, answer)
    assert [pin.article_id for pin in again.context["draft"].layout] == [story.pk]


def test_an_old_token_gives_the_words_back_too(browser: Client, chief: User) -> None:
    image = make_image(alt_text="", created_by=chief)
    address = reverse("admin:images_image_complete") + f"?pictures={image.pk}"
    data = form_data(browser, address) | {f"p{image.pk}-alt_text": "قارب عند الرصيف"}
    browser.cookies["csrftoken"] = "x" * 32
    answer = browser.post(address, data, headers={"sec-fetch-site": "same-origin"})
    assert answer.status_code == 403
    assert "قارب عند الرصيف" in kept_texts(answer).values()


def test_who_is_signed_out_and_sends_another_form_goes_to_the_door(client: Client) -> None:
    answer = client.post(reverse("admin:articles_tag_add"), {"name": "سوريا"})
    assert answer.status_code == 302


def test_a_name_that_nobody_knows_stands_for_itself() -> None:
    data = {"odd_name": ["كلمات"], "moment": ["now"], "p5-taken_on": ["2026-11-02"], "_save": ["نعم"]}
    assert [(box.label, box.text) for box in boxes_of_any(data)] == [("odd_name", "كلمات")]
