import errno

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from images.models import Image
from images.preparing import make_files
from images.storing import take_in
from tests.images.pictures import picture_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    """Signed in as somebody who may add pictures."""
    user = get_user_model().objects.create_user("reporter", password="a long password", is_staff=True)
    user.user_permissions.add(Permission.objects.get(content_type__app_label="images", codename="add_image"))
    client.force_login(user)
    return client


def read(client: Client, url: str) -> bytes:
    answer = client.get(url)
    assert answer.status_code == 200
    raw = b"".join(answer.streaming_content)
    answer.close()
    return raw


def upload(name: str = "a.jpg", raw: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture_file(size=(1600, 900)).read() if raw is None else raw)


def test_the_editor_is_told_that_the_disk_is_full(staff: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(errno.EDQUOT, "Disk quota exceeded")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    answer = staff.post(reverse("images:upload"), {"upload": upload()})
    assert answer.status_code == 507
    assert answer.json()["error"]["message"]


def test_the_editor_gets_the_address_of_the_picture(staff: Client) -> None:
    answer = staff.post(reverse("images:upload"), {"upload": upload()})
    image = Image.objects.get()
    assert answer.json() == {
        "uploaded": 1,
        "fileName": image.file.name.split("/")[-1],
        "url": image.url(1440),
        "width": 1440,
        "height": 810,
        "use": reverse("admin:images_image_use", args=[image.pk]),
    }
    assert image.created_by is not None
    assert read(staff, answer.json()["url"])


@pytest.mark.parametrize(
    ("name", "raw"),
    [("a.html", b"<p>"), ("a.svg", b"<svg/>"), ("a.php", b"<?php"), ("a.png", b"no"), ("a.jpg", b"")],
)
def test_the_editor_gets_a_reason(staff: Client, name: str, raw: bytes) -> None:
    answer = staff.post(reverse("images:upload"), {"upload": upload(name, raw)})
    assert answer.status_code == 400
    assert answer.json()["uploaded"] == 0
    assert answer.json()["error"]["message"]
    assert not Image.objects.exists()


def test_a_post_without_file_is_answered(staff: Client) -> None:
    assert staff.post(reverse("images:upload")).status_code == 400


def test_a_polyglot_is_stored_as_a_clean_picture(staff: Client) -> None:
    raw = picture_file("a.png").read() + b"<script>alert(1)</script>"
    url = staff.post(reverse("images:upload"), {"upload": upload("a.png", raw)}).json()["url"]
    assert b"<script>" not in read(staff, url)


def test_strangers_and_staff_without_the_right_are_refused(client: Client) -> None:
    assert client.post(reverse("images:upload"), {"upload": upload()}).status_code == 403
    client.force_login(get_user_model().objects.create_user("viewer", is_staff=True))
    assert client.post(reverse("images:upload"), {"upload": upload()}).status_code == 403
    assert not Image.objects.exists()


def test_an_upload_needs_the_token(staff: Client) -> None:
    guarded = Client(enforce_csrf_checks=True)
    guarded.cookies = staff.cookies
    assert guarded.post(reverse("images:upload"), {"upload": upload()}).status_code == 403


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_an_upload_is_a_post(staff: Client, method: str) -> None:
    assert getattr(staff, method)(reverse("images:upload")).status_code == 405


def test_media_are_served_so_that_they_can_do_nothing(client: Client) -> None:
    image = take_in(picture_file(), by=None)
    make_files(image)
    for fmt, content_type in (("avif", "image/avif"), ("jpeg", "image/jpeg")):
        answer = client.get(image.url(320, fmt))
        assert answer.status_code == 200
        assert answer["Content-Type"] == content_type
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert "immutable" in answer["Cache-Control"]
        assert len(b"".join(answer.streaming_content)) == int(answer["Content-Length"])
        answer.close()
    head = client.head(image.url(320))
    assert head.status_code == 200
    head.close()


@pytest.mark.parametrize(
    "path",
    [
        "../x.jpg", "..%2fx.jpg", "%2e%2e/%2e%2e/etc/passwd", "images/../../x.jpg", "..%5cx.jpg", "C:/x.jpg",
        "", "images", "images/", "images/x.jpg/", "x" * 300 + ".jpg", "page.html", "drawing.svg",
        "x.jpg%00.html", "missing.jpg", ".jpg", "/etc/passwd.jpg",
    ],
)  # fmt: skip
def test_nothing_else_is_served(client: Client, path: str) -> None:
    image = take_in(picture_file(), by=None)
    for name in ("page.html", "drawing.svg"):
        image.storage.save(name, ContentFile(b"<script>x()</script>"))
    assert client.get(f"/media/{path}").status_code in {400, 404}


def test_media_are_read_only(client: Client) -> None:
    assert client.post(take_in(picture_file(), by=None).url(320)).status_code == 405
