"""Comments of the desk: who writes and reads them, and the mail that tells of them."""

import smtplib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from articles import changes, commenting
from articles.commenting import BadComment, comment, open_for, reopen, resolve, send_waiting_mail
from articles.models import Article, Comment
from articles.publishing import NotAllowed, NotReady, submit
from articles.returning import return_with_note
from articles.staffing import announce_assignment
from audit.models import AuditEntry
from newsroom import ticking
from tests.articles.desk import change_url, form_data, messages_of, save
from tests.factories import make_article, make_site, make_user
from tests.tasks import engines

pytestmark = pytest.mark.django_db

BODY = "<p>نص سري من متن المادة.</p>"


@pytest.fixture
def editor() -> User:
    return make_user(Role.EDITOR, first_name="سامر", email="samer@example.org")


@pytest.fixture
def reporter() -> User:
    return make_user(Role.REPORTER, first_name="رنا", email="rana@example.org")


@pytest.fixture
def story(reporter: User) -> Article:
    return make_article("افتتاح الحديقة", published=False, created_by=reporter, body=BODY)


@pytest.fixture
def worker(run_tasks: Callable[..., int]) -> Callable[[], AbstractContextManager[None]]:
    """Runs the tasks at the end of the block."""

    @contextmanager
    def work() -> Iterator[None]:
        yield
        run_tasks()

    return work


def comments_url(article: Article) -> str:
    return reverse("admin:articles_article_comments", args=[article.pk])


def resolve_url(row: Comment, article: Article | None = None) -> str:
    return reverse("admin:articles_article_comment_resolve", args=[(article or row.article).pk, row.pk])


# The deed


def test_a_comment_is_written_logged_and_mailed(
    story: Article, editor: User, reporter: User, worker: Any, mailoutbox: list[EmailMessage], settings: Any
) -> None:
    with worker():
        row = comment(story, by=editor, text=" من أين هذا الرقم؟ ", to=reporter)
    row.refresh_from_db()
    assert (row.text, row.addressed_to, row.resolved_at) == ("من أين هذا الرقم؟", reporter, None)
    assert row.mailed_at is not None
    assert AuditEntry.objects.about(story).filter(action="commented", actor=editor).exists()
    (mail,) = mailoutbox
    assert mail.to == ["rana@example.org"]
    html = mail.alternatives[0].content  # type: ignore[attr-defined]
    for text in (mail.body, html):
        assert "من أين هذا الرقم؟" in text
        assert "افتتاح الحديقة" in text
        assert f"{settings.SITE_URL}{change_url(story)}#comments" in text
        assert "نص سري" not in text
    assert '<html lang="ar" dir="rtl">' in html


def test_a_hostile_headline_adds_no_header_and_no_markup(
    reporter: User, editor: User, worker: Any, mailoutbox: list[EmailMessage]
) -> None:
    story = make_article("<b>Bcc: x</b>\r\nBcc: y@example.org", published=False, created_by=reporter)
    with worker():
        comment(story, by=editor, text="<script>alert(1)</script>", to=reporter)
    (mail,) = mailoutbox
    assert "\n" not in mail.subject
    assert mail.bcc == []
    assert "<script>" not in mail.alternatives[0].content  # type: ignore[attr-defined]
    assert "<b>Bcc" not in mail.alternatives[0].content  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", ["", "  \n ", "ا" * 2001])
def test_nothing_and_too_much_are_refused(story: Article, editor: User, text: str) -> None:
    with pytest.raises(BadComment):
        comment(story, by=editor, text=text)
    assert not Comment.objects.exists()


def test_nobody_comments_on_what_he_may_not_see(story: Article) -> None:
    with pytest.raises(NotAllowed):
        comment(story, by=make_user(Role.REPORTER), text="رأي")


@pytest.mark.parametrize("change", ["role", "is_active", "is_staff"])
def test_a_comment_goes_to_nobody_who_may_not_see_the_story(story: Article, editor: User, change: str) -> None:
    other = make_user(Role.REPORTER if change == "role" else Role.EDITOR)
    if change != "role":
        User.objects.filter(pk=other.pk).update(**{change: False})
        other.refresh_from_db()
    assert other not in commenting.addressees(story)
    with pytest.raises(BadComment):
        comment(story, by=editor, text="رأي", to=other)


def test_those_who_may_be_addressed(story: Article, editor: User, reporter: User) -> None:
    assigned, chief = make_user(Role.REPORTER), make_user(Role.CHIEF_EDITOR)
    make_user(Role.REPORTER)
    make_user(Role.NEWSLETTER_EDITOR)
    make_user()
    Article.objects.filter(pk=story.pk).update(assigned_to=assigned)
    story.refresh_from_db()
    assert set(commenting.addressees(story)) == {editor, reporter, assigned, chief}
    assert all(commenting.may_be_told(user, story) for user in commenting.addressees(story))


def test_whoever_has_the_changes_in_hand_is_addressed_until_they_are_published(editor: User, reporter: User) -> None:
    story = make_article("كما نُشر")
    copy = changes.open_changes(story, by=editor)
    assert reporter not in commenting.addressees(story)
    copy.assigned_to = reporter
    copy.save()
    assert reporter in commenting.addressees(story)
    row = comment(copy, by=editor, text="أضيفي رقمًا", to=reporter)
    assert list(open_for(reporter)) == [row]
    changes.publish_changes(copy, by=editor)
    assert list(open_for(reporter)) == []
    assert not commenting.may_be_told(reporter, story)


def test_a_comment_is_resolved_once_and_opened_again(story: Article, editor: User, reporter: User) -> None:
    row = comment(story, by=editor, text="رأي", to=reporter)
    first = resolve(row, by=reporter).resolved_at
    assert first is not None
    assert resolve(row, by=editor).resolved_by == reporter
    assert list(open_for(reporter)) == []
    assert reopen(row, by=editor).resolved_at is None
    assert list(open_for(reporter)) == [row]
    with pytest.raises(NotAllowed):
        resolve(row, by=make_user(Role.REPORTER))


def test_what_one_may_no_longer_see_is_not_counted(story: Article, editor: User, reporter: User) -> None:
    comment(story, by=editor, text="رأي", to=reporter)
    assert commenting.count_for(reporter) == 1
    Article.objects.filter(pk=story.pk).update(created_by=editor)
    assert commenting.count_for(reporter) == 0


# The mail


def test_the_right_is_asked_again_when_the_mail_goes_out(
    story: Article, editor: User, reporter: User, mailoutbox: list[EmailMessage]
) -> None:
    comment(story, by=editor, text="رأي", to=reporter)
    Article.objects.filter(pk=story.pk).update(created_by=editor)
    Comment.objects.update(created_at=timezone.now() - timedelta(minutes=3))
    send_waiting_mail()
    assert mailoutbox == []
    assert not Comment.objects.filter(mailed_at=None).exists()


def test_nobody_is_mailed_his_own_words_nor_what_is_resolved(
    story: Article, editor: User, reporter: User, worker: Any, mailoutbox: list[EmailMessage]
) -> None:
    with worker():
        comment(story, by=editor, text="لنفسي", to=editor)
        row = comment(story, by=editor, text="رأي", to=reporter)
        resolve(row, by=editor)
        comment(story, by=editor, text="للجميع")
    assert mailoutbox == []


@pytest.fixture
def broken_server(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A mail server that refuses everything; counts how often it was asked."""
    asked: list[int] = []

    def send(self: EmailMessage, fail_silently: bool = False) -> int:
        asked.append(1)
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr(EmailMessage, "send", send)
    return asked


def test_a_lost_mail_is_sent_by_the_tick(
    story: Article,
    editor: User,
    reporter: User,
    worker: Any,
    clock: Any,
    monkeypatch: pytest.MonkeyPatch,
    broken_server: list[int],
    mailoutbox: list[EmailMessage],
) -> None:
    with worker():
        comment(story, by=editor, text="رأي", to=reporter)
    monkeypatch.undo()
    assert (send_waiting_mail(), mailoutbox) == ({}, [])
    clock.shift(timedelta(minutes=2, seconds=1))
    assert send_waiting_mail() == {"sent": 1}
    assert send_waiting_mail() == {}
    assert len(mailoutbox) == 1


def test_a_mail_whose_task_was_thrown_away_is_sent_by_the_tick(
    story: Article,
    editor: User,
    reporter: User,
    clock: Any,
    run_tasks: Callable[..., int],
    mailoutbox: list[EmailMessage],
) -> None:
    comment(story, by=editor, text="رأي", to=reporter)
    engines.empty()
    assert run_tasks() == 0
    clock.shift(timedelta(minutes=2, seconds=1))
    assert ticking.tick().done["comments mailed"] == 1
    assert len(mailoutbox) == 1


def test_a_mail_outlasts_a_night_without_a_server_and_then_the_dashboard_says_so(
    story: Article, editor: User, reporter: User, clock: Any, broken_server: list[int]
) -> None:
    comment(story, by=editor, text="رأي", to=reporter)
    asked_at = []
    for number in range(20 * 60):
        clock.shift(timedelta(minutes=1))
        before = len(broken_server)
        send_waiting_mail()
        asked_at += [number] * (len(broken_server) - before)
    pauses = [later - earlier for earlier, later in pairwise(asked_at)]
    assert len(asked_at) == commenting.MOST_ATTEMPTS
    assert pauses == sorted(pauses)
    assert sum(pauses) > 12 * 60
    assert commenting.lost_mail().count() == 1


def test_a_mail_that_another_process_is_sending_is_left_to_it(
    story: Article, editor: User, reporter: User, mailoutbox: list[EmailMessage]
) -> None:
    row = comment(story, by=editor, text="رأي", to=reporter)
    Comment.objects.update(mail_attempted_at=timezone.now(), mail_attempts=1)
    send_waiting_mail()
    assert mailoutbox == []
    stale = Comment.objects.get(pk=row.pk)
    stale.mail_attempted_at = None
    assert commenting._claim(stale) is False


# Returning


def test_the_writer_gets_the_reason_of_a_return(
    story: Article, editor: User, reporter: User, worker: Any, mailoutbox: list[EmailMessage]
) -> None:
    submit(story, by=reporter)
    with pytest.raises(NotReady):
        return_with_note(story, by=editor, reason=" ")
    with worker():
        return_with_note(story, by=editor, reason="ينقصه مصدر")
    story.refresh_from_db()
    assert story.status == "draft"
    (row,) = open_for(reporter)
    assert (row.text, row.by) == ("ينقصه مصدر", editor)
    assert mailoutbox[0].to == ["rana@example.org"]


# The pages


def test_a_comment_is_sent_from_below_the_form(client: Client, story: Article, editor: User, reporter: User) -> None:
    client.force_login(editor)
    assert client.get(change_url(story)).context["discussion"].open == []
    response = client.post(comments_url(story), {"comment-text": "رأي", "comment-to": reporter.pk}, follow=True)
    assert response.redirect_chain[-1][0] == f"{change_url(story)}#comments"
    assert messages_of(response) == ["أُضيف التعليق."]
    (row,) = response.context["discussion"].open
    assert (row.text, row.by, row.addressed_to) == ("رأي", editor, reporter)


def test_a_refused_comment_comes_back_with_its_text(client: Client, story: Article, editor: User) -> None:
    client.force_login(editor)
    stranger = make_user(Role.REPORTER)
    response = client.post(comments_url(story), {"comment-text": "رأي طويل", "comment-to": stranger.pk})
    assert response.status_code == 200
    assert response.context["discussion"].form.errors.keys() == {"to"}
    assert "رأي طويل" in response.content.decode()
    assert not Comment.objects.exists()


def test_a_script_gets_the_panel_alone(client: Client, story: Article, editor: User) -> None:
    client.force_login(editor)
    headers = {"X-Requested-With": "fetch"}
    response = client.post(comments_url(story), {"comment-text": "رأي"}, headers=headers)
    assert 'id="comments"' in response.content.decode()
    assert "<html" not in response.content.decode()
    refused = client.post(comments_url(story), {"comment-text": " "}, headers=headers)
    assert "errorlist" in refused.content.decode()


def test_comments_are_resolved_and_opened_again(client: Client, story: Article, editor: User) -> None:
    client.force_login(editor)
    row = comment(story, by=editor, text="رأي")
    assert client.get(resolve_url(row)).status_code == 405
    client.post(resolve_url(row), {"from": "page"})
    row.refresh_from_db()
    assert (row.resolved_at is not None, row.resolved_by) == (True, editor)
    client.post(resolve_url(row), {"reopen": "1"})
    row.refresh_from_db()
    assert row.resolved_at is None


def test_a_comment_is_found_under_its_own_story_alone(client: Client, story: Article, editor: User) -> None:
    client.force_login(editor)
    row = comment(story, by=editor, text="رأي")
    assert client.post(resolve_url(row, make_article())).status_code == 404
    row.refresh_from_db()
    assert row.resolved_at is None


def test_comments_are_the_affair_of_the_desk(client: Client, story: Article, editor: User) -> None:
    row = comment(story, by=editor, text="رأي سري")
    published = make_article("خبر منشور")
    secret = comment(published, by=editor, text="رأي سري")
    client.force_login(make_user(Role.REPORTER))
    for address in (comments_url(story), resolve_url(row)):
        assert client.post(address, {"comment-text": "x"}).status_code == 404
    assert client.get(comments_url(story)).status_code == 404
    for address in (comments_url(published), resolve_url(secret)):
        assert client.post(address, {"comment-text": "x"}).status_code == 403
    assert "رأي سري" not in client.get(change_url(published)).content.decode()
    assert Comment.objects.filter(resolved_at=None).count() == 2


def test_every_page_of_the_admin_says_how_many_comments_wait(
    client: Client, story: Article, editor: User, reporter: User
) -> None:
    make_site()
    for text in ("رأي", "رأي آخر"):
        comment(story, by=editor, text=text, to=reporter)
    client.force_login(reporter)
    for address in ("admin:index", "admin:articles_article_changelist"):
        assert "لك تعليقان" in client.get(reverse(address)).content.decode()
    client.force_login(editor)
    assert "comment-notice" not in client.get(reverse("admin:index")).content.decode()


# Assignment


def test_who_assigns_tells_and_logs(
    client: Client, story: Article, editor: User, reporter: User, worker: Any, mailoutbox: list[EmailMessage]
) -> None:
    client.force_login(editor)
    other = make_user(Role.REPORTER, email="other@example.org")
    with worker():
        save(client, story, assigned_to=other.pk, deadline_0="2030-05-03", deadline_1="12:00")
    story.refresh_from_db()
    assert (story.assigned_to, story.deadline.year) == (other, 2030)
    (mail,) = mailoutbox
    assert (mail.to, "افتتاح الحديقة" in mail.subject, "نص سري" in mail.body) == (["other@example.org"], True, False)
    assert AuditEntry.objects.about(story).filter(action="assigned", after=str(other)).count() == 1
    with worker():
        save(client, story, headline="عنوان معدل")
    assert len(mailoutbox) == 1


def test_the_mail_of_an_assignment_is_tried_again_and_not_sent_about_work_of_somebody_else(
    story: Article,
    editor: User,
    reporter: User,
    clock: Any,
    monkeypatch: pytest.MonkeyPatch,
    broken_server: list[int],
    mailoutbox: list[EmailMessage],
    run_tasks: Callable[..., int],
) -> None:
    other = make_user(Role.REPORTER, email="other@example.org")
    for number, to in enumerate([other, reporter]):
        Article.objects.filter(pk=story.pk).update(assigned_to=to)
        story.refresh_from_db()
        announce_assignment(story, by=editor, before=None)
        assert run_tasks(may_fail=True) == 1
        assert len(broken_server) == number + 1
    monkeypatch.undo()
    clock.shift(timedelta(seconds=11))
    assert run_tasks() == 2
    assert [mail.to for mail in mailoutbox] == [["rana@example.org"]]


def test_a_reporter_reads_his_deadline_and_assigns_nobody(client: Client, story: Article, reporter: User) -> None:
    client.force_login(reporter)
    data = form_data(client, change_url(story))
    assert {"assigned_to", "deadline_0", "planned_for"}.isdisjoint(data)
    save(client, story, assigned_to=reporter.pk, deadline_0="2030-05-03", deadline_1="12:00", planned_for="2030-05-03")
    story.refresh_from_db()
    assert (story.assigned_to, story.deadline, story.planned_for) == (None, None, None)


def test_work_is_given_to_those_who_write(client: Client, story: Article, editor: User, reporter: User) -> None:
    client.force_login(editor)
    gone = make_user(Role.REPORTER, is_active=False)
    reader = make_user(Role.NEWSLETTER_EDITOR)
    field = client.get(change_url(story)).context["adminform"].form.fields["assigned_to"]
    assert {editor, reporter} <= set(field.queryset)
    assert {gone, reader}.isdisjoint(field.queryset)
    for user in (gone, reader):
        assert "assigned_to" in save(client, story, assigned_to=user.pk).context["adminform"].form.errors


def test_an_assigned_reporter_edits_the_draft(client: Client, editor: User, reporter: User) -> None:
    article = make_article(published=False, created_by=editor, assigned_to=reporter)
    client.force_login(reporter)
    save(client, article, headline="عنوان من المكلفة")
    article.refresh_from_db()
    assert article.headline == "عنوان من المكلفة"
