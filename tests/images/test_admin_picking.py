"""The window that picks a picture, and the field that opens it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from images.figures import figure_html
from images.models import Image
from images.storing import take_in
from richtext.sanitise import sanitise
from tests.factories import make_article, make_author, make_image, make_user
from tests.images.test_admin_uploading import scene_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def reporter(client: Client) -> Any:
    user = make_user(Role.REPORTER)
    client.force_login(user)
    return user


def use(image: Image, place: str = "body") -> str:
    return reverse("admin:images_image_use", args=[image.pk]) + f"?place={place}"


def test_the_window_finds_as_the_library_does(client: Client, reporter: Any) -> None:
    wanted = make_image(alt_text="سوق العطارين")
    make_image(alt_text="قارب", kind="chart")
    page = client.get(reverse("admin:images_image_pick"), {"q": "عطارين", "kind": "photo"})
    assert [tile.image for tile in page.context["tiles"]] == [wanted]
    assert "<html" not in page.content.decode()


def test_the_window_goes_from_page_to_page(client: Client, reporter: Any) -> None:
    for _number in range(25):
        make_image()
    first, second, beyond = (client.get(reverse("admin:images_image_pick"), {"p": p}) for p in ("1", "2", "x"))
    assert len(first.context["tiles"]) == 24
    assert [tile.image for tile in second.context["tiles"]] == [Image.objects.earliest("pk")]
    assert len(beyond.context["tiles"]) == 24


def test_a_new_picture_is_completed_in_the_window(client: Client, reporter: Any) -> None:
    image = make_image(alt_text="", credit="", created_by=reporter)
    refused = client.post(use(image), {"alt_text": "", "caption": "شرح"})
    assert refused.status_code == 422
    words = {"alt_text": "قارب يعبر النهر", "caption": "شرح", "credit": "سلمى"}
    assert client.post(use(image), words).json()["id"] == image.pk
    image.refresh_from_db()
    assert (image.alt_text, image.caption, image.credit) == ("قارب يعبر النهر", "شرح", "سلمى")


def test_words_for_one_text_leave_the_library_alone(client: Client, reporter: Any) -> None:
    image = make_image(alt_text="قارب", caption="شرح المكتبة", created_by=reporter)
    answer = client.post(use(image), {"alt_text": "قارب صيد قديم", "caption": "شرح هذا النص", "credit": "آخر"}).json()
    image.refresh_from_db()
    assert (image.alt_text, image.caption, image.credit) == ("قارب", "شرح المكتبة", "مدار اليوم")
    assert 'alt="قارب صيد قديم"' in answer["figure"]
    assert "شرح هذا النص" in answer["figure"]


def test_a_picture_of_another_is_not_completed_by_a_reporter(client: Client, reporter: Any) -> None:
    image = make_image(alt_text="")
    client.post(use(image), {"alt_text": "قارب صيد قديم", "caption": ""})
    image.refresh_from_db()
    assert image.alt_text == ""


def test_a_figure_is_what_a_body_may_hold() -> None:
    image = make_image(width=2000, height=1000, renditions={"jpeg": [640, 1440]})
    figure = figure_html(image, alt_text='قارب "الأمل" <b>', caption="شرح & نص")
    assert sanitise(figure) == sanitise(sanitise(figure))
    assert 'height="720"' in sanitise(figure)
    assert 'width="1440"' in sanitise(figure)
    assert "شرح &amp; نص" in sanitise(figure)
    assert "مدار اليوم" not in figure


def test_the_credit_stands_where_there_is_no_caption() -> None:
    assert "<figcaption>مدار اليوم</figcaption>" in figure_html(make_image(), alt_text="قارب", caption="")


def test_the_other_picture_is_used_instead(client: Client, reporter: Any) -> None:
    known = take_in(scene_file("a.jpg"), by=None, alt_text="الميناء عند الفجر")
    new = take_in(scene_file("b.jpg", light=4), by=reporter)
    answer = client.post(use(new), {"instead": str(known.pk)})
    assert answer.headers["Location"] == use(known)
    assert list(Image.objects.all()) == [known]
    assert client.post(use(known), {"instead": "1"}).status_code == 404


def test_a_picture_that_somebody_used_meanwhile_stays(
    client: Client, reporter: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = take_in(scene_file("a.jpg"), by=None, alt_text="الميناء عند الفجر")
    new = take_in(scene_file("b.jpg", light=4), by=reporter)
    make_article(lead_image=new, published=False)
    monkeypatch.setattr("images.admin.picking.may_discard", lambda _user, _image: True)
    assert client.post(use(new), {"instead": str(known.pk)}).headers["Location"] == use(known)
    assert Image.objects.count() == 2


def test_the_panel_shows_crops_and_what_is_wrong(client: Client, reporter: Any) -> None:
    image = make_image(alt_text="", credit="")
    page = client.get(reverse("admin:images_image_chosen", args=[image.pk]))
    assert len(page.context["crops"]) == 3
    assert [mark.level for mark in page.context["marks"]][:2] == ["bad", "bad"]
    assert client.get(reverse("admin:images_image_chosen", args=[image.pk + 1])).status_code == 404


@pytest.mark.parametrize("name", ["pick", "use", "chosen"])
def test_who_may_not_see_pictures_sees_no_window(client: Client, name: str) -> None:
    client.force_login(make_user(Role.NEWSLETTER_EDITOR))
    args = [make_image().pk] if name != "pick" else []
    assert client.get(reverse(f"admin:images_image_{name}", args=args)).status_code == 403


def test_fields_that_point_at_a_picture_open_the_window(admin_client: Client) -> None:
    picked = reverse("admin:images_image_pick")
    article = admin_client.get(reverse("admin:articles_article_add")).content.decode()
    author = admin_client.get(reverse("admin:articles_author_change", args=[make_author().pk])).content.decode()
    assert f'data-picture-pick="{picked}"' in article
    assert f'data-picture-pick="{picked}"' in author
    assert article.count("picture_picker.js") == 1


def test_the_plain_editor_has_the_window_too(admin_client: Client, settings: Any) -> None:
    settings.EDITOR = "plain"
    page = admin_client.get(reverse("admin:articles_article_add")).content.decode()
    assert f'data-picture-plain="{reverse("admin:images_image_pick")}"' in page
