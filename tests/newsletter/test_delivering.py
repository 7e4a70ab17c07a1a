import logging
import smtplib
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import CommandError, call_command
from django.db import transaction
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from newsletter import subscribing
from newsletter.delivering import (
    PATIENCE,
    STILL_WELCOME,
    mail_confirmation,
    mail_link_to_data,
    send_pending_confirmations,
)
from newsletter.enums import ConsentPlace
from newsletter.models import ConfirmationRequest, Subscription
from newsletter.tokens import preferences_token
from tests.newsletter.conftest import EMAIL, Post, path_in

pytestmark = pytest.mark.django_db

WORKING = "django.core.mail.backends.locmem.EmailBackend"


NO_SUCH_MAILBOX, LATER = 550, 450


class RefusingBackend(BaseEmailBackend):
    """A mail server that refuses the recipient."""

    code = NO_SUCH_MAILBOX

    def send_messages(self, email_messages: Any) -> int:
        raise smtplib.SMTPRecipientsRefused({mail.to[0]: (self.code, b"no") for mail in email_messages})


class BrokenBackend(BaseEmailBackend):
    """A mistake in a backend, as opposed to a mail server that refuses."""

    def send_messages(self, email_messages: object) -> int:
        raise RuntimeError("not an OSError")


@pytest.fixture
def silent_server(settings) -> Iterator[None]:
    """An SMTP server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.getsockname()
        settings.EMAIL_TIMEOUT = 0.2
        yield


def send_pending() -> str:
    output = StringIO()
    call_command("send_pending_confirmations", stdout=output)
    return output.getvalue().strip()


def test_silent_mail_server_does_not_fail_the_request_and_the_promise_is_kept(
    silent_server, sign_up: Post, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        assert sign_up().status_code == 302
    assert ConfirmationRequest.objects.get().sent_at is None
    assert "Mail not sent (confirmation request" in caplog.text
    assert EMAIL not in caplog.text
    assert "newsletter/confirm" not in caplog.text


def test_mistake_in_a_backend_does_not_fail_the_request_either(settings, sign_up: Post) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.BrokenBackend"
    assert sign_up().status_code == 302
    assert ConfirmationRequest.objects.get().sent_at is None


def test_failed_task_keeps_neither_address_nor_link(settings, sign_up: Post) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.BrokenBackend"
    sign_up()
    [row] = DBTaskResult.objects.filter(status=TaskResultStatus.FAILED).values()
    assert "MailNotSent" in row["traceback"]
    assert EMAIL not in str(row)
    assert "newsletter/confirm" not in str(row)


def test_task_that_runs_twice_sends_one_mail(clock, sign_up: Post, mailoutbox) -> None:
    sign_up()
    mail_confirmation.call(ConfirmationRequest.objects.get().pk)
    assert len(mailoutbox) == 1


def test_mail_is_sent_again_soon_when_the_server_comes_back(
    silent_server, settings, clock, sign_up: Post, run_tasks, mailoutbox
) -> None:
    sign_up()
    settings.EMAIL_BACKEND = WORKING
    clock.shift(timedelta(seconds=10))
    run_tasks()
    assert [mail.to for mail in mailoutbox] == [[EMAIL]]
    clock.shift(PATIENCE)
    assert send_pending() == "0 sent, 0 failed"


def test_request_that_is_rolled_back_sends_no_mail(mailing_list, run_tasks, mailoutbox) -> None:
    with transaction.atomic():
        subscribing.subscribe(EMAIL)
        transaction.set_rollback(True)
    assert run_tasks() == 0
    assert mailoutbox == []


def test_sent_mail_is_noted(clock, sign_up: Post) -> None:
    sign_up()
    request = ConfirmationRequest.objects.get()
    assert request.sent_at == request.created_at


def test_command_sends_what_was_lost_with_a_link_that_works(
    silent_server, settings, clock, sign_up: Post, post: Post, mailoutbox
) -> None:
    sign_up()
    settings.EMAIL_BACKEND = WORKING
    clock.shift(timedelta(hours=47))
    assert send_pending() == "1 sent, 0 failed"
    # The 48 hours begin when the mail is sent.
    clock.shift(timedelta(hours=47))
    assert post(path_in(mailoutbox[0])).status_code == 302
    assert Subscription.objects.get().is_confirmed
    assert send_pending() == "0 sent, 0 failed"


def test_command_leaves_a_fresh_request_to_the_process_that_is_sending_it(
    silent_server, settings, clock, sign_up: Post, mailoutbox
) -> None:
    sign_up()
    settings.EMAIL_BACKEND = WORKING
    clock.shift(PATIENCE - timedelta(seconds=1))
    assert send_pending() == "0 sent, 0 failed"
    clock.shift(timedelta(seconds=1))
    assert send_pending() == "1 sent, 0 failed"


def test_mail_that_comes_more_than_a_week_late_is_not_sent(
    silent_server, settings, clock, sign_up: Post, mailoutbox
) -> None:
    sign_up()
    settings.EMAIL_BACKEND = WORKING
    clock.shift(STILL_WELCOME)
    assert send_pending() == "0 sent, 0 failed"


def test_two_commands_at_once_send_one_mail(silent_server, settings, clock, sign_up: Post, mailoutbox) -> None:
    sign_up()
    sign_up("other@example.com")
    settings.EMAIL_BACKEND = WORKING
    clock.shift(PATIENCE)
    first = send_pending_confirmations()
    assert next(first)
    assert list(send_pending_confirmations()) == [True]
    assert list(first) == []
    assert sorted(mail.to for mail in mailoutbox) == [[EMAIL], ["other@example.com"]]


def test_command_mails_nothing_past_the_daily_limit_and_deletes_its_rows_in_the_end(
    clock, sign_up: Post, mailoutbox
) -> None:
    for _ in range(9):
        sign_up()
    clock.shift(timedelta(hours=48, seconds=-1))
    assert send_pending() == "0 sent, 0 failed"
    assert (len(mailoutbox), ConfirmationRequest.objects.count()) == (3, 9)
    clock.shift(timedelta(seconds=1))
    send_pending()
    assert ConfirmationRequest.objects.count() == ConfirmationRequest.objects.with_mail().count() == 3


def test_command_does_not_mail_who_has_unsubscribed_since(
    subscription: Subscription, settings, clock, sign_up: Post, mailoutbox
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.BrokenBackend"
    sign_up()
    subscribing.unsubscribe(subscription, place=ConsentPlace.ONE_CLICK)
    settings.EMAIL_BACKEND = WORKING
    clock.shift(PATIENCE)
    assert send_pending() == "0 sent, 0 failed"
    assert mailoutbox == []


def test_command_says_in_one_sentence_that_nobody_answers(settings, clock, sign_up: Post) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.getsockname()
    with pytest.raises(CommandError, match="mail server does not answer"):
        send_pending()


def test_without_a_mail_server_the_mail_is_a_file(settings, sign_up: Post) -> None:
    settings.EMAIL_BACKEND = "newsroom.lib.mail.EmlFileBackend"
    sign_up()
    [file] = Path(settings.MAIL_FOLDER).rglob("*.eml")
    assert b"To: layla@example.com" in file.read_bytes()


@pytest.fixture
def ask_for_data(subscription: Subscription, post: Post) -> Callable[[], Any]:
    """Ask for the mail with the link to one's data; the worker has tried once to send it."""
    return lambda: post(f"/newsletter/preferences/{preferences_token(subscription.subscriber_id)}/", {"download": "1"})


def minutes_later(clock: Any, run_tasks: Callable[..., int], minutes: int) -> int:
    """Let the clock go on by minutes, with a worker; returns how many tasks it ran."""
    ran = 0
    for _minute in range(minutes):
        clock.shift(timedelta(minutes=1))
        ran += run_tasks(may_fail=True)
    return ran


def test_link_to_the_data_outlasts_a_mail_server_that_is_down_for_hours(
    settings, clock, ask_for_data, client, run_tasks, mailoutbox
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.BrokenBackend"
    ask_for_data()
    tried = minutes_later(clock, run_tasks, 6 * 60)
    assert 10 <= tried <= 20
    settings.EMAIL_BACKEND = WORKING
    minutes_later(clock, run_tasks, 31)
    assert [mail.to for mail in mailoutbox] == [[EMAIL]]
    # The hour of the link begins when it is sent.
    clock.shift(timedelta(minutes=25))
    assert client.get(path_in(mailoutbox[0], "download")).status_code == 200
    assert minutes_later(clock, run_tasks, 31) == 0


def test_link_to_the_data_is_given_up_after_a_day() -> None:
    pauses = mail_link_to_data.backoff
    seconds = sum(pauses) + (mail_link_to_data.max_attempts - 1 - len(pauses)) * pauses[-1]
    assert timedelta(days=1) <= timedelta(seconds=seconds) < timedelta(days=1, hours=1)


@pytest.mark.parametrize(("code", "tried"), [(NO_SUCH_MAILBOX, 0), (LATER, 3)])
def test_mailbox_that_does_not_exist_is_asked_once(
    settings, clock, ask_for_data, run_tasks, monkeypatch: pytest.MonkeyPatch, code: int, tried: int
) -> None:
    monkeypatch.setattr(RefusingBackend, "code", code)
    settings.EMAIL_BACKEND = f"{__name__}.RefusingBackend"
    ask_for_data()
    assert minutes_later(clock, run_tasks, 10) == tried
