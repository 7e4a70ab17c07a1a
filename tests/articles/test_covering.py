from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from articles import covering, publishing
from articles.changes import open_changes, publish_changes
from articles.models import Article, LiveUpdate, SearchDocument
from articles.publishing import NotAllowed, NotReady, WrongState
from articles.revisions import record
from articles.search import current_vocabulary, find, indexing, parse
from articles.search.indexing import index
from audit.models import AuditEntry
from tests.conftest import NOW
from tests.factories import make_article, make_source, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> User:
    return make_user(Role.EDITOR)


@pytest.fixture
def story(editor: User) -> Article:
    """A public story whose live coverage has begun."""
    return covering.start_coverage(make_article(sources=(make_source(),)), by=editor)


def finds(typed: str, story: Article) -> bool:
    words = current_vocabulary()
    return story.pk in find(parse(typed, words.analyser, words.synonyms)).ids


def words_in_log() -> list[str]:
    return list(AuditEntry.objects.order_by("id").values_list("action", flat=True))


def test_a_coverage_begins_ends_and_goes_on_again(clock: Any, editor: User) -> None:
    story = make_article()
    covering.start_coverage(story, by=editor)
    assert story.is_live
    assert story.coverage_started_at == timezone.now()
    clock.shift(60)
    covering.end_coverage(story, by=editor)
    assert story.is_coverage
    assert not story.is_live
    covering.reopen_coverage(story, by=editor)
    assert story.is_live
    assert words_in_log() == ["coverage_started", "coverage_ended", "coverage_reopened"]


def test_deeds_that_the_state_does_not_allow_are_refused(editor: User) -> None:
    story = make_article()
    for deed in (covering.end_coverage, covering.reopen_coverage):
        with pytest.raises(WrongState):
            deed(story, by=editor)
    with pytest.raises(WrongState):
        covering.post_update(story, by=editor, headline="بدء الجلسة")
    covering.start_coverage(story, by=editor)
    with pytest.raises(WrongState):
        covering.start_coverage(story, by=editor)
    covering.end_coverage(story, by=editor)
    with pytest.raises(WrongState):
        covering.post_update(story, by=editor, headline="بدء الجلسة")
    assert not LiveUpdate.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"published": False},
        {"status": "withdrawn", "withdrawn_at": NOW},
        {"at": NOW + timedelta(days=9)},
    ],
    ids=["draft", "withdrawn", "scheduled"],
)
def test_only_what_readers_see_is_covered(clock: Any, editor: User, fields: dict[str, Any]) -> None:
    with pytest.raises(WrongState):
        covering.start_coverage(make_article(**fields), by=editor)


def test_a_working_copy_is_not_covered(editor: User, story: Article) -> None:
    copy = open_changes(story, by=editor)
    with pytest.raises(WrongState):
        covering.post_update(copy, by=editor, headline="بدء الجلسة")


def test_a_reporter_may_not_cover_his_own_story(story: Article) -> None:
    reporter = make_user(Role.REPORTER)
    Article.objects.filter(pk=story.pk).update(created_by=reporter)
    update = LiveUpdate.objects.create(article=story, headline="بدء الجلسة")
    deeds = [
        lambda: covering.start_coverage(make_article(created_by=reporter), by=reporter),
        lambda: covering.end_coverage(story, by=reporter),
        lambda: covering.reopen_coverage(story, by=reporter),
        lambda: covering.post_update(story, by=reporter, headline="خبر"),
        lambda: covering.change_update(update, by=reporter, headline="خبر", body="", is_key=False),
        lambda: covering.withdraw_update(update, by=reporter),
        lambda: covering.bring_back_update(update, by=reporter),
    ]
    for deed in deeds:
        with pytest.raises(NotAllowed):
            deed()


def test_an_update_is_clean_html_under_a_heading_of_its_own(editor: User, story: Article) -> None:
    body = '<h2>القرار</h2><p onclick="x()">صدر <b>القرار</b>.<script>x()</script></p>'
    update = covering.post_update(story, by=editor, headline="  صدر   القرار ", body=body, is_key=True)
    assert update.headline == "صدر القرار"
    assert update.body == "<p><strong>القرار</strong></p>\n<p>صدر <strong>القرار</strong>.</p>"
    assert update.is_key
    assert update.by == editor


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"headline": " ", "body": "<p> </p>"}, "body"),
        ({"headline": "", "body": "<p>نص</p>", "is_key": True}, "headline"),
        ({"headline": "ع" * 201}, "headline"),
    ],
    ids=["nothing", "key event without headline", "too long"],
)
def test_what_is_missing_is_named_by_field(editor: User, story: Article, words: dict[str, Any], field: str) -> None:
    with pytest.raises(NotReady) as error:
        covering.post_update(story, by=editor, **words)
    assert list(error.value.reasons) == [field]
    assert not LiveUpdate.objects.exists()


def test_posting_moves_the_time_of_the_last_change(clock: Any, editor: User, story: Article) -> None:
    clock.shift(120)
    covering.post_update(story, by=editor, headline="بدء الجلسة")
    assert story.updated_at == timezone.now()
    assert words_in_log()[-1] == "update_posted"


def test_a_changed_update_keeps_its_former_words(clock: Any, editor: User, story: Article) -> None:
    update = covering.post_update(story, by=editor, headline="بدء الجلسة", body="<p>عند العاشرة.</p>")
    clock.shift(60)
    covering.change_update(update, by=editor, headline="بدأت الجلسة", body="<p>عند الحادية عشرة.</p>", is_key=True)
    assert (update.headline, update.is_key, update.changed_at) == ("بدأت الجلسة", True, timezone.now())
    assert update.former == [
        {
            "headline": "بدء الجلسة",
            "body": "<p>عند العاشرة.</p>",
            "is_key": False,
            "until": timezone.now().isoformat(),
            "by": editor.pk,
        }
    ]
    covering.change_update(update, by=editor, headline="انتهت الجلسة", body="", is_key=False)
    assert [former["headline"] for former in update.former] == ["بدء الجلسة", "بدأت الجلسة"]


def test_the_same_words_again_change_nothing(editor: User, story: Article) -> None:
    update = covering.post_update(story, by=editor, headline="بدء الجلسة")
    lines = len(words_in_log())
    covering.change_update(update, by=editor, headline="بدء الجلسة ", body="<p> </p>", is_key=False)
    assert update.former == []
    assert update.changed_at is None
    assert len(words_in_log()) == lines


def test_who_changes_an_older_version_is_told(editor: User, story: Article) -> None:
    update = covering.post_update(story, by=editor, headline="بدء الجلسة")
    stale = LiveUpdate.objects.get(pk=update.pk)
    covering.change_update(update, by=editor, headline="بدأت الجلسة", body="", is_key=False, seen=0)
    with pytest.raises(WrongState):
        covering.change_update(stale, by=make_user(Role.EDITOR), headline="خبر آخر", body="", is_key=False, seen=0)
    update.refresh_from_db()
    assert update.headline == "بدأت الجلسة"


def test_a_withdrawn_update_is_hidden_and_comes_back_at_its_place(editor: User, story: Article) -> None:
    first = covering.post_update(story, by=editor, headline="أول")
    covering.post_update(story, by=editor, headline="ثانٍ")
    covering.withdraw_update(first, by=editor)
    assert [update.headline for update in story.live_updates.public()] == ["ثانٍ"]
    covering.withdraw_update(first, by=editor)
    covering.bring_back_update(first, by=editor)
    covering.bring_back_update(first, by=editor)
    assert [update.headline for update in story.live_updates.public()] == ["ثانٍ", "أول"]
    assert words_in_log()[-2:] == ["update_withdrawn", "update_brought_back"]


def test_a_form_that_is_sent_twice_posts_once(editor: User, story: Article) -> None:
    first = covering.post_update(story, by=editor, headline="بدء الجلسة", form_key="1:aaaa")
    again = covering.post_update(story, by=editor, headline="بدء الجلسة", form_key="1:aaaa")
    assert again == first
    covering.change_update(first, by=editor, headline="بدأت الجلسة", body="", is_key=False)
    covering.end_coverage(story, by=editor)
    assert covering.post_update(story, by=editor, headline="بدء الجلسة", form_key="1:aaaa") == first
    with pytest.raises(covering.PostedBefore):
        covering.post_update(story, by=editor, headline="خبر آخر", form_key="1:aaaa")
    assert LiveUpdate.objects.count() == 1


def test_the_search_finds_the_words_of_updates_until_they_are_withdrawn(editor: User, story: Article) -> None:
    def found() -> bool:
        return finds("المرجانية", story)

    assert not found()
    update = covering.post_update(story, by=editor, headline="وصول السفن", body="<p>إلى الجزر المرجانية.</p>")
    assert found()
    covering.withdraw_update(update, by=editor)
    assert not found()
    covering.bring_back_update(update, by=editor)
    covering.change_update(update, by=editor, headline="وصول السفن", body="<p>إلى المرفأ.</p>", is_key=False)
    assert not found()


def test_a_document_made_while_an_update_was_posted_is_made_again(
    editor: User, story: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = indexing._documents

    def slow(ids: Any, analyser: Any) -> Any:
        made = real(ids, analyser)
        monkeypatch.setattr(indexing, "_documents", real)
        covering.post_update(story, by=editor, headline="المرجانية")
        return made

    monkeypatch.setattr(indexing, "_documents", slow)
    index([story.pk])
    assert finds("المرجانية", story)


def test_reindexing_asks_for_the_updates_of_all_articles_at_once(editor: User) -> None:
    def queries(count: int) -> int:
        stories = [covering.start_coverage(make_article(), by=editor) for _number in range(count)]
        for story in stories:
            covering.post_update(story, by=editor, headline="بدء الجلسة")
        with CaptureQueriesContext(
            connection,
        ) as captured:
            index([story.pk for story in stories])
        return len(captured)

    assert queries(1) == queries(3)
    assert SearchDocument.objects.count() == 4


def test_changes_that_are_published_leave_the_coverage_as_it_is(editor: User, story: Article) -> None:
    began = story.coverage_started_at
    covering.post_update(story, by=editor, headline="بدء الجلسة")
    copy = open_changes(story, by=editor)
    assert not copy.is_coverage
    copy.headline = "عنوان آخر"
    copy.save()
    record(copy, by=editor)
    covering.post_update(story, by=editor, headline="نهاية الجلسة")
    publish_changes(copy, by=editor)
    story.refresh_from_db()
    assert story.headline == "عنوان آخر"
    assert (story.coverage_started_at, story.coverage_ended_at) == (began, None)
    assert story.live_updates.count() == 2


def test_a_withdrawn_story_keeps_its_updates_for_its_return(editor: User, story: Article) -> None:
    covering.post_update(story, by=editor, headline="بدء الجلسة")
    publishing.withdraw(story, by=editor, note="لم يكتمل التحقق.")
    update = story.live_updates.get()
    with pytest.raises(WrongState):
        covering.withdraw_update(update, by=editor)
    publishing.return_to_draft(story, by=editor)
    publishing.publish(story, by=editor)
    assert story.is_live
    assert story.live_updates.public().count() == 1


@pytest.mark.django_db(transaction=True)
def test_editors_who_post_at_once_lose_nothing_and_a_double_click_posts_once() -> None:
    people = [make_user(Role.EDITOR, username=f"editor{number}") for number in range(4)]
    story = covering.start_coverage(make_article(), by=people[0])
    # Two of them with the same form.
    keys = ["1:aaaa", "1:aaaa", None, None]
    words = ["خبر", "خبر", "خبر ثانٍ", "خبر ثالث"]

    def post(number: int) -> int:
        try:
            return covering.post_update(story, by=people[number], headline=words[number], form_key=keys[number]).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        posted = list(pool.map(post, range(4)))
    assert posted[0] == posted[1]
    assert sorted(story.live_updates.values_list("headline", flat=True)) == ["خبر", "خبر ثالث", "خبر ثانٍ"]
    by_time = list(story.live_updates.order_by("posted_at", "pk").values_list("pk", flat=True))
    assert by_time == sorted(by_time)
