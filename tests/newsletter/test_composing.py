"""An issue while it is being made."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.roles import Role
from articles.enums import Status
from articles.models import Article
from audit.enums import Action
from audit.models import AuditEntry
from newsletter import composing
from newsletter.composing import ChangedMeanwhile, NotDraft, Row, TooManyItems, new_issue, save_issue
from newsletter.enums import DeliveryPolicy, IssueState, ItemKind, Tracking
from newsletter.models import Issue, MailingList
from tests.factories import make_article, make_user, make_withdrawn

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(db: None) -> Any:
    return make_user(Role.NEWSLETTER_EDITOR)


@pytest.fixture
def issue(mailing_list: MailingList, editor: Any) -> Issue:
    return new_issue(mailing_list, by=editor, articles=[make_article("الأولى"), make_article("الثانية")])


def rows_of(issue: Issue) -> list[Row]:
    return [Row.of(item) for item in issue.items.all()]


def headlines(issue: Issue) -> list[str]:
    return [item.headline or item.article.headline for item in issue.items.select_related("article")]


def test_a_new_issue_takes_the_settings_of_its_list(mailing_list: MailingList, editor: Any, clock: Any) -> None:
    mailing_list.policy, mailing_list.tracking = DeliveryPolicy.HOLD, Tracking.OFF
    issue = new_issue(mailing_list, by=editor)
    assert (issue.policy, issue.tracking, issue.state) == (DeliveryPolicy.HOLD, Tracking.OFF, IssueState.DRAFT)
    assert "نشرة الصباح" in issue.subject
    assert "الجمعة" in issue.subject
    assert AuditEntry.objects.about(issue).get().action == Action.ADDED


def test_only_what_readers_see_is_taken(mailing_list: MailingList, editor: Any) -> None:
    public = make_article("منشورة")
    others = [
        make_article(published=False),
        make_article(published=False, working_copy_of=public),
        make_article(published=False, status=Status.APPROVED),
        make_withdrawn(),
    ]
    issue = new_issue(mailing_list, by=editor, articles=[*others, public, public])
    assert headlines(issue) == ["منشورة"]
    with pytest.raises(ChangedMeanwhile):
        save_issue(issue, by=editor, version=7, words={}, rows=[])
    more = [Row(None, ItemKind.ARTICLE, article.pk) for article in (*others, public, make_article("أخرى"))]
    save_issue(issue, by=editor, version=issue.version, words={}, rows=[*rows_of(issue), *more])
    assert headlines(issue) == ["منشورة", "أخرى"]


def test_words_order_and_texts_are_saved(issue: Issue, editor: Any) -> None:
    first, second = rows_of(issue)
    text = Row(None, ItemKind.TEXT, None, "كلمة العدد", "صباح الخير.")
    saved = save_issue(issue, by=editor, version=1, words={"subject": "عنوان آخر"}, rows=[text, second, first])
    assert (saved.subject, saved.version) == ("عنوان آخر", 2)
    assert headlines(saved) == ["كلمة العدد", "الثانية", "الأولى"]
    entry = AuditEntry.objects.about(issue).first()
    assert entry.action == Action.CHANGED
    assert "عنوان آخر" not in entry.note


def test_saving_what_is_there_writes_nothing(issue: Issue, editor: Any) -> None:
    saved = save_issue(issue, by=editor, version=1, words={"subject": issue.subject}, rows=rows_of(issue))
    assert saved.version == 1
    assert AuditEntry.objects.about(issue).count() == 1


def test_what_is_not_among_the_rows_is_taken_out(issue: Issue, editor: Any) -> None:
    saved = save_issue(issue, by=editor, version=1, words={}, rows=rows_of(issue)[1:])
    assert headlines(saved) == ["الثانية"]
    assert saved.items.get().position == 0


def test_the_second_editor_overwrites_nothing_unseen(issue: Issue, editor: Any) -> None:
    save_issue(issue, by=editor, version=1, words={"subject": "الأول"}, rows=rows_of(issue))
    with pytest.raises(ChangedMeanwhile) as error:
        save_issue(issue, by=make_user(Role.NEWSLETTER_EDITOR), version=1, words={"subject": "الثاني"}, rows=[])
    assert error.value.issue.subject == "الأول"
    issue.refresh_from_db()
    assert (issue.subject, issue.version, issue.items.count()) == ("الأول", 2, 2)


@pytest.mark.parametrize("state", [IssueState.PAUSED, IssueState.CANCELLED])
def test_only_a_draft_is_changed(issue: Issue, editor: Any, state: IssueState) -> None:
    Issue.objects.filter(pk=issue.pk).update(state=state)
    with pytest.raises(NotDraft):
        save_issue(issue, by=editor, version=1, words={"subject": "آخر"}, rows=[])
    assert issue.items.count() == 2


def test_an_article_withdrawn_afterwards_stays_in_the_draft(issue: Issue, editor: Any) -> None:
    article = issue.items.first().article
    Article.objects.filter(pk=article.pk).update(status=Status.WITHDRAWN, withdrawn_at=timezone.now())
    saved = save_issue(issue, by=editor, version=1, words={"preheader": "تمهيد"}, rows=rows_of(issue))
    assert saved.items.count() == 2


def test_an_issue_is_not_endless(issue: Issue, editor: Any) -> None:
    texts = [Row(None, ItemKind.TEXT, None, "", f"نص {number}") for number in range(composing.MOST_ITEMS + 1)]
    with pytest.raises(TooManyItems):
        save_issue(issue, by=editor, version=1, words={"subject": "آخر"}, rows=texts)
    issue.refresh_from_db()
    assert (issue.items.count(), issue.version) == (2, 1)


def test_an_article_of_an_earlier_issue_is_known(issue: Issue, mailing_list: MailingList, editor: Any) -> None:
    first, second = (item.article for item in issue.items.all())
    again = new_issue(mailing_list, by=editor, articles=[first])
    ids = [first.pk, second.pk]
    assert composing.earlier_issues(again, ids) == {}, "a draft has reached nobody"
    Issue.objects.filter(pk=issue.pk).update(state=IssueState.PAUSED)
    assert composing.earlier_issues(again, ids) == {first.pk: issue, second.pk: issue}
    other_list = MailingList.objects.create(name="نشرة المساء")
    assert composing.earlier_issues(new_issue(other_list, by=editor), ids) == {}
