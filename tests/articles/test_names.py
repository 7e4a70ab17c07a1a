"""The one folding: which names are found, in which order, and which are the same."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from articles.importing import import_text
from articles.models import Article, Author, Section, Source, Tag, TagAlias
from newsroom.lib.key_columns import recollate, refill
from newsroom.lib.name_pages import NamePaginator
from tests.factories import make_article, make_author, make_section, make_source, make_tag, make_user

pytestmark = pytest.mark.django_db

BOXES = {"author": ("byline", "author"), "source": ("attribution", "source"), "tag": ("taggedarticle", "tag")}


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_user(Role.CHIEF_EDITOR))
    return client


def proposed(client: Client, kind: str, term: str, **more: str) -> list[str]:
    model, field = BOXES[kind]
    query = {"app_label": "articles", "model_name": model, "field_name": field, "term": term} | more
    return [row["text"] for row in client.get(reverse("admin:autocomplete"), query).json()["results"]]


def listed(client: Client, model: str, **query: str) -> list[str]:
    response = client.get(reverse(f"admin:articles_{model}_changelist"), query)
    return [str(row) for row in response.context["cl"].result_list]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("العراق اليوم", "عراق"),
        ("عراق الغد", "العراق"),
        ("عراق الغد", "والعراق"),
        ("علي أحمد العلي", "احمد العلي"),
        ("علي أحمد العلي", "العلي احمد"),
        ("رويترز", "رويتر"),
        ("رويترز", "رُويـتر"),
        ("مكتبة المدينة", "المكتبه"),
        ("عبدالرحمن الخطيب", "عبد الرحمن"),
        ("عبد الرحمن الخطيب", "عبدالرحمن"),
        ("عبدالله الخطيب", "عبد الله"),
        ("Élysée TV", "elysee"),
        ("القناة ٢٤", "24"),
    ],
)
@pytest.mark.parametrize("kind", ["author", "source", "tag"])
def test_a_name_is_found_by_its_words_however_they_are_typed(editor: Client, kind: str, name: str, typed: str) -> None:
    {"author": make_author, "source": make_source, "tag": make_tag}[kind](name)
    {"author": make_author, "source": make_source, "tag": make_tag}[kind]("جريدة أخرى")
    assert proposed(editor, kind, typed) == [name]
    assert listed(editor, kind, q=typed) == [name]


def test_what_begins_with_the_typed_words_comes_first(editor: Client) -> None:
    for name in ("وكالة العراق", "فلان العراقي", "نعراق", "العراق اليوم", "عراق الغد", "صحيفة أخرى"):
        make_source(name)
    wanted = ["عراق الغد", "العراق اليوم", "فلان العراقي", "وكالة العراق", "نعراق"]
    for typed in ("عراق", "العراق", "عِراق"):
        assert proposed(editor, "source", typed) == wanted
        assert listed(editor, "source", q=typed) == wanted


def test_a_column_that_somebody_sorts_by_decides(editor: Client) -> None:
    make_author("سامر العلي", job_title="ب")
    make_author("العلي سامر", job_title="أ")
    make_author("علي", job_title="ج")
    assert listed(editor, "author", q="علي") == ["علي", "العلي سامر", "سامر العلي"]
    assert listed(editor, "author", q="علي", o="-1") == ["علي", "سامر العلي", "العلي سامر"]


def test_a_single_letter_is_looked_for_where_a_word_begins(editor: Client) -> None:
    make_author("سعاد")
    make_author("عمر")
    make_author("ليلى العلي")
    assert proposed(editor, "author", "ع") == ["عمر", "ليلى العلي"]


ORDER = ["2026", "24 ساعة", "bbc", "Élysée", "reuters", "آمنة", "أحمد", "الأردن", "إلياس", "ألمانيا", "بيروت", "المغرب"]


@pytest.mark.parametrize("make", [make_author, make_source, make_tag])
def test_names_stand_in_one_order_on_both_databases(editor: Client, make: Any) -> None:
    for name in reversed(ORDER):
        make(name)
    model = type(make("ياسمين"))
    kind = model._meta.model_name
    wanted = ["2026", "24 ساعة", "bbc", "Élysée", "reuters", "أحمد", "الأردن", "ألمانيا", "إلياس", "آمنة", "بيروت"]
    wanted += ["المغرب", "ياسمين"]
    assert [str(row) for row in model.objects.all()] == wanted
    assert listed(editor, kind) == wanted


def test_a_space_stands_before_every_letter() -> None:
    """Other collations of PostgreSQL skip it."""
    for name in ("عليان", "علي ياسين", "علي"):
        make_author(name)
    assert [author.name for author in Author.objects.all()] == ["علي", "علي ياسين", "عليان"]


def test_a_tag_is_found_and_ranked_by_its_aliases(editor: Client) -> None:
    make_tag("أخبار سورية القديمة")
    make_tag("سوريا").aliases.create(name="سورية")
    assert proposed(editor, "tag", "سوريه") == ["سوريا", "أخبار سورية القديمة"]


def test_an_empty_search_shows_every_tag(editor: Client) -> None:
    make_tag("سوريا").aliases.create(name="سورية")
    make_tag("لبنان")
    for typed in ("", "؟!"):
        assert listed(editor, "tag", q=typed) == ["سوريا", "لبنان"]


def test_sections_are_found_by_any_spelling(editor: Client) -> None:
    make_section("الرياضة")
    make_section("اقتصاد")
    assert listed(editor, "section", q="رياضه") == ["الرياضة"]


def test_a_long_list_comes_page_by_page(editor: Client) -> None:
    for number in range(45):
        make_author(f"كاتب {number:02}")
    pages = [proposed(editor, "author", "كاتب", page=str(page)) for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [20, 20, 5]
    assert pages[0][0] == "كاتب 00"
    assert pages[2][-1] == "كاتب 44"
    assert (
        editor.get(
            reverse("admin:autocomplete"),
            {"app_label": "articles", "model_name": "byline", "field_name": "author", "term": "كاتب", "page": "4"},
        ).status_code
        == 404
    )


@pytest.mark.parametrize("page", ["x", "0", "-1"])
def test_a_page_that_is_none_answers_404(editor: Client, page: str) -> None:
    query = {"app_label": "articles", "model_name": "byline", "field_name": "author", "page": page}
    assert editor.get(reverse("admin:autocomplete"), query).status_code == 404


def test_a_page_of_names_is_not_counted(django_assert_num_queries: Any) -> None:
    for number in range(3):
        make_author(f"كاتب {number}")
    with django_assert_num_queries(2):
        page = NamePaginator(Author.objects.all(), 2).page(1)
        assert page.has_next()


def test_sections_of_one_word_are_one_section(editor: Client) -> None:
    make_section("ثقافة")
    response = editor.post(
        reverse("admin:articles_section_add"),
        {"name": "ثقافه", "slug": "", "description": "", "position": "0", "color": "teal"},
    )
    assert Section.objects.count() == 1
    assert list(response.context["adminform"].form.errors) == ["__all__"]


def test_an_alias_that_is_a_tag_and_a_tag_that_is_an_alias_are_refused(editor: Client) -> None:
    syria = make_tag("سوريا")
    syria.aliases.create(name="سورية")
    rows = {"aliases-TOTAL_FORMS": "1", "aliases-INITIAL_FORMS": "0"}
    response = editor.post(
        reverse("admin:articles_tag_add"),
        {"name": "سوريه", "slug": "", "description": "", **rows, "aliases-0-name": ""},
    )
    assert "سوريا" in str(response.context["adminform"].form.errors["name"])
    response = editor.post(
        reverse("admin:articles_tag_add"),
        {"name": "الشام", "slug": "", "description": "", **rows, "aliases-0-name": "سُوريا"},
    )
    assert "سوريا" in str(response.context["inline_admin_formsets"][0].formset.errors)
    assert (Tag.objects.count(), TagAlias.objects.count()) == (1, 1)


TEXT = """سباق القوارب في المدينة
كتب: {author}
المصدر: {source}
انطلق صباح اليوم سباق القوارب السنوي في المدينة بمشاركة عشرات المتسابقين من مختلف الأحياء والضواحي القريبة منها.
وقال المنظمون إن السباق يقام للمرة العاشرة وإن عدد المشاركين ارتفع عن العام الماضي ارتفاعا كبيرا في كل الفئات.
"""


def test_an_import_finds_authors_and_sources_that_are_spelled_otherwise() -> None:
    author, source = make_author("أحمد الخطيب"), make_source("الأناضول")
    text = TEXT.format(author="احمد الخطيب", source="الاناضول")
    result = import_text(text.encode(), file_name="race.txt")
    article = Article.objects.get(pk=result.article_id)
    assert [byline.author for byline in article.bylines.all()] == [author]
    assert [row.source for row in article.attributions.all()] == [source]
    assert (Author.objects.count(), Source.objects.count()) == (1, 1)


# Keys of rows that were there before


def run(operation: Any) -> None:
    editor = SimpleNamespace(
        connection=connection,
        quote_name=connection.ops.quote_name,
        execute=lambda sql: connection.cursor().execute(sql),
    )
    operation.code(apps, editor)


@pytest.mark.parametrize("count", [1, 3])
def test_old_rows_get_their_keys(count: int) -> None:
    for number in range(count):
        make_author(f"الكاتبة {number}")
    Author.objects.update(sort_key="")
    run(refill("articles", "Author", "name_key", "sort_key"))
    keys = [f"كاتبه {number}" for number in range(count)]
    assert list(Author.objects.values_list("sort_key", flat=True)) == keys


def test_keys_that_are_right_are_not_written_again() -> None:
    make_tag("بيروت")
    with CaptureQueriesContext(connection) as queries:
        run(refill("articles", "Tag", "name_key", "sort_key"))
    assert not [query["sql"] for query in queries if query["sql"].startswith("UPDATE")]


def column_order(model: type[Model], column: str) -> str:
    query = "SELECT collation_name FROM information_schema.columns WHERE table_name = %s AND column_name = %s"
    with connection.cursor() as cursor:
        cursor.execute(query, [model._meta.db_table, column])
        return str(cursor.fetchone()[0])


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one order")
def test_a_column_from_before_gets_the_order_of_code_points() -> None:
    with connection.cursor() as cursor:
        cursor.execute('ALTER TABLE articles_article ALTER COLUMN headline_key TYPE varchar(200) COLLATE "und-x-icu"')
    run(recollate("articles", "Article", "headline_key"))
    assert column_order(Article, "headline_key") == "C"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one order")
@pytest.mark.parametrize("model", [Author, Source, Tag, Section, TagAlias])
def test_keys_are_sorted_by_code_point(model: type[Model]) -> None:
    assert column_order(model, "sort_key") == "C"


def test_headlines_in_the_list_stand_in_the_same_order(editor: Client) -> None:
    for headline in ("بلدية", "أخبار", "آخر", "2026"):
        make_article(headline)
    assert listed(editor, "article", o="0") == ["2026", "أخبار", "آخر", "بلدية"]
