"""What SQLite looks at for the lists of the site: it knows no numbers of rows, so it plans the same for a million."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from articles.enums import CorrectionKind
from articles.models import Article, FrontSlot, MostRead
from articles.pagination import Above, Below
from articles.public_corrections import public_corrections
from articles.querysets import ArticleQuerySet
from tests.factories import make_article, make_author, make_section, make_site, make_source, make_tag, make_user

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by the numbers of rows"),
]

NOW = datetime(2026, 11, 20, tzinfo=UTC)
# These indexes hold every story: to search one of them, or to sort what it gives, is to read the archive.
WHOLE = ("article_approved_publish_at", "SCAN articles_article\n")


def plans(client: Client, path: str) -> list[str]:
    """Of each query that a page makes about articles, how SQLite answers it."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    asked = [query["sql"] for query in captured if 'FROM "articles_article"' in query["sql"]]
    assert asked
    with connection.cursor() as cursor:
        found = []
        for sql in asked:
            # The moment of the last publication is read from the end of its index, one row.
            if 'FROM "pages_sitesettings"' in sql:
                continue
            cursor.execute("EXPLAIN QUERY PLAN " + sql.replace("%", "%%"), ())
            found.append("\n".join(str(row[3]) for row in cursor.fetchall()) + "\n")
    return found


@pytest.mark.parametrize("path", ["/", "/search/", "/feeds/rss.xml", "/lite/", "/most-read/", "/corrections/"])
def test_list_reads_no_archive(client: Client, path: str) -> None:
    make_site()
    stories = [make_article() for _number in range(3)]
    FrontSlot.objects.create(place="pick", article=stories[0])
    MostRead.objects.create(article=stories[1], rank=1, score=1)
    assert [plan for plan in plans(client, path) if any(index in plan for index in WHOLE)] == []


def test_story_reads_no_archive(client: Client) -> None:
    make_site()
    story = make_article(tags=("سوق", "مدينة"))
    make_article(tags=("سوق",))
    MostRead.objects.create(article=make_article(), rank=1, score=1)
    path = story.get_absolute_url()
    assert [plan for plan in plans(client, path) if any(index in plan for index in WHOLE)] == []


def test_front_desk_reads_no_archive(client: Client) -> None:
    make_site()
    stories = [make_article() for _number in range(3)]
    FrontSlot.objects.create(place="pick", article=stories[0])
    client.force_login(make_user(Role.CHIEF_EDITOR))
    path = "/admin/articles/frontslot/"
    assert [plan for plan in plans(client, path) if any(index in plan for index in WHOLE)] == []


def lists() -> dict[str, ArticleQuerySet]:
    """By the index that finds and orders each."""
    tag, author, source, section = make_tag(), make_author(), make_source(), make_section()
    make_article(tags=(tag,), authors=(author,), sources=(source,), section=section)
    public = Article.objects.published()
    return {
        "tagged_article_newest": public.tagged(tag),
        "byline_newest": public.by_author(author),
        "attribution_newest": public.led_to("attributions", "article_id", source=source),
        "article_public_section": public.in_section(section),
        "article_public": public,
        "article_public ": public.published_between(NOW - timedelta(days=1), NOW),
    }


@pytest.mark.parametrize("comparison", [None, Below, Above])
def test_page_of_a_list_is_walked_in_its_index(comparison: type[Below] | None) -> None:
    for index, rows in lists().items():
        page = rows.newest_first()
        if comparison:
            page = page.filter(comparison(rows.order, (NOW, 5)))
        plan = (page.reverse() if comparison is Above else page)[:21].explain()
        assert f"INDEX {index.strip()} " in plan + " ", (index, plan)
        assert "TEMP B-TREE" not in plan, (index, plan)


@pytest.mark.parametrize("comparison", [None, Below, Above])
@pytest.mark.parametrize("kind", [None, CorrectionKind.UPDATE])
def test_page_of_corrections_is_walked_in_its_index(
    comparison: type[Below] | None, kind: CorrectionKind | None
) -> None:
    page = public_corrections(kind)
    if comparison:
        page = page.filter(comparison(("at", "id"), (NOW, 5)))
    plan = (page.reverse() if comparison is Above else page)[:21].explain()
    assert ("INDEX correction_kind_newest" if kind else "INDEX correction_newest_first") in plan
    assert "TEMP B-TREE" not in plan


def test_archive_reads_the_ledger_alone(client: Client) -> None:
    make_site()
    make_article()
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/archive/").status_code == 200
    asked = [query["sql"] for query in captured if "articles_daycount" in query["sql"]]
    assert len(asked) == 1
    assert [sql for sql in asked if "articles_article" in sql] == []
