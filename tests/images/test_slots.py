import pytest

from images.renditions import WIDTHS
from images.slots import SLOTS
from tests.images.test_models import picture


def test_a_picture_of_the_shape_of_its_place_takes_its_width() -> None:
    assert SLOTS["avatar"].sizes_of(picture(width=600, height=800)) == SLOTS["avatar"].sizes
    assert SLOTS["thumbnail"].sizes_of(picture()) == SLOTS["thumbnail"].sizes


def test_a_flatter_picture_is_wider_than_the_place_that_cuts_it() -> None:
    assert SLOTS["avatar"].sizes_of(picture(width=1440, height=810)) == "(min-resolution:2.5dppx) 3.253rem, 4.889rem"
    panorama = SLOTS["thumbnail"].sizes_of(picture(width=1600, height=450))
    assert panorama == "(min-resolution:2.5dppx) 10rem, 15rem"


def test_a_picture_that_is_shown_whole_is_never_wider_than_its_place() -> None:
    assert SLOTS["body"].sizes_of(picture(width=4000, height=500)) == SLOTS["body"].sizes


@pytest.mark.parametrize("name", SLOTS)
def test_a_place_names_renditions_that_are_made(name: str) -> None:
    assert set(SLOTS[name].renditions) <= set(WIDTHS)
