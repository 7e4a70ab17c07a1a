import pytest

from images.in_bodies import body_pictures
from images.storing import take_in
from tests.factories import make_image, make_source
from tests.images.pictures import picture_file

pytestmark = pytest.mark.django_db


def test_every_rendition_leads_to_its_picture() -> None:
    image = take_in(picture_file(size=(700, 400)), by=None, credit="مدار اليوم")
    addresses = [image.url(640), image.url(320, "avif"), image.storage.url(image.file_name)]
    found = body_pictures(addresses)
    assert list(found) == addresses
    picture = found[addresses[0]]
    assert (picture.width, picture.height, picture.credit) == (700, 400, "مدار اليوم")
    assert "-640.avif 640w" in picture.avif
    assert "-160.jpg" not in picture.jpeg


def test_one_query_however_many_pictures(django_assert_num_queries) -> None:
    source = make_source("وكالة الساحل")
    images = [make_image(credit="", source=source) for _ in range(3)]
    with django_assert_num_queries(1):
        found = body_pictures(image.url(640) for image in images)
    assert [picture.credit for picture in found.values()] == ["وكالة الساحل"] * 3


def test_no_query_where_nothing_is_asked(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert body_pictures([]) == {}
        assert body_pictures(["/static/img/logo-512.png", "/media/x.jpg", "/media/images/", "x"]) == {}


def test_a_picture_that_is_gone_is_left_out() -> None:
    assert body_pictures(["/media/images/2026/11/abc-640.jpg"]) == {}
