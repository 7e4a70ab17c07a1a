"""Two saved versions in words."""

from typing import Any

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.roles import Role
from articles.comparing import FieldChange, changed_fields, compare, describe, label
from articles.enums import BylineRole
from articles.models import Article, Attribution, Byline, RelatedLink
from articles.revisions import snapshot
from newsroom.lib.diffing import Fold, Row
from pages.current import forget_site
from pages.templatetags.printing import print_digits
from richtext.comparing import Head
from tests.factories import make_article, make_author, make_image, make_section, make_site, make_source, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> User:
    return make_user(Role.EDITOR)


@pytest.fixture(autouse=True)
def in_english() -> Any:
    with translation.override("en"):
        yield


def rows_of(change: FieldChange) -> list[Row]:
    rows: list[Row] = []
    for row in change.rows:
        rows += row.rows if isinstance(row, Fold) else [row]
    return rows


def sides(change: FieldChange) -> tuple[list[str], list[str]]:
    def side(name: str) -> list[str]:
        found = ("".join(piece.text for piece in getattr(row, name)) for row in rows_of(change))
        return [text for text in found if text]

    return side("old"), side("new")


def only(changes: list[FieldChange]) -> FieldChange:
    (change,) = changes
    return change


def test_the_same_version_twice_says_nothing(editor: User) -> None:
    data = snapshot(make_article())
    assert changed_fields(data, data) == []
    assert compare(data, data, by=editor) == []


def test_only_what_changed_is_named_in_the_order_of_the_form(editor: User) -> None:
    old = snapshot(make_article(kicker="أول"))
    new = old | {"slug": "x", "body": "<p>آخر</p>", "headline": "عنوان", "kicker": "ثان", "tags": ["مدن"]}
    names = ["kicker", "headline", "body", "tags", "slug"]
    assert changed_fields(old, new) == names
    assert [change.name for change in compare(old, new, by=editor)] == names


def test_a_field_that_one_version_does_not_know_is_left_out(editor: User) -> None:
    old = snapshot(make_article())
    new = old | {"headline": "عنوان آخر"}
    del old["headline"]
    assert changed_fields(old, new) == changed_fields(new, old) == []
    assert changed_fields(old | {"field_of_old_times": 1}, new | {"field_of_old_times": 2}) == []


def test_every_saved_field_has_a_name_of_the_form() -> None:
    with translation.override("ar"):
        labels = [label(name) for name in snapshot(make_article())]
    assert all(text and not text.isascii() for text in labels)
    assert len(set(labels)) == len(labels)


def test_a_headline_is_compared_by_words(editor: User) -> None:
    old = snapshot(make_article("افتتاح الحديقة"))
    (row,) = rows_of(only(compare(old, old | {"headline": "افتتاح المكتبة"}, by=editor)))
    assert [(piece.kind, piece.text) for piece in row.new] == [("same", "افتتاح "), ("added", "المكتبة")]


def test_rows_that_only_changed_their_numbers_are_the_same() -> None:
    article = make_article(authors=(make_author(), make_author()))
    old = snapshot(article)
    article.bylines.update(position=7)
    assert changed_fields(old, snapshot(article)) == []


def test_authors_in_another_order_are_a_change(editor: User) -> None:
    first, second = make_author("ليلى"), make_author("سالم")
    article = make_article(authors=(first, second))
    old = snapshot(article)
    article.bylines.filter(author=first).update(position=9)
    change = only(compare(old, snapshot(article), by=editor))
    assert change.name == "bylines"
    assert [text.split(" ")[0] for text in sides(change)[1]] == ["سالم", "ليلى"]
    assert any(row.is_moved for row in rows_of(change))


def test_relations_are_named(editor: User) -> None:
    author, source, target = make_author("ليلى العمر"), make_source("وكالة المدينة"), make_article("مكتبة المدينة")
    article = make_article()
    old = snapshot(article)
    Byline.objects.create(article=article, author=author, role=BylineRole.TRANSLATION)
    Attribution.objects.create(article=article, source=source, printed_as="الوكالة", url="https://example.com/a")
    RelatedLink.objects.create(article=article, target=target, after_block=2)
    changes = {change.name: sides(change)[1] for change in compare(old, snapshot(article), by=editor)}
    assert changes == {
        "bylines": ["ليلى العمر · translation"],
        "attributions": ["وكالة المدينة · printed as “الوكالة” · https://example.com/a"],
        "related_links": [f"مكتبة المدينة ({print_digits(target.pk)}) · after block ٢"],
    }


def test_deleted_rows_are_named_as_such(editor: User) -> None:
    old = snapshot(make_article())
    new = old | {
        "section_id": 991,
        "lead_image_id": 992,
        "bylines": [{"author_id": 993, "role": "writing", "position": 0}],
        "attributions": [{"source_id": 994, "url": "", "printed_as": "", "position": 0}],
        "related_links": [{"target_id": 995, "url": "", "title": "", "after_block": None, "position": 0}],
    }
    text = " ".join(line for change in compare(old, new, by=editor) for line in sides(change)[1])
    for words in ("section (٩٩١)", "picture (٩٩٢)", "author (٩٩٣)", "source (٩٩٤)", "article (٩٩٥)"):
        assert f"deleted {words}" in text


def test_an_article_that_one_may_not_see_keeps_its_headline_to_itself() -> None:
    reporter = make_user(Role.REPORTER)
    hidden = make_article("خبر سري", published=False)
    article = make_article(created_by=reporter, published=False)
    old = snapshot(article)
    RelatedLink.objects.create(article=article, target=hidden)
    new = snapshot(article)
    change = only(compare(old, new, by=reporter))
    assert "خبر سري" not in str(change)
    assert "an article that you may not see" in sides(change)[1][0]
    assert "خبر سري" not in str(describe(new, by=reporter))
    assert "خبر سري" in str(compare(old, new, by=make_user(Role.EDITOR)))


def test_a_picture_shows_itself_and_its_alternative_text(editor: User) -> None:
    first, second = make_image(), make_image()
    old = snapshot(make_article(lead_image=first))
    (row,) = rows_of(only(compare(old, old | {"lead_image_id": second.pk}, by=editor)))
    assert isinstance(row.new_head, Head)
    assert row.new_head.src == second.url(320)
    assert row.old_head != row.new_head
    assert "".join(piece.text for piece in row.new) == second.alt_text


def test_times_and_choices_are_words_that_change_as_a_whole(editor: User) -> None:
    make_site(time_zone="Asia/Damascus", digits="latn", months="levant")
    forget_site()
    old = snapshot(make_article(published=False))
    new = old | {"publish_at": "2026-11-20T06:40:00+00:00", "status": "in_review", "origin": "opinion"}
    origin, time, status = compare(old, new, by=editor)
    assert sides(time) == ([], ["20 تشرين الثاني 2026، 9:40 صباحًا"])
    assert (sides(status), sides(origin)) == ((["draft"], ["in review"]), (["own reporting"], ["opinion"]))
    assert [len(row.old) for row in rows_of(status)] == [1]


def test_tags_are_compared_one_by_one(editor: User) -> None:
    old = snapshot(make_article(tags=("كأس العالم", "مدن")))
    (row,) = rows_of(only(compare(old, old | {"tags": ["كأس آسيا", "مدن"]}, by=editor)))
    assert [piece.text for piece in row.old if piece.kind == "removed"] == ["كأس العالم"]


def test_a_body_stored_in_another_form_says_that_nothing_is_seen(editor: User) -> None:
    old = snapshot(make_article(body="<p>نص</p>\n<p>آخر</p>"))
    change = only(compare(old, old | {"body": "<p>نص</p><p>آخر</p>"}, by=editor))
    assert change.only_markup
    assert change.rows == []


def test_a_version_to_read_leaves_out_what_is_empty(editor: User) -> None:
    article = make_article("افتتاح", section=make_section("محليات"), published=False)
    shown = {field.name: sides(field)[1] for field in describe(snapshot(article), by=editor)}
    assert shown["headline"] == ["افتتاح"]
    assert shown["section_id"] == ["محليات"]
    assert not {"kicker", "tags", "bylines", "body"} & shown.keys()


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow(
    editor: User, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    make_site()
    forget_site()
    old, new = snapshot(make_article(lead_image=make_image(), section=make_section())), snapshot(filled(count))
    new["related_links"].append({"target_id": 99_999, "url": "", "title": "", "after_block": None, "position": 9})
    compare(old, old | {"headline": ""}, by=editor)  # reads the settings of the site
    with django_assert_num_queries(6):
        compare(old, new, by=editor)


def filled(count: int) -> Article:
    """With rows of every kind."""
    article = make_article(
        section=make_section(),
        lead_image=make_image(),
        authors=tuple(make_author() for _ in range(count)),
        sources=tuple(make_source() for _ in range(count)),
    )
    for _ in range(count):
        RelatedLink.objects.create(article=article, target=make_article())
    return article
