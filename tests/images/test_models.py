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


@pytest.mark.parametrize(
    ("x", "y", "position", "name"),
    [
        (0.5, 0.5, "50% 50%", "focus-50-50"),
        (0, 1, "0% 100%", "focus-0-100"),
        (0.36, 0.9, "36% 90%", "focus-25-100"),
    ],
)
def test_focal_point_in_words_of_css(x: float, y: float, position: str, name: str) -> None:
    image = picture(focal_x=x, focal_y=y)
    assert (image.object_position, image.focus_class) == (position, name)


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
