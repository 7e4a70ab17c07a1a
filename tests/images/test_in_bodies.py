import pytest

from images.in_bodies import body_pictures, images_in, picture_keys
from images.preparing import make_files
from images.storing import take_in
from tests.factories import make_image, make_source
from tests.images.pictures import picture_file

pytestmark = pytest.mark.django_db


def test_every_rendition_leads_to_its_picture() -> None:
    image = take_in(picture_file(size=(700, 400)), by=None, credit="مدار اليوم")
    make_files(image)
    addresses = [image.url(640), image.url(320, "avif"), image.storage.url(image.file_name)]
    found = body_pictures(addresses)
    assert list(found) == addresses
    assert [found[address].src for address in addresses] == [*addresses[:2], image.url(1440)]
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


def test_a_text_may_name_a_file_that_is_not_made_yet() -> None:
    image = take_in(picture_file(size=(700, 400)), by=None)
    whole, planned = image.url(640), image.storage.url(image.rendition_name(640, "jpeg"))
    found = body_pictures([planned])
    assert (found[planned].src, found[planned].jpeg, found[planned].small) == (whole, "", whole)
    assert found[whole] == found[planned]


def test_the_pictures_of_a_text_each_once(django_assert_num_queries) -> None:
    first, second = make_image(), make_image()
    addresses = [second.url(1), first.url(1), second.storage.url(second.rendition_name(640, "jpeg")), "/x.jpg"]
    with django_assert_num_queries(1):
        assert images_in(addresses) == [second, first]
    assert picture_keys(addresses) == {first.pk, second.pk}
    assert picture_keys([]) == set()
