from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from articles import publishing
from articles.enums import CorrectionKind, Origin, RevisionAction, Status
from articles.models import Article
from articles.publishing import NotAllowed, NotReady, WrongState
from tests.factories import make_article, make_image, make_source, make_user, make_withdrawn

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def editor() -> User:
    return make_user(Role.EDITOR)


def draft(**fields: Any) -> Article:
    return make_article(published=False, **fields)


def actions(article: Article) -> list[str]:
    return [revision.action for revision in article.revisions.all()]


def test_an_editor_publishes_now(editor: User) -> None:
    article = publishing.publish(draft(), by=editor)
    assert article.is_published
    assert article.published_at == article.publish_at
    assert list(Article.objects.published()) == [article]
    assert actions(article) == [RevisionAction.PUBLISHED]


def test_a_future_time_schedules(editor: User, clock: Any) -> None:
    article = publishing.publish(draft(), by=editor, at=timezone.now() + HOUR)
    assert article.is_scheduled
    assert actions(article) == [RevisionAction.SCHEDULED]
    assert not Article.objects.published().exists()
    clock.shift(3600)
    assert Article.objects.published().get() == article


def test_a_past_time_backdates(editor: User) -> None:
    moment = timezone.now() - 900 * HOUR
    article = publishing.publish(draft(), by=editor, at=moment)
    assert article.is_published
    assert article.published_at == moment


@pytest.mark.parametrize("year", [1, 1021, 1989, 2101, 9999])
def test_a_mistyped_year_is_refused(editor: User, year: int) -> None:
    article = draft()
    with pytest.raises(NotReady) as refusal:
        publishing.publish(article, by=editor, at=timezone.now().replace(year=year, day=1))
    assert list(refusal.value.reasons) == ["publish_at"]
    assert Article.objects.get(pk=article.pk).status == Status.DRAFT


def test_a_schedule_can_be_moved_and_cancelled(editor: User, clock: Any) -> None:
    article = publishing.publish(draft(), by=editor, at=timezone.now() + HOUR)
    article = publishing.publish(article, by=editor, at=timezone.now() + 3 * HOUR)
    assert article.published_at == article.publish_at == timezone.now() + 3 * HOUR
    article = publishing.return_to_draft(article, by=editor)
    assert (article.status, article.publish_at, article.published_at) == (Status.DRAFT, None, None)


def test_not_ready_lists_every_reason(editor: User) -> None:
    bare = Article.objects.create(origin=Origin.AGENCY, lead_image=make_image(alt_text=""))
    with pytest.raises(NotReady) as refused:
        publishing.publish(bare, by=editor)
    assert set(refused.value.reasons) == {"headline", "body", "section", "lead_image", "attributions"}
    bare.refresh_from_db()
    assert bare.status == Status.DRAFT
    assert actions(bare) == []


def test_an_agency_story_with_its_source_is_ready(editor: User) -> None:
    article = draft(origin=Origin.AGENCY, sources=(make_source(),))
    assert publishing.publish(article, by=editor).is_published


def test_a_body_of_empty_paragraphs_is_no_body(editor: User) -> None:
    with pytest.raises(NotReady):
        publishing.approve(draft(body="<p> </p><p>&nbsp;</p>"), by=editor)


def test_the_embargo_holds(editor: User, clock: Any) -> None:
    article = draft(embargo_until=timezone.now() + 2 * HOUR)
    with pytest.raises(NotReady) as refused:
        publishing.publish(article, by=editor)
    assert set(refused.value.reasons) == {"publish_at"}
    assert publishing.publish(article, by=editor, at=timezone.now() + 2 * HOUR).is_scheduled


def test_a_reporter_submits_the_own_draft_and_no_other() -> None:
    reporter = make_user(Role.REPORTER)
    article = publishing.submit(draft(created_by=reporter), by=reporter)
    assert article.status == Status.IN_REVIEW
    assert actions(article) == [RevisionAction.SUBMITTED]
    with pytest.raises(NotAllowed):
        publishing.submit(draft(created_by=make_user()), by=reporter)


def test_submitting_needs_headline_and_body_only() -> None:
    reporter = make_user(Role.REPORTER)
    with pytest.raises(NotReady) as refused:
        publishing.submit(Article.objects.create(created_by=reporter), by=reporter)
    assert set(refused.value.reasons) == {"headline", "body"}


@pytest.mark.parametrize("role", [Role.REPORTER, Role.NEWSLETTER_EDITOR])
def test_who_may_not_publish_may_do_none_of_it(role: Role) -> None:
    by = make_user(role)
    own, live, gone = draft(created_by=by), make_article(created_by=by), make_withdrawn(created_by=by)
    deeds = [
        lambda: publishing.publish(own, by=by),
        lambda: publishing.publish(own, by=by, at=timezone.now() + HOUR),
        lambda: publishing.approve(own, by=by),
        lambda: publishing.return_to_draft(gone, by=by),
        lambda: publishing.withdraw(live, by=by, note="سبب"),
        lambda: publishing.correct(live, by=by, kind=CorrectionKind.UPDATE, note="ملاحظة"),
    ]
    for deed in deeds:
        with pytest.raises(NotAllowed):
            deed()
    states = set(Article.objects.values_list("status", flat=True))
    assert states == {Status.DRAFT, Status.APPROVED, Status.WITHDRAWN}


def test_approval_waits_without_a_time(editor: User) -> None:
    article = publishing.approve(draft(publish_at=timezone.now()), by=editor)
    assert (article.status, article.publish_at) == (Status.APPROVED, None)
    assert not Article.objects.published().exists()


def test_what_is_returned_carries_the_reason(editor: User) -> None:
    article = draft(status=Status.IN_REVIEW)
    publishing.return_to_draft(article, by=editor, reason="ينقصه مصدر")
    assert article.status == Status.DRAFT
    assert article.revisions.get().reason == "ينقصه مصدر"


def test_what_readers_see_is_not_returned(editor: User) -> None:
    with pytest.raises(WrongState):
        publishing.return_to_draft(make_article(), by=editor)


def test_withdrawing_needs_a_public_note(editor: User) -> None:
    article = make_article()
    with pytest.raises(NotReady):
        publishing.withdraw(article, by=editor, note="  ")
    publishing.withdraw(article, by=editor, note="نُشر قبل التحقق.")
    assert (article.status, article.withdrawal_note) == (Status.WITHDRAWN, "نُشر قبل التحقق.")
    assert article.withdrawn_at is not None
    assert not Article.objects.published().exists()


def test_a_note_beyond_its_column_is_refused_with_a_sentence(editor: User) -> None:
    with pytest.raises(NotReady):
        publishing.withdraw(make_article(), by=editor, note="س" * 301)
    returned = publishing.return_to_draft(draft(status=Status.IN_REVIEW), by=editor, reason="س" * 400)
    assert len(returned.revisions.get().reason) == 300


def test_a_correction_and_the_visible_time_are_one(editor: User) -> None:
    article = make_article()
    correction = publishing.correct(article, by=editor, kind=CorrectionKind.CORRECTION, note="الصحيح ١٤٢.")
    assert correction.at == article.updated_at


def test_a_draft_is_not_withdrawn_or_corrected(editor: User) -> None:
    with pytest.raises(WrongState):
        publishing.withdraw(draft(), by=editor, note="سبب")
    with pytest.raises(WrongState):
        publishing.correct(draft(), by=editor, kind=CorrectionKind.CORRECTION, note="نص")


def test_a_withdrawn_article_comes_back_with_its_first_time(editor: User) -> None:
    first = timezone.now() - 48 * HOUR
    article = make_withdrawn(at=first)
    publishing.publish(article, by=editor)
    assert article.is_published
    assert article.published_at == first
    assert (article.withdrawn_at, article.withdrawal_note) == (None, "")


def test_a_correction_is_public_and_moves_the_visible_time(editor: User, clock: Any) -> None:
    article = make_article()
    correction = publishing.correct(article, by=editor, kind=CorrectionKind.CORRECTION, note="الصواب: ثلاثة.")
    assert article.updated_at == timezone.now()
    assert article.corrections.get() == correction
    assert (correction.by, correction.note) == (editor, "الصواب: ثلاثة.")
    assert actions(article) == [RevisionAction.CORRECTED]


def test_publishing_twice_is_refused(editor: User) -> None:
    with pytest.raises(WrongState):
        publishing.publish(make_article(), by=editor)


def test_a_working_copy_is_never_public(editor: User) -> None:
    copy = draft(working_copy_of=make_article())
    with pytest.raises(WrongState):
        publishing.publish(copy, by=editor)
