"""Which tags a new name resembles."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article, TagAlias
from articles.near_tags import near_duplicates, near_duplicates_of, similar_tags
from tests.factories import make_tag

pytestmark = pytest.mark.django_db


def names(typed: str) -> list[str]:
    return [tag.name for tag in near_duplicates(typed)]


@pytest.mark.parametrize(
    ("known", "typed"),
    [
        ("كأس العالم", "كاس العالمم"),  # a letter more
        ("البرلمان", "البرلمن"),  # less
        ("فلسطين", "فلسطبن"),  # another
        ("دمشق", "دشمق"),  # two in each other's place
        ("العراق", "عراق"),  # the article
        ("قمة عربية", "القمة العربية"),
        ("العالم العربي", "عالم عربي"),
        ("العربي العالم", "العالم العربي"),  # the order
        ("الانتخابات", "انتخاب"),  # the number
        ("مهرجان سينمائي", "مهرجانات سينمائية"),
        ("مدرسة", "المدارس"),
        ("عبد الرحمن", "عبدالرحمن"),  # written together
        ("أبوظبي", "أبو ظبي"),
        ("قراءة", "قرائة"),  # the seat of a hamza that folding does not see
        ("إنستغرام", "انستجرام"),
        ("Facebook", "Facebok"),
    ],
)  # fmt: skip
def test_a_name_like_another_is_near(known: str, typed: str) -> None:
    make_tag("الزيتون")
    make_tag(known)
    assert names(typed) == [known]


@pytest.mark.parametrize(
    ("known", "typed"),
    [
        ("حرب", "حزب"),  # too short to be mistyped
        ("كأس العالم 2022", "كأس العالم 2026"),
        ("الانتخابات البلدية", "الانتخابات النيابية"),
        ("دمشق", "حلب"),
        ("كأس العالم", "كأس آسيا"),
    ],
)
def test_another_name_is_not(known: str, typed: str) -> None:
    make_tag(known)
    assert names(typed) == []


def test_the_same_word_in_another_spelling_is_no_new_tag() -> None:
    make_tag("إدلب")
    make_tag("إدلبي")
    assert names("ادلِب") == []


def test_an_alias_that_is_near_names_its_tag() -> None:
    TagAlias.objects.create(tag=make_tag("سوريا"), name="الشام الكبرى")
    assert names("شام الكبرى") == ["سوريا"]
    assert names("الشام الكبري") == []  # the alias itself


def test_the_nearest_comes_first() -> None:
    make_tag("العراقي")
    make_tag("عراق")
    assert names("العراق") == ["عراق", "العراقي"]


def test_a_tag_does_not_resemble_itself() -> None:
    tag = make_tag("العراق")
    assert near_duplicates("عراق", but=tag.pk) == []
    assert similar_tags([tag]) == {}


@pytest.mark.parametrize("typed", ["", "...", "ا" * 100, "كلمة " * 30, "١٢٣٤"])
def test_odd_names_resemble_nothing(typed: str) -> None:
    make_tag("العراق")
    assert names(typed) == []


def test_many_names_cost_as_many_queries_as_one() -> None:
    make_tag("العراق")
    with CaptureQueriesContext(connection) as captured:
        found = near_duplicates_of(["عراقي", "العرااق", "مدينة"])
    assert set(found) == {"عراقي", "العرااق"}
    assert len(captured) <= 6


def test_restoring_a_version_asks_nothing_about_its_tags() -> None:
    """Machines take a name as it is: only what is typed is asked about (and what is imported is left out)."""
    make_tag("العراق")
    article = Article.objects.create(headline="عنوان")
    article.tags.set(["العراقي"])
    assert list(article.tags.names()) == ["العراقي"]
