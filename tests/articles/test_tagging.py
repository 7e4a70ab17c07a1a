import pytest

from articles.models import Article, Tag, TagAlias
from articles.tagging import get_or_make_tags, parse_tags
from tests.factories import make_article, make_tag


@pytest.mark.parametrize("comma", [",", "،", "؛", "\n"])
def test_commas_and_newlines_part_tags(comma: str) -> None:
    assert parse_tags(f"كأس العالم{comma} الهلال") == ["كأس العالم", "الهلال"]


def test_a_space_parts_nothing() -> None:
    assert parse_tags('كأس العالم "دمشق"') == ['كأس العالم "دمشق"']


def test_one_word_spelled_in_three_ways_is_one_tag() -> None:
    assert parse_tags("غَزَّة، غـــزة، غزة، غزه") == ["غَزَّة"]


def test_empty_parts_and_parts_without_letters_are_no_tags() -> None:
    assert parse_tags("،، ؛ \n . ،دمشق،") == ["دمشق"]


def test_invisible_characters_are_taken_out() -> None:
    assert parse_tags("\u200fدمشق\u200b ،  كأس   العالم") == ["دمشق", "كأس العالم"]


@pytest.mark.django_db
def test_a_known_tag_is_found_by_its_folded_name() -> None:
    tag = make_tag("إدلب")
    assert get_or_make_tags(["ادلب", "إدلِب"]) == [tag]
    assert Tag.objects.count() == 1


@pytest.mark.django_db
def test_a_known_tag_is_found_by_its_alias() -> None:
    tag = make_tag("سوريا")
    TagAlias.objects.create(tag=tag, name="سورية")
    assert get_or_make_tags(["سوريه"]) == [tag]


@pytest.mark.django_db
def test_a_new_tag_is_made_with_a_readable_address() -> None:
    (tag,) = get_or_make_tags(["كأس العالم"])
    assert (tag.name, tag.slug) == ("كأس العالم", "كأس-العالم")


@pytest.mark.django_db
def test_tags_of_an_article_go_through_the_same_door() -> None:
    article = make_article(tags=("غزة",))
    article.tags.add("غَزَّة")
    assert [tag.name for tag in article.tags.all()] == ["غزة"]


@pytest.mark.django_db
def test_the_tags_of_an_article_stand_in_the_order_of_their_names() -> None:
    """Taggit makes the rows from a set, so their own order is that of chance."""
    article = make_article(tags=("مدن", "كأس العالم", "الأسواق", "إدلب"))
    assert [tag.name for tag in article.tags.all()] == ["إدلب", "الأسواق", "كأس العالم", "مدن"]
    prefetched = Article.objects.prefetch_related("tags").get()
    assert [tag.name for tag in prefetched.tags.all()] == ["إدلب", "الأسواق", "كأس العالم", "مدن"]
