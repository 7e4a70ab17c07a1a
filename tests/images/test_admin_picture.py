"""The page of one picture: who may change it, what it shows, and that it stays while it is used."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from images.alt_advice import NEEDLESS, TOO_LONG, TOO_SHORT, alt_advice
from images.models import Image
from images.storing import take_in
from tests.articles.desk import messages_of
from tests.factories import make_article, make_image, make_user
from tests.images.test_admin import PAPERS
from tests.images.test_admin_uploading import scene_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def reporter(client: Client) -> Any:
    user = make_user(Role.REPORTER)
    client.force_login(user)
    return user


def page_of(image: Image) -> str:
    return reverse("admin:images_image_change", args=[image.pk])


def test_a_reporter_corrects_own_pictures_until_readers_see_them(client: Client, reporter: Any) -> None:
    image = make_image(created_by=reporter)
    assert client.post(page_of(image), PAPERS).status_code == 302
    image.refresh_from_db()
    assert image.alt_text == PAPERS["alt_text"]
    make_article(lead_image=image)
    assert client.post(page_of(image), PAPERS | {"alt_text": "وصف آخر للصورة"}).status_code == 403
    assert client.post(page_of(make_image()), PAPERS).status_code == 403


def test_the_places_of_a_picture_are_named_as_far_as_one_sees_them(client: Client, reporter: Any) -> None:
    image = make_image()
    make_article("افتتاح الجسر الجديد", lead_image=image, published=False, created_by=reporter)
    make_article("نص لا يراه المراسل", lead_image=image, published=False)
    page = client.get(page_of(image)).content.decode()
    assert "افتتاح الجسر الجديد" in page
    assert "نص لا يراه المراسل" not in page
    assert "picture-uses" in page


def test_a_used_picture_is_not_deleted_and_the_page_says_why(client: Client) -> None:
    client.force_login(make_user(Role.CHIEF_EDITOR))
    image = make_image()
    make_article(lead_image=image)
    for method in (client.get, client.post):
        answer = method(reverse("admin:images_image_delete", args=[image.pk]), {"post": "yes"}, follow=True)
        assert answer.redirect_chain[-1][0] == page_of(image)
        assert len(messages_of(answer)) == 1
    assert Image.objects.filter(pk=image.pk).exists()


def test_pictures_that_look_like_it_stand_on_its_page(admin_client: Client) -> None:
    one, other = (take_in(scene_file("a.jpg", light=light), by=None, alt_text="ميناء") for light in (0, 4))
    page = admin_client.get(page_of(one)).content.decode()
    assert page_of(other) in page


def test_the_page_offers_the_figure_to_copy(admin_client: Client) -> None:
    image = make_image(alt_text="ممر قديم", caption="شرح")
    page = admin_client.get(page_of(image)).content.decode()
    assert "&lt;figure class=&quot;image&quot;&gt;&lt;img alt=&quot;ممر قديم&quot;" in page


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("سفينة تغادر الميناء", []),
        ("سفينة", [TOO_SHORT]),
        ("ممر " * 36, [TOO_LONG]),
        ("صورة سفينة تغادر الميناء", [NEEDLESS]),
        ("الصُّورة: سفينة تغادر الميناء", [NEEDLESS]),
        ("لقطة من الميناء القديم", [NEEDLESS]),
        ("مَمَرٌّ قَدِ", [TOO_SHORT]),
        ("صوراني يغادر الميناء", []),
        ("", []),
    ],
)
def test_advice_about_the_alternative_text(text: str, advice: list[Any]) -> None:
    assert alt_advice(text) == list(map(str, advice))


def test_advice_is_given_and_the_text_is_saved(admin_client: Client) -> None:
    image = make_image()
    answer = admin_client.post(page_of(image), PAPERS | {"alt_text": "صورة سفينة تغادر"}, follow=True)
    assert [message for message in messages_of(answer) if str(NEEDLESS) in message]
    image.refresh_from_db()
    assert image.alt_text == "صورة سفينة تغادر"


def test_rights_that_ended_are_said_on_the_page(admin_client: Client, clock: Any) -> None:
    image = make_image(rights_until="2026-11-19")
    assert "picture-note is-bad" in admin_client.get(page_of(image)).content.decode()
