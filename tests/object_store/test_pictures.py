"""Pictures in a bucket: taken in, cut, shown, served and thrown away without a folder of this machine."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image as Pixels
from pytest_django import Settings

from articles.share_card import card_file
from images.cropping import planned_crops
from images.in_bodies import body_pictures
from images.models import Image
from images.preparing import make_files
from images.renditions import file_names
from images.storing import discard, take_in
from newsletter.mails.items import _image
from newsroom.checkup.findings import Level
from newsroom.checkup.media import check_media
from newsroom.lib.outages import Outage, outage_of
from tests.factories import make_article, make_site
from tests.images.pictures import picture_file
from tests.object_store.conftest import CDN
from tests.object_store.double import Store
from tests.site.serving import free_port

pytestmark = pytest.mark.django_db

Use = Callable[..., Store]


def a_picture() -> Image:
    image = take_in(picture_file(size=(1600, 900)), by=None, alt_text="مرفأ")
    make_files(image)
    image.refresh_from_db()
    return image


def test_file_renditions_and_crops_lie_in_the_bucket(store: Store, settings: Settings) -> None:
    image = a_picture()
    assert set(store.files) == set(file_names(image))
    assert len(planned_crops(image)) == len(image.crops) == 3
    types = {kept.headers["Content-Type"] for kept in store.files.values()}
    assert types == {"image/jpeg", "image/avif"}
    assert {kept.headers["Cache-Control"] for kept in store.files.values()} == {"public, max-age=31536000, immutable"}
    assert not Path(settings.MEDIA_ROOT).exists()


def test_whole_files_are_put_there_and_read_again(store: Store) -> None:
    image = a_picture()
    with image.storage.open(image.rendition_name(640, "jpeg")) as file, Pixels.open(file) as picture:
        assert picture.size == (640, 360)
    assert image.storage.size(image.file_name) == len(store.files[image.file_name].content)


def test_renditions_that_are_made_anew_take_the_place_of_the_old(store: Store) -> None:
    image = a_picture()
    before = set(store.files)
    make_files(image, remake=True)
    assert set(store.files) == before


def test_discarded_picture_leaves_nothing(
    store: Store, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    image = a_picture()
    with django_capture_on_commit_callbacks(execute=True):
        discard(image)
    assert store.files == {}


def test_site_hands_out_pictures_with_the_headers_of_every_picture(store: Store, client: Client) -> None:
    image = a_picture()
    address = image.url(640)
    assert address.startswith("/media/images/")
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == store.files[image.rendition_name(640, "jpeg")].content
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in answer["Cache-Control"]


@pytest.mark.parametrize("path", ["images/none.jpg", "../secret.jpg", "images/x.html", "images/x.svg"])
def test_what_is_no_picture_is_not_there(store: Store, client: Client, path: str) -> None:
    assert client.get(f"/media/{path}").status_code == 404


def test_readers_get_pictures_from_the_public_address(use: Use) -> None:
    use(public_url=CDN)
    image = a_picture()
    assert image.url(640) == f"{CDN}/{image.rendition_name(640, 'jpeg')}"
    assert image.srcset("avif").startswith(f"{CDN}/images/")
    assert image.crop_url("1x1").startswith(f"{CDN}/images/")


def test_texts_name_pictures_wherever_they_lie(use: Use) -> None:
    use()
    image = a_picture()
    address = image.address_in_texts(640)
    assert body_pictures([address])[address].src == address
    use(public_url=CDN)
    shown = body_pictures([address])[address]
    assert address.startswith("/media/images/")
    assert shown.src == f"{CDN}/{image.rendition_name(640, 'jpeg')}"
    assert shown.jpeg.startswith(CDN)


def test_page_of_a_story_shows_both(use: Use, client: Client) -> None:
    use(public_url=CDN)
    make_site()
    image = a_picture()
    body = f'<p>نص</p><figure class="image"><img src="{image.address_in_texts(1440)}" alt="مرفأ"></figure>'
    article = make_article(lead_image=image, body=body)
    page = client.get(article.get_absolute_url()).content.decode()
    assert "/media/" not in page.replace(f"{CDN}/media/", "")
    assert page.count(f'src="{CDN}/images/') >= 2
    feed = client.get("/feed/").content.decode()
    assert f"{CDN}/images/" in feed
    assert f"127.0.0.1:8000{CDN}" not in feed


def test_mails_name_them_too(use: Use) -> None:
    use(public_url=CDN)
    assert _image(a_picture(), 600).url.startswith(f"{CDN}/images/")
    use()
    assert _image(Image.objects.get(), 600).url.startswith("http://127.0.0.1:8000/media/images/")


def test_share_card_is_drawn_once_and_the_old_one_goes(store: Store) -> None:
    make_site()
    article = make_article("عنوان أول", lead_image=a_picture())
    first = card_file(article)
    assert card_file(article) == first
    article.headline = "عنوان آخر"
    card_file(article)
    assert len([key for key in store.files if key.startswith(f"cards/{article.pk}/")]) == 1


def test_wrong_keys_are_refused_by_the_store_and_told_by_the_doctor(use: Use) -> None:
    store = use(secret="guessed")
    (finding,) = check_media()
    assert finding.level is Level.FAULT
    assert "guessed" not in finding.text
    with pytest.raises(ConnectionError):
        a_picture()
    assert store.files == {}
    assert not Image.objects.exists()


def test_doctor_is_content_with_a_store_that_answers(store: Store) -> None:
    assert [finding.level for finding in check_media()] == [Level.OK]


def test_store_that_is_gone_is_an_outage_and_no_missing_picture(use: Use, client: Client) -> None:
    use(endpoint=f"http://127.0.0.1:{free_port()}")
    client.raise_request_exception = False
    answer = client.get("/media/images/2026/11/picture.jpg")
    assert answer.status_code == 503
    with pytest.raises(ConnectionError) as caught:
        default_storage.exists("images/picture.jpg")
    assert outage_of(caught.value) is Outage.UNREACHABLE


def test_store_that_fails_is_asked_again_and_then_given_up(store: Store) -> None:
    store.status = 500
    with pytest.raises(ConnectionError):
        default_storage.exists("images/picture.jpg")
    assert len(store.asked) == 2
