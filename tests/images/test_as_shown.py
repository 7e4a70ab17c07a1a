"""Two people at the words of one picture: the page of one of them is older than what the other has saved."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from audit.models import AuditEntry
from images.models import Image
from newsroom.lib.names import words
from tests.articles.desk import controls, messages_of
from tests.factories import make_author, make_image, make_source, make_user

pytestmark = pytest.mark.django_db


def page_of(image: Image) -> str:
    return reverse("admin:images_image_change", args=[image.pk])


def table_of(*images: Image) -> str:
    return reverse("admin:images_image_complete") + "?pictures=" + ",".join(str(image.pk) for image in images)


def sent_by(html: str) -> dict[str, str]:
    """What a browser would send of the form, nothing changed."""
    return {name: (value or "").replace("\n", "\r\n") for name, value in controls(html).items()}


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_user(Role.EDITOR))
    return client


@pytest.fixture
def image() -> Image:
    return make_image(
        alt_text="ميناء اللاذقية عند الفجر",
        caption="الأول\nوسطر ثان",
        credit="سلمى",
        taken_on="2026-11-02",
        focal_x=0.36,
    )


@pytest.fixture(params=["page", "table"])
def opened(request: pytest.FixtureRequest, editor: Client, image: Image) -> Any:
    """Both pages: (address, what it would send, prefix of the fields)."""
    address, prefix = (page_of(image), "") if request.param == "page" else (table_of(image), f"p{image.pk}-")
    return address, sent_by(editor.get(address).content.decode()), prefix


def test_what_a_colleague_wrote_meanwhile_stays(editor: Client, image: Image, opened: Any) -> None:
    address, data, prefix = opened
    Image.objects.filter(pk=image.pk).update(caption="المصحح", taken_on="2026-11-03", source=make_source())
    assert editor.post(address, data | {f"{prefix}credit": "هالة مراد"}).status_code == 302
    stored = Image.objects.get(pk=image.pk)
    assert (stored.caption, str(stored.taken_on), stored.credit) == ("المصحح", "2026-11-03", "هالة مراد")
    assert stored.source is not None
    assert set(words("المصحح").split()) <= set(stored.words_key.split())  # the search finds it by its words too
    assert AuditEntry.objects.get(subject_id=str(image.pk)).note == str(Image._meta.get_field("credit").verbose_name)


def test_what_both_changed_is_said_and_nothing_is_lost(editor: Client, image: Image, opened: Any) -> None:
    address, data, prefix = opened
    Image.objects.filter(pk=image.pk).update(caption="شرح الزميل", credit="مدار")
    answer = editor.post(address, data | {f"{prefix}caption": "شرحي أنا"})
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert Image.objects.get(pk=image.pk).caption == "شرح الزميل"
    assert "\u2068شرح الزميل\u2069" in shown
    again = sent_by(shown)
    assert (again[f"{prefix}caption"], again[f"{prefix}credit"]) == ("شرحي أنا", "مدار")
    assert editor.post(address, again).status_code == 302
    stored = Image.objects.get(pk=image.pk)
    assert (stored.caption, stored.credit) == ("شرحي أنا", "مدار")


def test_a_field_that_was_emptied_is_said_too(editor: Client, image: Image, opened: Any) -> None:
    address, data, prefix = opened
    Image.objects.filter(pk=image.pk).update(credit="")
    answer = editor.post(address, data | {f"{prefix}credit": "غيره"})
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert Image.objects.get(pk=image.pk).credit == ""


def test_who_changed_nothing_changes_nothing(editor: Client, image: Image, opened: Any) -> None:
    address, data, _prefix = opened
    assert editor.post(address, data).status_code == 302
    assert not AuditEntry.objects.filter(subject_id=str(image.pk)).exists()


def test_a_field_can_be_emptied(editor: Client, image: Image, opened: Any) -> None:
    address, data, prefix = opened
    assert editor.post(address, data | {f"{prefix}credit": "", f"{prefix}taken_on": ""}).status_code == 302
    stored = Image.objects.get(pk=image.pk)
    assert (stored.credit, stored.taken_on) == ("", None)


def test_the_same_change_twice_is_no_question(editor: Client, image: Image, opened: Any) -> None:
    address, data, prefix = opened
    Image.objects.filter(pk=image.pk).update(credit="هالة مراد")
    assert editor.post(address, data | {f"{prefix}credit": "هالة مراد"}).status_code == 302


def test_a_focal_point_that_was_moved_meanwhile_stays(editor: Client, image: Image) -> None:
    data = sent_by(editor.get(page_of(image)).content.decode())
    Image.objects.filter(pk=image.pk).update(focal_x=0.8, kind="chart")
    editor.post(page_of(image), data | {"caption": "شرح آخر"})
    stored = Image.objects.get(pk=image.pk)
    assert (stored.focal_x, stored.kind, stored.caption) == (0.8, "chart", "شرح آخر")


def test_a_source_and_an_author_that_come_together_are_told(editor: Client, image: Image) -> None:
    data = sent_by(editor.get(page_of(image)).content.decode())
    Image.objects.filter(pk=image.pk).update(source=make_source())
    answer = editor.post(page_of(image), data | {"author": str(make_author().pk)})
    assert answer.status_code == 200
    assert Image.objects.get(pk=image.pk).author is None


def test_a_clash_is_told_when_a_value_is_copied_down(editor: Client, image: Image) -> None:
    data = sent_by(editor.get(table_of(image)).content.decode())
    Image.objects.filter(pk=image.pk).update(caption="شرح الزميل")
    prefix = f"p{image.pk}-"
    answer = editor.post(table_of(image), data | {f"{prefix}caption": "شرحي", "_copy": f"{prefix}credit"})
    assert "\u2068شرح الزميل\u2069" in answer.content.decode()
    assert messages_of(answer) == []
