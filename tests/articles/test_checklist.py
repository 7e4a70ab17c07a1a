from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.roles import Role
from articles.changes import open_changes
from articles.checklist import LONGEST_HEADLINE, letters, remarks
from articles.commenting import comment, resolve
from articles.models import Article
from articles.revisions import record
from tests.factories import make_article, make_image, make_user

pytestmark = pytest.mark.django_db


def complete(**fields: Any) -> Article:
    """An article about which nothing is to be said."""
    fields = {"standfirst": "مقدمة", "lead_image": make_image(), "tags": ("مدن",), "published": False} | fields
    return make_article(**fields)


def fields_of(article: Article) -> list[str]:
    return [remark.field for remark in remarks(article)]


def test_nothing_is_said_about_a_complete_article() -> None:
    assert remarks(complete()) == []


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"standfirst": ""}, "standfirst"),
        ({"tags": ()}, "tags"),
        ({"tags": tuple("ابتثجحخ")}, "tags"),
        ({"lead_image": None}, "lead_image"),
        ({"headline": "ا" * (LONGEST_HEADLINE + 1)}, "headline"),
    ],
)
def test_each_thing_worth_a_look_names_its_field(fields: dict[str, Any], field: str) -> None:
    assert fields_of(complete(**fields)) == [field]


def test_six_tags_and_ninety_letters_are_enough() -> None:
    assert fields_of(complete(tags=tuple("ابتثجح"), headline="ا" * LONGEST_HEADLINE)) == []


def test_vowel_marks_are_no_letters() -> None:
    assert letters("كَتَبَ") == 3


def test_a_picture_says_who_made_it() -> None:
    assert fields_of(complete(lead_image=make_image(credit=""))) == ["lead_image"]


def test_a_headline_that_readers_may_remember_is_no_new_one() -> None:
    make_article("افتتاح الحديقة")
    assert fields_of(complete(headline="إفتتاح الحديقه")) == ["headline"]
    Article.objects.published().update(published_at=timezone.now() - timedelta(days=31))
    assert fields_of(complete(headline="إفتتاح الحديقه")) == []


def test_changes_repeat_the_headline_of_their_own_story() -> None:
    editor = make_user(Role.EDITOR)
    story = complete(published=True)
    record(story, by=editor)
    assert fields_of(open_changes(story, by=editor)) == []


def test_comments_that_are_open_are_counted_of_the_story() -> None:
    editor = make_user(Role.EDITOR)
    story = complete(published=True)
    record(story, by=editor)
    copy = open_changes(story, by=editor)
    row = comment(copy, by=editor, text="تحقق من الرقم")
    assert [(remark.field, remark.sentence) for remark in remarks(copy)] == [
        ("comments", "على المادة تعليق واحد لم يُغلق.")
    ]
    resolve(row, by=editor)
    assert remarks(copy) == []
