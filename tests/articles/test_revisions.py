import json

import pytest

from articles.enums import BylineRole, RevisionAction
from articles.models import Byline, RelatedLink
from articles.revisions import record, snapshot
from tests.factories import make_article, make_author, make_source, make_user

pytestmark = pytest.mark.django_db


def test_a_revision_keeps_the_whole_article() -> None:
    author, source, other = make_author(), make_source(), make_article()
    article = make_article("افتتاح المكتبة", authors=(author,), sources=(source,), tags=("ثقافة", "مدينة"))
    RelatedLink.objects.create(article=article, target=other, after_block=2)
    data = record(article, by=None).data
    assert data["headline"] == "افتتاح المكتبة"
    assert data["tags"] == sorted(["ثقافة", "مدينة"])
    assert data["bylines"] == [{"author_id": author.pk, "role": BylineRole.WRITING, "position": 0}]
    assert data["attributions"][0]["source_id"] == source.pk
    assert data["related_links"][0]["target_id"] == other.pk
    assert data["related_links"][0]["after_block"] == 2


def test_versions_count_up_without_gaps() -> None:
    article = make_article()
    versions = [record(article, by=None).version for _ in range(3)]
    assert versions == [1, 2, 3]
    assert article.version == 3


def test_a_revision_says_who_and_why() -> None:
    user = make_user("editor")
    revision = record(make_article(), by=user, action=RevisionAction.RETURNED, reason="ينقصه مصدر")
    assert (revision.by, revision.action, revision.reason) == (user, RevisionAction.RETURNED, "ينقصه مصدر")


def test_a_snapshot_is_plain_json() -> None:
    article = make_article()
    data = snapshot(article)
    assert json.loads(json.dumps(data)) == data
    assert data["publish_at"] == article.publish_at.isoformat()


def test_bylines_stand_in_their_printed_order() -> None:
    article = make_article()
    first, second = make_author(), make_author()
    Byline.objects.create(article=article, author=second, position=2)
    Byline.objects.create(article=article, author=first, position=1)
    assert [row["author_id"] for row in snapshot(article)["bylines"]] == [first.pk, second.pk]
