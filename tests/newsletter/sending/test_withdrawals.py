"""A story that is taken from readers goes to nobody else by mail, whatever its issue is doing at that moment."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from articles import publishing
from articles.changes import open_changes, publish_changes
from articles.enums import ChangeKind, CorrectionKind, Status
from articles.models import Article
from audit.enums import Action
from audit.models import AuditEntry
from newsletter.enums import DeliveryState, IssueState
from newsletter.models import Delivery, Issue, MailingList
from newsletter.sending import freezing, lifecycle, resolving, waking, withdrawals
from tests.factories import make_article, make_issue, make_subscription, make_user
from tests.newsletter.sending.conftest import prepared, send

HEADLINE = "حريق في مخزن المرفأ"
NOTE = "نُشرت المادة قبل اكتمال التحقق."


@pytest.fixture
def story(mailing_list: MailingList) -> Article:
    for number in range(3):
        make_subscription(mailing_list, email=f"reader{number}@example.com")
    return make_article(HEADLINE)


def issue_with(story: Article, mailing_list: MailingList, **fields: Any) -> Issue:
    return make_issue(mailing_list, articles=(story, make_article("افتتاح الحديقة")), **fields)


def withdraw(story: Article) -> None:
    publishing.withdraw(story, by=make_user(Role.EDITOR), note=NOTE)


def in_words(issue: Issue) -> tuple[str, str]:
    issue.refresh_from_db()
    return issue.state, issue.paused_reason


def test_an_issue_that_is_paused_does_not_go_on(server: Any, mailing_list: MailingList, story: Article) -> None:
    issue = prepared(issue_with(story, mailing_list))
    lifecycle.pause(issue, reason="خادم البريد لا يجيب.")
    withdraw(story)
    state, reason = in_words(issue)
    assert state == IssueState.PAUSED
    assert HEADLINE in reason
    assert "خادم البريد لا يجيب." in reason
    with pytest.raises(lifecycle.RefusesToSend, match=HEADLINE):
        lifecycle.resume(issue, by=None)
    send(issue)
    assert server.taken() == []
    lifecycle.cancel(issue, by=None)
    assert in_words(issue) == (IssueState.CANCELLED, "")


@pytest.mark.parametrize("is_prepared", [False, True])
def test_an_issue_on_its_way_is_stopped(
    server: Any, mailing_list: MailingList, story: Article, run_tasks: Any, is_prepared: bool
) -> None:
    issue = issue_with(story, mailing_list)
    lifecycle.send_now(issue, by=None, expected_count=3)
    if is_prepared:
        assert freezing.freeze(issue.pk)
    withdraw(story)
    state, reason = in_words(issue)
    assert state == IssueState.PAUSED
    assert HEADLINE in reason
    paused = AuditEntry.objects.get(action=Action.PAUSED)
    assert paused.note == reason
    assert paused.actor is not None
    run_tasks()
    waking.wake_senders()
    assert server.taken() == []


@pytest.mark.parametrize("way", ["correction", "changes"])
def test_every_way_of_a_retraction_stops_it(mailing_list: MailingList, story: Article, way: str) -> None:
    issue, chief = prepared(issue_with(story, mailing_list)), make_user(Role.CHIEF_EDITOR)
    if way == "correction":
        publishing.correct(story, by=chief, kind=CorrectionKind.RETRACTION, note=NOTE)
    else:
        publish_changes(open_changes(story, by=chief), by=chief, kind=ChangeKind.RETRACTION, note=NOTE)
    assert in_words(issue)[0] == IssueState.PAUSED


def test_issues_without_it_and_those_that_are_through_stay(mailing_list: MailingList, story: Article) -> None:
    other = prepared(make_issue(mailing_list, articles=(make_article("افتتاح الحديقة"),)))
    draft = issue_with(story, mailing_list)
    through = prepared(issue_with(story, mailing_list))
    Issue.objects.filter(pk=through.pk).update(state=IssueState.FINISHED, finished_at=timezone.now())
    withdraw(story)
    assert in_words(other) == (IssueState.SENDING, "")
    assert in_words(draft) == (IssueState.DRAFT, "")
    assert in_words(through) == (IssueState.FINISHED, "")


def test_a_story_that_came_back_does_not_bring_its_former_words(mailing_list: MailingList, story: Article) -> None:
    issue = prepared(issue_with(story, mailing_list))
    withdraw(story)
    chief = make_user(Role.CHIEF_EDITOR)
    publishing.return_to_draft(story, by=chief)
    Article.objects.filter(pk=story.pk).update(headline="لا حريق في المرفأ")
    publishing.publish(Article.objects.get(pk=story.pk), by=chief)
    with pytest.raises(lifecycle.RefusesToSend, match=HEADLINE):
        lifecycle.resume(issue, by=None)
    again = prepared(issue_with(Article.objects.get(pk=story.pk), mailing_list))
    assert withdrawals.reason_to_hold(again) == ""


def test_a_sender_asks_before_it_sends(server: Any, mailing_list: MailingList, story: Article) -> None:
    """For what no deed has done, and for an issue that begins in the moment of the withdrawal."""
    issue = prepared(issue_with(story, mailing_list))
    Article.objects.filter(pk=story.pk).update(status=Status.DRAFT)
    assert send(issue) is None
    assert server.taken() == []
    state, reason = in_words(issue)
    assert state == IssueState.PAUSED
    assert HEADLINE in reason


@pytest.mark.django_db(transaction=True)
def test_an_issue_that_began_while_the_story_was_withdrawn_is_stopped(
    mailing_list: MailingList, story: Article
) -> None:
    issue = prepared(issue_with(story, mailing_list))
    with transaction.atomic():
        withdraw(story)
        # As if another transaction had let it go on, which this one could not see.
        Issue.objects.filter(pk=issue.pk).update(state=IssueState.SENDING, paused_reason="")
    state, reason = in_words(issue)
    assert state == IssueState.PAUSED
    assert HEADLINE in reason


def test_an_error_of_the_newsletter_undoes_the_withdrawal(
    mailing_list: MailingList, story: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_more: object) -> None:
        raise RuntimeError("not foreseen")

    prepared(issue_with(story, mailing_list))
    monkeypatch.setattr(withdrawals, "pause", fail)
    with pytest.raises(RuntimeError, match="not foreseen"):
        withdraw(story)
    assert Article.objects.published().filter(pk=story.pk).exists()


def test_a_message_in_doubt_is_not_sent_again(mailing_list: MailingList, story: Article) -> None:
    issue = prepared(issue_with(story, mailing_list))
    Delivery.objects.filter(issue=issue).update(state=DeliveryState.SENT, sent_at=timezone.now())
    doubtful = Delivery.objects.filter(issue=issue).earliest("id")
    Delivery.objects.filter(pk=doubtful.pk).update(state=DeliveryState.UNCERTAIN, sent_at=None)
    Issue.objects.filter(pk=issue.pk).update(state=IssueState.FINISHED, finished_at=timezone.now(), uncertain_count=1)
    withdraw(story)
    with pytest.raises(lifecycle.RefusesToSend, match=HEADLINE):
        resolving.resend(doubtful, by=None)
    assert in_words(issue)[0] == IssueState.FINISHED


def test_a_scheduled_issue_leaves_it_out(
    server: Any, mailing_list: MailingList, story: Article, clock: Any, run_tasks: Any
) -> None:
    issue = issue_with(story, mailing_list, subject="نشرة الصباح")
    lifecycle.schedule(issue, by=None, at=timezone.now() + timedelta(hours=1), expected_count=3)
    withdraw(story)
    clock.shift(3600)
    waking.wake_senders()
    run_tasks()
    assert in_words(issue)[0] == IssueState.FINISHED
    mails = [file.read_bytes() for file in server.kept.iterdir()]
    assert len(mails) == 3
    texts = str(list(issue.compiled_mails.values_list("content", flat=True)))
    assert "افتتاح الحديقة" in texts
    assert HEADLINE not in texts


@pytest.mark.parametrize("place", ["subject", "subject_b", "preheader"])
def test_a_scheduled_issue_whose_subject_tells_of_it_waits_for_a_person(
    mailing_list: MailingList, story: Article, clock: Any, place: str
) -> None:
    """Digests have the first headline for their subject."""
    words = {"subject": "نشرة الصباح"} | {place: f"نشرة الصباح: {HEADLINE}"}
    issue = issue_with(story, mailing_list, **words)
    lifecycle.schedule(issue, by=None, at=timezone.now() + timedelta(hours=1), expected_count=3)
    withdraw(story)
    clock.shift(3600)
    waking.wake_senders()
    state, reason = in_words(issue)
    assert state == IssueState.PAUSED
    assert reason
    assert not issue.compiled_mails.exists()
    with pytest.raises(lifecycle.CompileRefused):
        lifecycle.resume(issue, by=None)


def test_whoever_lets_it_go_on_is_told_what_to_do(client: Client, mailing_list: MailingList, story: Article) -> None:
    issue = prepared(issue_with(story, mailing_list))
    withdraw(story)
    client.force_login(make_user(Role.NEWSLETTER_EDITOR))
    page = client.get(reverse("admin:newsletter_issue_sending", args=[issue.pk])).content.decode()
    assert HEADLINE in page
    answer = client.post(reverse("admin:newsletter_issue_resume", args=[issue.pk]), follow=True)
    assert HEADLINE in str(list(answer.context["messages"])[0])
    assert in_words(issue)[0] == IssueState.PAUSED


def test_a_long_headline_leaves_room_for_what_to_do(mailing_list: MailingList) -> None:
    story = make_article("خبر طويل جدًا " * 14 + "خبر")
    make_subscription(mailing_list)
    issue = prepared(make_issue(mailing_list, articles=(story,)))
    withdraw(story)
    reason = in_words(issue)[1]
    assert len(reason) <= 300
    assert reason == withdrawals.reason_to_hold(issue)
