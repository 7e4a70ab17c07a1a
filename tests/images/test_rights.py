from datetime import date, timedelta

import pytest

from articles.models import Article
from images.models import Image
from images.rights import ENDS_SOON, ending_soon, ends_soon, expired_on, is_credited, is_expired_on, uncredited
from tests.factories import make_article, make_author, make_image, make_source

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("until", "expired", "soon"),
    [(None, False, False), (-1, True, False), (0, False, True), (30, False, True), (31, False, False)],
)
@pytest.mark.django_db
def test_the_last_day_is_a_day_of_rights(until: int | None, expired: bool, soon: bool) -> None:
    assert ENDS_SOON.days == 30  # as it stands in the words of the checklist and of the filter
    image = make_image(rights_until=None if until is None else TODAY + timedelta(days=until))
    assert (is_expired_on(image, TODAY), ends_soon(image, TODAY)) == (expired, soon)
    found = [Image.objects.filter(condition).exists() for condition in (expired_on(TODAY), ending_soon(TODAY))]
    assert found == [expired, soon]


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
    assert list(Image.objects.filter(uncredited())) == [nobodys]
    article = make_article(lead_image=nobodys)
    make_article(lead_image=named[0])
    make_article(lead_image=None)
    assert list(Article.objects.filter(uncredited("lead_image"))) == [article]
