"""Several pictures at once: each is taken or refused for itself, then each gets its words."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image as Pixels

from accounts.roles import Role
from audit.models import AuditEntry
from images.admin import uploading
from images.admin.uploading import MOST_IN_ONE_REQUEST, MOST_TOGETHER
from images.bringing_in import OtherIsGone
from images.models import Image
from images.refusals import unreadable
from images.storing import take_in
from tests.articles.desk import messages_of
from tests.factories import make_article, make_image, make_source, make_user
from tests.house.files import REPOSITORY
from tests.images.pictures import picture_file, with_iptc

pytestmark = pytest.mark.django_db

UPLOAD = "/admin/images/image/upload/"
WORDS = {"alt_text": "سفينة تغادر الميناء", "caption": "", "credit": "", "source": "", "taken_on": ""}


@pytest.fixture
def reporter(client: Client) -> Any:
    user = make_user(Role.REPORTER)
    client.force_login(user)
    return user


def file(name: str = "a.jpg", size: tuple[int, int] = (400, 300), raw: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, raw or picture_file(size=size).read())


def scene_file(name: str, *, light: int = 0, quality: int = 90, mirrored: bool = False) -> SimpleUploadedFile:
    """Fields of light and dark, so that there is something to compare; mirrored they are another picture."""
    small = Pixels.new("L", (9, 8))
    small.putdata([(x * 37 + y * 91 + x * y * 53) % 200 + light for y in range(8) for x in range(9)])
    picture = small.resize((800, 600), Pixels.Resampling.BICUBIC).convert("RGB")
    if mirrored:
        picture = picture.transpose(Pixels.Transpose.FLIP_LEFT_RIGHT)
    picture.save(buffer := BytesIO(), "JPEG", quality=quality)
    return SimpleUploadedFile(name, buffer.getvalue())


def complete(client: Client, *images: Image, **typed: str) -> Any:
    """Send the table with these words for every picture; `p5-alt_text` as a name is for one."""
    address = reverse("admin:images_image_complete") + "?pictures=" + ",".join(str(image.pk) for image in images)
    data = {f"p{image.pk}-{name}": value for image in images for name, value in WORDS.items()}
    return client.post(address, data | typed, follow=True)


def test_good_files_come_in_and_bad_ones_are_named(client: Client, reporter: Any) -> None:
    files = [file("أولى.jpg"), file("broken.jpg", raw=b"no picture"), file("b.jpg", (300, 300))]
    answer = client.post(UPLOAD, {"files": files}, follow=True)
    assert Image.objects.filter(created_by=reporter).count() == 2
    assert [m for m in messages_of(answer) if "broken.jpg" in m and str(unreadable().message) in m]
    assert [row.image.created_by for row in answer.context["rows"]] == [reporter, reporter]


def test_each_new_picture_has_its_line_in_the_log(client: Client, reporter: Any) -> None:
    client.post(UPLOAD, {"files": [file(), file("b.jpg", (300, 300)), file("c.jpg")]})
    added = AuditEntry.objects.filter(action="added", subject_type="images.image", actor_id=reporter.pk)
    assert added.count() == 2


def test_too_many_files_are_refused_with_their_number(client: Client, reporter: Any) -> None:
    answer = client.post(UPLOAD, {"files": [file(f"{n}.jpg", raw=b"x") for n in range(MOST_IN_ONE_REQUEST + 1)]})
    assert str(MOST_IN_ONE_REQUEST + 1) in messages_of(answer)[0]
    assert not Image.objects.exists()


def test_files_that_are_too_large_together_are_refused(
    client: Client, reporter: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [file(), file("b.jpg", (300, 300))]
    monkeypatch.setattr(uploading, "MOST_TOGETHER", sum(len(one) for one in files) - 1)
    answer = client.post(UPLOAD, {"files": files})
    assert len(messages_of(answer)) == 1
    assert not Image.objects.exists()


def test_what_the_page_promises_gets_through_the_proxy(client: Client, reporter: Any) -> None:
    template = Path(REPOSITORY, "deploy/nginx/nginx.conf.template").read_text(encoding="utf-8")
    room = re.search(rf"location = {UPLOAD} {{\s+client_max_body_size (\d+)m;", template)
    assert room
    assert int(room[1]) * 1024**2 > MOST_TOGETHER
    assert f"{MOST_TOGETHER // 1024**2} " in client.get(UPLOAD).content.decode()


def test_no_file_is_said(client: Client, reporter: Any) -> None:
    assert len(messages_of(client.post(UPLOAD))) == 1


def test_the_script_gets_an_answer_for_each_file(client: Client, reporter: Any) -> None:
    taken = client.post(UPLOAD, {"files": file()}, headers={"accept": "application/json"}).json()
    again = client.post(UPLOAD, {"files": file("again.jpg")}, headers={"accept": "application/json"}).json()
    assert (taken["id"], taken["wasThere"]) == (Image.objects.get().pk, False)
    assert (again["id"], again["wasThere"]) == (taken["id"], True)
    refused = client.post(UPLOAD, {"files": file("a.gif")}, headers={"accept": "application/json"})
    assert refused.status_code == 400
    assert refused.json()["error"]["message"]


def test_a_file_that_is_there_leads_to_its_picture(client: Client, reporter: Any) -> None:
    known = take_in(picture_file(), by=None, alt_text="سوق قديم")
    answer = client.post(UPLOAD, {"files": [file()]}, follow=True)
    assert answer.context["there"] == [known]
    assert reverse("admin:images_image_change", args=[known.pk]) in answer.content.decode()


def test_the_table_shows_what_the_file_says(client: Client, reporter: Any) -> None:
    raw = with_iptc(picture_file().read(), {(2, 120): "قوارب الصيد".encode(), (2, 80): "سلمى عطار".encode()})
    answer = client.post(UPLOAD, {"files": [file(raw=raw)]}, follow=True)
    form = answer.context["rows"][0].form
    assert (form["caption"].value(), form["credit"].value()) == ("قوارب الصيد", "سلمى عطار")


def test_words_are_saved_and_logged(client: Client, reporter: Any) -> None:
    source = make_source()
    image = make_image(alt_text="", credit="", created_by=reporter)
    answer = complete(client, image, **{f"p{image.pk}-source": str(source.pk), f"p{image.pk}-taken_on": "٢٠٢٦-١١-١٩"})
    image.refresh_from_db()
    assert answer.redirect_chain[-1][0] == reverse("admin:images_image_changelist")
    assert (image.alt_text, image.source, str(image.taken_on)) == (WORDS["alt_text"], source, "2026-11-19")
    assert AuditEntry.objects.filter(action="changed", subject_id=str(image.pk)).exists()


def test_a_wrong_row_keeps_what_was_typed_and_a_right_one_is_saved(client: Client, reporter: Any) -> None:
    right, wrong = (make_image(alt_text="", created_by=reporter) for _number in range(2))
    answer = complete(client, right, wrong, **{f"p{wrong.pk}-alt_text": "", f"p{wrong.pk}-caption": "كتب أحدهم هنا"})
    right.refresh_from_db()
    wrong.refresh_from_db()
    assert right.alt_text == WORDS["alt_text"]
    assert wrong.caption == ""
    assert "كتب أحدهم هنا" in answer.content.decode()
    assert answer.context["rows"][1].form.errors.keys() == {"alt_text"}


def test_a_value_is_copied_down_and_nothing_is_saved(client: Client, reporter: Any) -> None:
    first, second, third = (make_image(credit="", created_by=reporter) for _number in range(3))
    typed = {f"p{first.pk}-credit": "غيره", f"p{second.pk}-credit": "تصوير: سلمى", "_copy": f"p{second.pk}-credit"}
    answer = complete(client, first, second, third, **typed)
    shown = [row.form["credit"].value() for row in answer.context["rows"]]
    assert shown == ["غيره", "تصوير: سلمى", "تصوير: سلمى"]
    assert not Image.objects.filter(credit="تصوير: سلمى").exists()


def test_pictures_of_others_are_not_in_the_table(client: Client, reporter: Any) -> None:
    other, own = make_image(alt_text=""), make_image(alt_text="", created_by=reporter)
    complete(client, other, own)
    assert Image.objects.get(pk=other.pk).alt_text == ""
    assert Image.objects.get(pk=own.pk).alt_text == WORDS["alt_text"]


def test_a_picture_that_readers_see_is_corrected_by_an_editor_alone(client: Client, reporter: Any) -> None:
    public, drafted = make_image(created_by=reporter), make_image(created_by=reporter)
    make_article(lead_image=public)
    make_article(lead_image=drafted, published=False)
    complete(client, public, drafted)
    assert Image.objects.get(pk=public.pk).alt_text != WORDS["alt_text"]
    assert Image.objects.get(pk=drafted.pk).alt_text == WORDS["alt_text"]
    client.force_login(make_user(Role.EDITOR))
    complete(client, public)
    assert Image.objects.get(pk=public.pk).alt_text == WORDS["alt_text"]


def test_the_picture_that_is_there_is_used_and_the_new_one_goes(
    client: Client, reporter: Any, django_capture_on_commit_callbacks: Any
) -> None:
    known = take_in(scene_file("a.jpg"), by=None, alt_text="الميناء عند الفجر")
    answer = client.post(UPLOAD, {"files": [scene_file("b.jpg", light=4, quality=70)]}, follow=True)
    row = answer.context["rows"][0]
    assert [tile.image for tile in row.near] == [known]
    with django_capture_on_commit_callbacks(execute=True):
        complete(client, row.image, **{f"p{row.image.pk}-near": str(known.pk), f"p{row.image.pk}-alt_text": ""})
    assert list(Image.objects.all()) == [known]
    assert not row.image.storage.exists(row.image.file_name)
    assert AuditEntry.objects.filter(action="deleted", subject_id=str(row.image.pk)).exists()


def test_both_are_kept_where_both_are_wanted(client: Client, reporter: Any) -> None:
    take_in(scene_file("a.jpg"), by=None, alt_text="الميناء عند الفجر")
    new = take_in(scene_file("b.jpg", light=4), by=reporter)
    complete(client, new, **{f"p{new.pk}-near": "keep"})
    assert Image.objects.count() == 2
    new.refresh_from_db()
    assert new.alt_text == WORDS["alt_text"]


@pytest.mark.parametrize("named", ["1' OR 1", "99999999999999999999", "-1", "٣", ","])
def test_an_address_that_names_no_picture_shows_an_empty_table(client: Client, reporter: Any, named: str) -> None:
    answer = client.get(reverse("admin:images_image_complete"), {"pictures": named, "there": named})
    assert answer.status_code == 200
    assert answer.context["rows"] == []


def test_who_may_not_add_cannot_upload(client: Client) -> None:
    client.force_login(make_user(Role.NEWSLETTER_EDITOR))
    assert client.get(UPLOAD).status_code == 403
    assert client.post(UPLOAD, {"files": [file()]}).status_code == 403
    assert not Image.objects.exists()


def table(*images: Image) -> str:
    return reverse("admin:images_image_complete") + "?pictures=" + ",".join(str(image.pk) for image in images)


def test_of_two_that_are_given_up_for_each_other_one_stays(client: Client, reporter: Any) -> None:
    first, second = (make_image(alt_text="", created_by=reporter, likeness=0xF0F0) for _number in range(2))
    ticked = {f"p{first.pk}-near": str(second.pk), f"p{second.pk}-near": str(first.pk)}
    answer = complete(client, first, second, **ticked)
    assert list(Image.objects.all()) == [second]
    assert Image.objects.get().alt_text == WORDS["alt_text"]
    assert [message for message in messages_of(answer) if OtherIsGone().message in message]


def test_what_is_gone_is_not_offered_again(client: Client, reporter: Any) -> None:
    first, second = (make_image(alt_text="", created_by=reporter, likeness=0xF0F0) for _number in range(2))
    answer = complete(client, first, second, **{f"p{first.pk}-near": str(second.pk), f"p{second.pk}-alt_text": ""})
    assert [(row.image, row.near) for row in answer.context["rows"]] == [(second, [])]


def test_the_table_asks_as_often_for_many_pictures_as_for_two(client: Client, reporter: Any) -> None:
    source = make_source()
    images = [make_image(created_by=reporter, likeness=0xF0F0, source=source) for _number in range(12)]
    with CaptureQueriesContext(connection) as few:
        client.get(table(*images[:2]))
    with CaptureQueriesContext(connection) as many:
        answer = client.get(table(*images))
    assert [len(row.near) for row in answer.context["rows"]] == [3] * 12
    assert len(many) == len(few)
