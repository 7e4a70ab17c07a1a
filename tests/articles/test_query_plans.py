"""What SQLite looks at for the lists of the site: it knows no numbers of rows, so it plans the same for a million."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import FrontSlot, MostRead
from tests.factories import make_article, make_site

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by the numbers of rows"),
]

# These indexes hold every story: to search one of them, or to sort what it gives, is to read the archive.
WHOLE = ("article_approved_publish_at", "article_months", "SCAN articles_article\n")


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
