from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from time_machine import Traveller

from accounts.models import User
from accounts.roles import Role
from articles import changes, publishing
from articles.change_kinds import waiting_corrections
from articles.changes import discard_changes, keep_note, open_changes, publish_changes, publish_due_changes
from articles.enums import BylineRole, ChangeKind, CorrectionKind, RevisionAction, Status
from articles.models import Article, Byline, RelatedLink
from articles.publishing import NotAllowed, NotReady, WrongState
from articles.restoring import restore_version
from articles.revisions import record, snapshot
from tests.factories import BODY, make_article, make_author, make_image, make_section, make_source, make_user

pytestmark = pytest.mark.django_db

LATER = timedelta(hours=3)


@pytest.fixture
def editor() -> User:
    return make_user(Role.EDITOR)


@pytest.fixture
def story(clock: Traveller) -> Article:
    author, source = make_author(), make_source()
    story = make_article("افتتاح المكتبة", authors=(author,), sources=(source,), tags=("ثقافة",))
    RelatedLink.objects.create(article=story, target=make_article(), after_block=1)
    record(story, by=None, action=RevisionAction.PUBLISHED)
    return story


def changed(story: Article, editor: User, **fields: object) -> Article:
    """The working copy after one save of the form."""
    copy = open_changes(story, by=editor)
    for name, value in fields.items():
        setattr(copy, name, value)
    copy.save()
    record(copy, by=editor)
    return copy


def test_a_working_copy_begins_as_the_story_with_its_relations(story: Article, editor: User) -> None:
    copy = open_changes(story, by=editor)
    there = snapshot(story)
    assert snapshot(copy) == {name: value for name, value in there.items() if name not in {"status", "publish_at"}}
    assert (copy.version, copy.created_by, copy.status) == (story.version, editor, Status.DRAFT)


def test_editing_twice_leads_to_the_same_working_copy(story: Article, editor: User) -> None:
    assert open_changes(story, by=editor) == open_changes(story, by=make_user(Role.EDITOR))


def test_readers_see_the_old_text_until_the_changes_are_published(story: Article, editor: User) -> None:
    copy = changed(story, editor, headline="افتتاح المكتبة الكبرى")
    assert Article.objects.published().filter(pk=story.pk).get().headline == "افتتاح المكتبة"
    assert not Article.objects.published().filter(pk=copy.pk).exists()
    publish_changes(copy, by=editor)
    assert Article.objects.published().get(pk=story.pk).headline == "افتتاح المكتبة الكبرى"


def test_publishing_changes_carries_every_field_and_relation(story: Article, editor: User) -> None:
    author, target, image = make_author(), make_article(), make_image()
    copy = changed(story, editor, kicker="ثقافة", section=make_section(), lead_image=image, lead_caption="ممر")
    copy.tags.set(["مكتبات", "مدينة"])
    copy.bylines.all().delete()
    Byline.objects.create(article=copy, author=author, role=BylineRole.PHOTOGRAPHY, position=4)
    copy.attributions.all().delete()
    copy.related_links.all().delete()
    RelatedLink.objects.create(article=copy, target=target, title="اقرأ", after_block=2)
    expected = snapshot(copy)
    times = (story.published_at, story.publish_at, story.status)
    publish_changes(copy, by=editor)
    story.refresh_from_db()
    assert {name: value for name, value in snapshot(story).items() if name in expected} == expected
    assert (story.published_at, story.publish_at, story.status) == times
    assert not Article.objects.working_copies().exists()


def test_a_change_of_wording_leaves_the_visible_time_and_an_update_moves_it(story: Article, editor: User) -> None:
    publish_changes(changed(story, editor, kicker="أول"), by=editor)
    story.refresh_from_db()
    assert story.updated_at is None
    publish_changes(changed(story, editor, kicker="ثان"), by=editor, kind=ChangeKind.UPDATE)
    story.refresh_from_db()
    assert story.updated_at == timezone.now()


NOTE = "ذكرت نسخة سابقة أن العدد سبعة، والصحيح ستة."


@pytest.mark.parametrize("kind", [ChangeKind.UPDATE, ChangeKind.CLARIFICATION, ChangeKind.CORRECTION])
@pytest.mark.parametrize("is_scheduled", [False, True])
def test_what_changes_are_to_readers_is_told_when_they_appear(
    story: Article, editor: User, clock: Traveller, kind: ChangeKind, is_scheduled: bool
) -> None:
    copy = changed(story, editor, headline="نص جديد")
    publish_changes(copy, by=editor, at=timezone.now() + LATER if is_scheduled else None, kind=kind, note=f" {NOTE} ")
    if is_scheduled:
        assert not story.corrections.exists()
        clock.shift(LATER)
        assert publish_due_changes() == 1
    story.refresh_from_db()
    (row,) = story.corrections.all()
    assert (row.kind, row.note, row.at) == (kind, NOTE, timezone.now())
    assert (story.headline, story.updated_at, story.change_note) == ("نص جديد", timezone.now(), "")
    assert NOTE in story.revisions.first().reason


@pytest.mark.parametrize("kind", [ChangeKind.CLARIFICATION, ChangeKind.CORRECTION, ChangeKind.RETRACTION])
@pytest.mark.parametrize("at", [None, LATER])
def test_three_kinds_of_change_need_words_for_the_readers(
    story: Article, editor: User, kind: ChangeKind, at: timedelta | None
) -> None:
    copy = changed(story, editor, headline="نص جديد")
    with pytest.raises(NotReady) as refused:
        publish_changes(copy, by=editor, at=timezone.now() + at if at else None, kind=kind, note=" \u200f ")
    assert refused.value.reasons.keys() == {"change_note"}
    copy.refresh_from_db()
    story.refresh_from_db()
    assert (copy.status, story.status, story.headline) == (Status.DRAFT, Status.APPROVED, "افتتاح المكتبة")


def test_a_note_for_a_better_wording_is_not_lost_in_silence(story: Article, editor: User) -> None:
    with pytest.raises(NotReady) as refused:
        publish_changes(changed(story, editor, kicker="نص"), by=editor, note=NOTE)
    assert refused.value.reasons.keys() == {"change_note"}


@pytest.mark.parametrize("is_scheduled", [False, True])
def test_a_retraction_withdraws_the_story_as_readers_knew_it(
    story: Article, editor: User, clock: Traveller, is_scheduled: bool
) -> None:
    fields = {} if is_scheduled else {"body": "", "embargo_until": timezone.now() + LATER}
    copy = changed(story, editor, headline="لن يُنشر", **fields)
    at = timezone.now() + LATER if is_scheduled else None
    publish_changes(copy, by=editor, at=at, kind=ChangeKind.RETRACTION, note=NOTE)
    if is_scheduled:
        clock.shift(LATER)
        assert publish_due_changes() == 1
    story.refresh_from_db()
    assert (story.status, story.withdrawal_note, story.withdrawn_at) == (Status.WITHDRAWN, NOTE, timezone.now())
    assert (story.headline, bool(story.body)) == ("افتتاح المكتبة", True)
    assert (story.corrections.get().kind, story.corrections.get().note) == (CorrectionKind.RETRACTION, NOTE)
    assert not Article.objects.working_copies().exists()
    assert story.revisions.filter(is_of_changes=True).first().data["headline"] == "لن يُنشر"
    assert story.revisions.first().action == RevisionAction.WITHDRAWN


def test_a_retraction_has_no_longer_a_reason_than_its_page_shows(story: Article, editor: User) -> None:
    copy = changed(story, editor, kicker="نص")
    with pytest.raises(NotReady):
        publish_changes(copy, by=editor, kind=ChangeKind.RETRACTION, note="س" * 301)
    publish_changes(copy, by=editor, kind=ChangeKind.CORRECTION, note="س" * 301)
    assert len(story.corrections.get().note) == 301


def test_a_retraction_does_not_mind_what_was_written_meanwhile(story: Article, editor: User, clock: Traveller) -> None:
    copy = changed(story, editor, kicker="تعديل قديم")
    clock.shift(60)
    record(story, by=editor)
    publish_changes(copy, by=editor, kind=ChangeKind.RETRACTION, note=NOTE)
    story.refresh_from_db()
    assert story.status == Status.WITHDRAWN


def test_what_is_kept_for_the_readers_is_no_text_and_goes_with_the_changes(story: Article, editor: User) -> None:
    copy = changed(story, editor, kicker="نص")
    keep_note(copy, by=editor, kind=ChangeKind.CORRECTION, note=NOTE)
    copy.refresh_from_db()
    assert (copy.change_kind, copy.change_note) == (ChangeKind.CORRECTION, NOTE)
    assert copy.version == story.revisions.first().version
    assert not {"change_kind", "change_note"} & snapshot(copy).keys()
    discard_changes(copy, by=editor)
    assert open_changes(story, by=editor).change_note == ""


def test_what_is_scheduled_is_changed_by_a_new_schedule_alone(story: Article, editor: User) -> None:
    copy = changed(story, editor, kicker="نص")
    publish_changes(copy, by=editor, at=timezone.now() + LATER, kind=ChangeKind.CORRECTION, note=NOTE)
    keep_note(copy, by=editor, kind=ChangeKind.UPDATE, note="")
    copy.refresh_from_db()
    assert (copy.change_kind, copy.change_note) == (ChangeKind.CORRECTION, NOTE)


def test_only_who_publishes_writes_for_the_readers(story: Article, editor: User) -> None:
    reporter = make_user(Role.REPORTER)
    Article.objects.filter(pk=story.pk).update(created_by=reporter)
    with pytest.raises(NotAllowed):
        keep_note(open_changes(story, by=reporter), by=reporter, kind=ChangeKind.CORRECTION, note=NOTE)


def test_corrections_that_wait_are_found(story: Article, editor: User) -> None:
    copy, other = changed(story, editor, kicker="نص"), changed(make_article(), editor, kicker="نص")
    keep_note(copy, by=editor, kind=ChangeKind.CORRECTION, note="")
    keep_note(other, by=editor, kind=ChangeKind.UPDATE, note="")
    assert list(waiting_corrections(Article.objects.all())) == [copy]


def test_the_versions_of_changes_stay_with_the_story(story: Article, editor: User) -> None:
    copy = changed(story, editor, headline="صيغة أولى")
    record(copy, by=editor)
    publish_changes(copy, by=editor)
    rows = list(story.revisions.order_by("version").values_list("version", "is_of_changes", "action"))
    assert rows == [
        (1, False, RevisionAction.PUBLISHED),
        (2, True, RevisionAction.SAVED),
        (3, True, RevisionAction.SAVED),
        (4, False, RevisionAction.CHANGES_PUBLISHED),
    ]


def test_discarded_changes_stay_in_the_history(story: Article, editor: User) -> None:
    copy = changed(story, editor, headline="صيغة لم تُنشر")
    discard_changes(copy, by=editor)
    assert not Article.objects.working_copies().exists()
    assert story.revisions.first().data["headline"] == "صيغة لم تُنشر"
    story.refresh_from_db()
    assert story.headline == "افتتاح المكتبة"


def test_a_reporter_changes_an_own_published_story_and_an_editor_publishes(story: Article, editor: User) -> None:
    reporter = make_user(Role.REPORTER)
    with pytest.raises(NotAllowed):
        open_changes(story, by=reporter)
    Article.objects.filter(pk=story.pk).update(created_by=reporter)
    copy = open_changes(story, by=reporter)
    with pytest.raises(NotAllowed):
        publish_changes(copy, by=reporter)
    publishing.submit(copy, by=reporter)
    assert copy.status == Status.IN_REVIEW
    assert Article.objects.published().filter(pk=story.pk).exists()
    publish_changes(copy, by=editor)
    assert not Article.objects.filter(pk=copy.pk).exists()


def test_only_a_published_story_has_changes(editor: User) -> None:
    with pytest.raises(WrongState):
        open_changes(make_article(published=False), by=editor)


def test_changes_that_are_not_ready_are_not_published(story: Article, editor: User) -> None:
    copy = changed(story, editor, body="")
    with pytest.raises(NotReady) as refused:
        publish_changes(copy, by=editor)
    assert "body" in refused.value.reasons
    story.refresh_from_db()
    assert story.body


def test_scheduled_changes_appear_at_their_minute_and_once(story: Article, editor: User, clock: Traveller) -> None:
    copy = changed(story, editor, headline="نص المساء")
    publish_changes(copy, by=editor, at=timezone.now() + LATER)
    assert publish_due_changes() == 0
    clock.shift(LATER)
    assert publish_due_changes() == 1
    assert publish_due_changes() == 0
    story.refresh_from_db()
    assert story.headline == "نص المساء"
    actions = [revision.action for revision in story.revisions.all()]
    assert actions.count(RevisionAction.CHANGES_PUBLISHED) == 1


def test_a_worker_that_was_down_catches_up_and_the_real_time_is_kept(
    story: Article, editor: User, clock: Traveller
) -> None:
    planned = timezone.now() + LATER
    publish_changes(changed(story, editor, kicker="متأخر"), by=editor, at=planned, kind=ChangeKind.UPDATE)
    clock.shift(LATER * 4)
    assert publish_due_changes() == 1
    story.refresh_from_db()
    revision = story.revisions.first()
    assert story.updated_at == revision.created_at == timezone.now()
    assert f"{planned:%Y-%m-%d %H:%M}" in revision.reason


def test_a_schedule_that_was_taken_back_changes_nothing(story: Article, editor: User, clock: Traveller) -> None:
    copy = changed(story, editor, kicker="لاحقًا")
    publish_changes(copy, by=editor, at=timezone.now() + LATER)
    publishing.return_to_draft(copy, by=editor)
    clock.shift(LATER * 2)
    assert publish_due_changes() == 0
    assert Article.objects.get(pk=copy.pk).status == Status.DRAFT


def test_scheduled_changes_of_a_withdrawn_story_stay_and_say_why(
    story: Article, editor: User, clock: Traveller
) -> None:
    other = make_article()
    failing = changed(story, editor, kicker="لا يُنشر")
    going = changed(other, editor, kicker="يُنشر")
    publish_changes(failing, by=editor, at=timezone.now() + LATER)
    publish_changes(going, by=editor, at=timezone.now() + LATER)
    publishing.withdraw(story, by=editor, note="قيد التحقق")
    clock.shift(LATER)
    assert publish_due_changes() == 1
    failing.refresh_from_db()
    assert failing.schedule_error
    assert publish_due_changes() == 0


def test_publishing_again_after_a_failure_clears_it(story: Article, editor: User, clock: Traveller) -> None:
    copy = changed(story, editor, kicker="جديد")
    Article.objects.filter(pk=copy.pk).update(
        status=Status.APPROVED, publish_at=timezone.now(), schedule_error="سبب قديم"
    )
    publish_changes(copy, by=editor, at=timezone.now() + LATER)
    copy.refresh_from_db()
    assert copy.schedule_error == ""


def test_an_embargo_holds_back_the_changes_and_is_not_the_storys(
    story: Article, editor: User, clock: Traveller
) -> None:
    copy = changed(story, editor, embargo_until=timezone.now() + LATER, kicker="جديد")
    with pytest.raises(NotReady):
        publish_changes(copy, by=editor)
    publish_changes(copy, by=editor, at=timezone.now() + LATER)
    clock.shift(LATER)
    assert publish_due_changes() == 1
    story.refresh_from_db()
    assert (story.kicker, story.embargo_until) == ("جديد", None)


def test_changes_never_undo_what_was_written_after_they_began(story: Article, editor: User, clock: Traveller) -> None:
    copy = changed(story, editor, kicker="تعديل قديم")
    clock.shift(60)
    publishing.withdraw(story, by=editor, note="قيد التحقق")
    publishing.return_to_draft(story, by=editor)
    story.headline = "نص مصحح"
    story.save()
    record(story, by=editor)
    publishing.publish(story, by=editor)
    with pytest.raises(WrongState):
        publish_changes(copy, by=editor)
    story.refresh_from_db()
    assert story.headline == "نص مصحح"


def test_changes_that_somebody_else_published_cannot_be_published_again(story: Article, editor: User) -> None:
    copy = changed(story, editor, kicker="جديد")
    publish_changes(Article.objects.get(pk=copy.pk), by=editor)
    with pytest.raises(WrongState):
        publish_changes(copy, by=editor)


def test_restoring_a_version_of_a_published_story_makes_changes(story: Article, editor: User) -> None:
    old_body = story.body
    publish_changes(changed(story, editor, body=f"{BODY}<p>نص جديد للمادة.</p>"), by=editor)
    copy, lost = restore_version(story, 1, by=editor)
    assert (copy.working_copy_of, copy.body, lost) == (story, old_body, [])
    story.refresh_from_db()
    assert story.body == f"{BODY}<p>نص جديد للمادة.</p>"
    assert story.revisions.first().action == RevisionAction.RESTORED


def test_restoring_a_version_of_a_draft_writes_the_draft(editor: User) -> None:
    draft = make_article("قديم", published=False)
    record(draft, by=editor)
    draft.headline = "جديد"
    draft.save()
    record(draft, by=editor)
    row, _lost = restore_version(draft, 1, by=editor)
    assert (row, row.headline) == (draft, "قديم")
    assert [revision.version for revision in draft.revisions.all()] == [3, 2, 1]


def test_restoring_names_what_is_gone_and_keeps_the_rest(editor: User) -> None:
    author = make_author()
    draft = make_article("مادة", published=False, authors=(author, make_author()))
    record(draft, by=editor)
    draft.bylines.filter(author=author).delete()
    author.delete()
    row, lost = restore_version(draft, 1, by=editor)
    assert len(lost) == 1
    assert row.bylines.count() == 1


def test_an_incomplete_version_is_not_put_into_an_approved_article(editor: User) -> None:
    article = make_article("جاهزة", published=False, body="")
    record(article, by=editor)
    Article.objects.filter(pk=article.pk).update(status=Status.APPROVED, body="<p>نص</p>")
    with pytest.raises(NotReady):
        restore_version(article, 1, by=editor)
    article.refresh_from_db()
    assert article.body == "<p>نص</p>"


@pytest.mark.parametrize("old", [{"headline": ""}, {"section": None}, {"embargo_until": timedelta(hours=9)}])
def test_what_the_database_would_refuse_is_refused_with_a_sentence(
    editor: User, clock: Traveller, old: dict[str, object]
) -> None:
    draft = make_article("مجدولة", published=False, section=make_section())
    complete = {name: getattr(draft, name) for name in old}
    for fields in (old, complete):
        for name, value in fields.items():
            setattr(draft, name, timezone.now() + value if isinstance(value, timedelta) else value)
        draft.save()
        record(draft, by=editor)
    publishing.publish(draft, by=editor, at=timezone.now() + LATER)
    with pytest.raises(NotReady):
        restore_version(draft, 1, by=editor)
    draft.refresh_from_db()
    assert {name: getattr(draft, name) for name in old} == complete


def test_a_busy_database_only_delays_scheduled_changes(
    story: Article, editor: User, clock: Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_changes(changed(story, editor, kicker="بعد حين"), by=editor, at=timezone.now() + LATER)
    clock.shift(LATER)

    def deadlock(*args: object, **kwargs: object) -> None:
        raise OperationalError("deadlock detected")

    with monkeypatch.context() as patched:
        patched.setattr(changes, "_put_on", deadlock)
        assert publish_due_changes() == 0
    assert publish_due_changes() == 1
    story.refresh_from_db()
    assert story.kicker == "بعد حين"


@pytest.mark.parametrize("is_copy", [True, False])
def test_a_row_that_was_deleted_meanwhile_is_no_error_of_the_system(
    story: Article, editor: User, is_copy: bool
) -> None:
    row = open_changes(story, by=editor) if is_copy else make_article(published=False)
    Article.objects.filter(pk=row.pk).delete()
    with pytest.raises(WrongState):
        publishing.approve(row, by=editor)


@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_once_publish_scheduled_changes_once() -> None:
    editor = make_user(Role.EDITOR)
    story = make_article()
    publish_changes(changed(story, editor, kicker="مرة"), by=editor, at=timezone.now() + LATER)
    Article.objects.working_copies().update(publish_at=timezone.now())
    barrier, counts = Barrier(2), []

    def tick() -> None:
        barrier.wait()
        try:
            counts.append(publish_due_changes())
        finally:
            connection.close()

    threads = [Thread(target=tick) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counts) == [0, 1]
    assert story.revisions.filter(action=RevisionAction.CHANGES_PUBLISHED).count() == 1
