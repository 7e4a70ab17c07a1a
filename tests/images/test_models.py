import pytest
from django.db import IntegrityError, transaction

from images.models import Image


def picture(**fields: object) -> Image:
    """A picture without files, never saved unless a test does it."""
    return Image(
        **{
            "alt_text": "وصف",
            "width": 1440,
            "height": 810,
            "sha256": "0" * 64,
            "renditions": {"avif": [320, 640], "jpeg": [320, 640]},
            "file": "images/2026/11/abc.jpg",
        }
        | fields
    )


def test_addresses_follow_from_the_name_of_the_file() -> None:
    image = picture()
    assert image.url(320, "avif") == "/media/images/2026/11/abc-320.avif"
    assert image.srcset("jpeg") == "/media/images/2026/11/abc-320.jpg 320w, /media/images/2026/11/abc-640.jpg 640w"


@pytest.mark.parametrize(("asked", "given"), [(1, 320), (320, 320), (321, 640), (9999, 640)])
def test_the_narrowest_rendition_that_is_wide_enough(asked: int, given: int) -> None:
    assert picture().url(asked) == f"/media/images/2026/11/abc-{given}.jpg"


def test_without_renditions_the_file_itself_is_shown() -> None:
    image = picture(renditions={})
    assert image.url(640) == "/media/images/2026/11/abc.jpg"
    assert image.srcset("avif") == ""


@pytest.mark.parametrize(("x", "y", "name"), [(0.5, 0.5, "x-50 y-50"), (0, 1, "x-0 y-100"), (0.36, 0.94, "x-40 y-90")])
def test_focal_point_in_words_of_css(x: float, y: float, name: str) -> None:
    assert picture(focal_x=x, focal_y=y).focus_class == name


@pytest.mark.parametrize(
    ("between", "named"),
    [((0, 9999), [320, 640]), ((321, 640), [640]), ((641, 900), [640]), ((1, 100), [320])],
)
def test_a_place_is_offered_what_it_can_use(between: tuple[int, int], named: list[int]) -> None:
    assert [int(item.split()[1][:-1]) for item in picture().srcset("avif", between).split(", ")] == named


def test_the_address_of_a_crop_changes_with_the_focal_point() -> None:
    image = picture(crops={"16x9": {"focus": "36-45", "width": 1200, "height": 675}})
    assert image.crop_url("16x9") == "/media/images/2026/11/abc-16x9-36-45.jpg"
    assert image.crop_size("16x9") == (1200, 675)


def test_without_crops_a_wide_rendition_stands_in() -> None:
    image = picture()
    assert image.crop_url("1x1") == image.url(1200)
    assert image.crop_size("1x1") == (640, 360)
    assert picture(renditions={}).crop_size("4x3") == (1440, 810)


def test_who_is_named_for_a_picture() -> None:
    from articles.models import Author, Source  # noqa: PLC0415 - another app's models, for this rule only

    assert picture(credit="مدار اليوم", source=Source(name="وكالة")).printed_credit == "مدار اليوم"
    assert picture(source=Source(name="وكالة")).printed_credit == "وكالة"
    assert picture(author=Author(name="سلمى")).printed_credit == "سلمى"
    assert picture().printed_credit == ""


def test_a_picture_is_called_by_what_it_shows() -> None:
    assert str(picture()) == "وصف"
    assert str(picture(alt_text="", caption="شرح")) == "شرح"
    assert str(picture(alt_text="")) == "abc.jpg"


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"focal_x": 1.1}, {"focal_y": -0.1}, {"width": 0}, {"height": 0}])
def test_the_database_refuses_what_cannot_be(wrong: dict) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        picture(**wrong).save()


@pytest.mark.django_db
def test_the_same_bytes_make_one_row() -> None:
    picture().save()
    with pytest.raises(IntegrityError), transaction.atomic():
        picture().save()


@pytest.mark.django_db
def test_a_picture_has_a_source_or_an_author() -> None:
    from articles.models import Author, Source  # noqa: PLC0415 - another app's models, for this rule only

    author, source = Author.objects.create(name="سلمى"), Source.objects.create(name="وكالة")
    picture(author=author, sha256="1" * 64).save()
    picture(source=source, sha256="2" * 64).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        picture(author=author, source=source).save()
