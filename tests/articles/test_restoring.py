from datetime import UTC, date, datetime
from typing import Any

import pytest

from accounts.models import User
from accounts.roles import Role
from articles import restoring
from articles.enums import Status
from articles.models import Article, DroppedLine, ImportRecord, RelatedLink
from articles.publishing import NotAllowed, WrongState
from tests.factories import make_article, make_site, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> User:
    return make_user(Role.EDITOR)


def imported(*places: int, **fields: Any) -> tuple[Article, list[DroppedLine]]:
    """A draft of three blocks with lines set aside after so many blocks each."""
    fields = {"body": "<p>واحد</p><h2>اثنان</h2><p>ثلاثة</p>", "published": False} | fields
    article = make_article(**fields)
    record = ImportRecord.objects.create(
        article=article, file_name="a.txt", encoding="utf-8", sha256=f"{article.pk:064}", original_text="…"
    )
    lines = [
        DroppedLine.objects.create(record=record, position=n, text=f"سطر {n}", reason="chrome", after_block=place)
        for n, place in enumerate(places)
    ]
    return article, lines


def body(article: Article) -> list[str]:
    article.refresh_from_db()
    return article.body.split("\n")


def test_a_line_comes_back_at_its_place(editor: User) -> None:
    article, (line,) = imported(1)
    restoring.restore(line, by=editor)
    assert body(article) == ["<p>واحد</p>", "<p>سطر 0</p>", "<h2>اثنان</h2>", "<p>ثلاثة</p>"]


def test_lines_keep_their_order_however_they_come_back(editor: User) -> None:
    article, lines = imported(0, 1, 1, 3)
    for line in (lines[3], lines[1], lines[0], lines[2]):
        restoring.restore(line, by=editor)
    expected = ["سطر 0", "واحد", "سطر 1", "سطر 2", "اثنان", "ثلاثة", "سطر 3"]
    assert [block.split(">")[1].split("<")[0] for block in body(article)] == expected


def test_a_place_beyond_a_shortened_body_is_its_end(editor: User) -> None:
    article, (line,) = imported(9)
    restoring.restore(line, by=editor)
    assert body(article)[-1] == "<p>سطر 0</p>"


def test_related_links_below_keep_their_neighbours(editor: User) -> None:
    article, (line,) = imported(1)
    above = RelatedLink.objects.create(article=article, title="أعلى", after_block=1)
    below = RelatedLink.objects.create(article=article, title="أسفل", after_block=2)
    restoring.restore(line, by=editor)
    above.refresh_from_db()
    below.refresh_from_db()
    assert (above.after_block, below.after_block) == (1, 3)


def test_markup_in_a_line_is_text(editor: User) -> None:
    article, (line,) = imported(0)
    DroppedLine.objects.update(text="<script>alert(1)</script> & <b>")
    restoring.restore(line, by=editor)
    assert body(article)[0] == "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;</p>"


def test_a_line_comes_back_once(editor: User) -> None:
    article, (line,) = imported(0)
    restoring.restore(line, by=editor)
    with pytest.raises(WrongState):
        restoring.restore(line, by=editor)
    assert len(body(article)) == 4


def test_putting_back_is_written_down(editor: User) -> None:
    article, (line,) = imported(0)
    restoring.restore(line, by=editor)
    line.refresh_from_db()
    assert line.restored_by == editor
    assert line.restored_at is not None
    revision = article.revisions.get()
    assert revision.by == editor
    assert "سطر 0" in revision.reason
    assert "سطر 0" in revision.data["body"]


def test_only_who_may_edit_the_article_puts_back() -> None:
    article, (line,) = imported(0)
    for by in (make_user(Role.REPORTER), make_user(Role.NEWSLETTER_EDITOR), make_user()):
        with pytest.raises(NotAllowed):
            restoring.restore(line, by=by)
        with pytest.raises(NotAllowed):
            restoring.accept_headline(article, by=by)
        with pytest.raises(NotAllowed):
            restoring.accept_date(article, by=by)
    assert "سطر 0" not in body(article)[0]


def test_a_proposed_headline_is_taken_where_there_is_none(editor: User) -> None:
    article, _ = imported()
    ImportRecord.objects.update(proposed_headline="عنوان مقترح من الجملة الأولى")
    with pytest.raises(WrongState):
        restoring.accept_headline(Article.objects.get(pk=article.pk), by=editor)
    Article.objects.update(headline="", slug="")
    taken = restoring.accept_headline(Article.objects.get(pk=article.pk), by=editor)
    taken.refresh_from_db()
    assert taken.headline == "عنوان مقترح من الجملة الأولى"
    assert taken.headline_key == "عنوان مقترح من الجمله الاولي"
    assert taken.slug == "عنوان-مقترح-من-الجملة-الأولى"


def test_a_proposed_date_becomes_noon_of_that_day_on_the_site(editor: User) -> None:
    make_site(time_zone="Asia/Damascus")
    article, _ = imported()
    ImportRecord.objects.update(proposed_date=date(2024, 5, 3))
    taken = restoring.accept_date(Article.objects.get(pk=article.pk), by=editor)
    taken.refresh_from_db()
    assert taken.publish_at == datetime(2024, 5, 3, 9, tzinfo=UTC)
    assert not taken.is_published


def test_the_time_of_an_approved_article_is_not_moved_by_a_proposal(editor: User) -> None:
    article, _ = imported(published=False, status=Status.APPROVED)
    ImportRecord.objects.update(proposed_date=date(2024, 5, 3))
    with pytest.raises(WrongState):
        restoring.accept_date(Article.objects.get(pk=article.pk), by=editor)


def test_a_line_comes_back_into_the_changes_of_a_published_article(editor: User) -> None:
    story, (line,) = imported(1, published=True)
    before = story.body
    changes = restoring.restore(line, by=editor)
    assert changes.working_copy_of == story
    assert "سطر 0" in changes.body
    story.refresh_from_db()
    assert story.body == before
