from datetime import date, timedelta

import pytest

from images.models import Image
from images.rights import ends_within, is_credited, is_expired_on
from tests.factories import make_author, make_image, make_source

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("until", "expired", "soon"),
    [(None, False, False), (-1, True, False), (0, False, True), (14, False, True), (15, False, False)],
)
def test_the_last_day_is_a_day_of_rights(until: int | None, expired: bool, soon: bool) -> None:
    image = Image(rights_until=None if until is None else TODAY + timedelta(days=until))
    assert (is_expired_on(image, TODAY), ends_within(image, 14, today=TODAY)) == (expired, soon)


@pytest.mark.django_db
def test_rights_that_end_are_asked_for_together() -> None:
    make_image()
    later, sooner, _last = (make_image(rights_until=TODAY + timedelta(days=days)) for days in (3, -2, 14))
    assert list(Image.objects.with_rights_ending(TODAY + timedelta(days=14))) == [sooner, later]


@pytest.mark.django_db
def test_a_picture_has_a_credit_of_its_own_or_of_whoever_it_is_from() -> None:
    named = [make_image(credit="مدار"), make_image(credit="", source=make_source()), make_image(author=make_author())]
    nobodys = make_image(credit="")
    assert [is_credited(image) for image in (*named, nobodys)] == [True, True, True, False]
    assert list(Image.objects.uncredited()) == [nobodys]
