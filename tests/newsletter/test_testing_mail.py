"""The mail of an issue to a few addresses."""

import re
from collections.abc import Callable
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.test import Client
from django_tasks_db.models import DBTaskResult

from accounts.roles import Role
from audit.enums import Action
from audit.models import AuditEntry
from newsletter.composing import new_issue
from newsletter.models import Issue, MailingList
from newsletter.testing_mail import MOST_ADDRESSES, ORDERS_AN_HOUR, TooManyTests, order_tests, read_addresses
from pages.mailing import Mail
from tests.factories import make_article, make_site, make_user
from tests.newsletter.conftest import part

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(db: None) -> Any:
    return make_user(Role.NEWSLETTER_EDITOR)


@pytest.fixture
def issue(mailing_list: MailingList) -> Issue:
    make_site(postal_address="دمشق")
    return new_issue(mailing_list, by=None, articles=[make_article("افتتاح حديقة")], subject="أخبار الصباح")


def test_addresses_are_read_however_they_are_parted() -> None:
    typed = "a@example.com,b@example.com، c@example.com\n<d@example.com>; A@Example.com  ليس-عنوانًا x@localhost"
    assert read_addresses(typed) == (
        ["a@example.com", "b@example.com", "c@example.com", "d@example.com"],
        ["ليس-عنوانًا", "x@localhost"],
    )


def test_a_test_is_marked_and_ends_no_subscription(
    issue: Issue, editor: Any, run_tasks: Callable[[], int], mailoutbox: list[Any], client: Client
) -> None:
    order_tests(issue, by=editor, addresses=["a@example.com"])
    run_tasks()
    [mail] = mailoutbox
    message = mail.message()
    assert mail.to == ["a@example.com"]
    assert "أخبار الصباح" in mail.subject
    assert "[" in mail.subject
    assert "List-Unsubscribe" not in message
    assert "افتتاح حديقة" in part(message, "text/plain")
    assert "افتتاح حديقة" in part(message, "text/html")
    for path in re.findall(r"http://127\.0\.0\.1:8000(/newsletter/(?:unsubscribe|preferences)/[^\"\s]*)", mail.body):
        assert client.get(path).status_code in {400, 404}


def test_both_subjects_are_tried(
    issue: Issue, editor: Any, run_tasks: Callable[[], int], mailoutbox: list[Any]
) -> None:
    Issue.objects.filter(pk=issue.pk).update(subject_b="أخبار أخرى")
    issue.refresh_from_db()
    order_tests(issue, by=editor, addresses=["a@example.com", "b@example.com"])
    run_tasks()
    assert sorted((mail.to[0], "أخرى" in mail.subject) for mail in mailoutbox) == [
        ("a@example.com", False),
        ("a@example.com", True),
        ("b@example.com", False),
        ("b@example.com", True),
    ]


def test_the_log_tells_how_many_and_not_to_whom(issue: Issue, editor: Any) -> None:
    order_tests(issue, by=editor, addresses=["a@example.com", "b@example.com"])
    entry = AuditEntry.objects.get(action=Action.TEST_MAILED)
    assert (entry.note, entry.actor_id, entry.subject_id) == ("2", editor.pk, str(issue.pk))


def test_no_more_than_ten_addresses_get_one(
    issue: Issue, editor: Any, run_tasks: Callable[[], int], mailoutbox: list[Any]
) -> None:
    order_tests(issue, by=editor, addresses=[f"reader{number}@example.com" for number in range(15)])
    run_tasks()
    assert len(mailoutbox) == MOST_ADDRESSES


def test_an_hour_has_a_limit_for_each_member_of_staff(issue: Issue, editor: Any, clock: Any) -> None:
    for _number in range(ORDERS_AN_HOUR):
        order_tests(issue, by=editor, addresses=["a@example.com"])
    with pytest.raises(TooManyTests):
        order_tests(issue, by=editor, addresses=["a@example.com"])
    order_tests(issue, by=make_user(Role.NEWSLETTER_EDITOR), addresses=["a@example.com"])
    clock.shift(3601)
    order_tests(issue, by=editor, addresses=["a@example.com"])


def test_a_mail_server_that_refuses_a_test_names_nobody(
    issue: Issue, editor: Any, run_tasks: Callable[..., int], monkeypatch: Any, caplog: Any
) -> None:
    """What a task failed by is kept, and logged."""

    def refuse(_mail: object) -> None:
        raise SMTPRecipientsRefused({"layla@example.com": (550, b"no such user layla@example.com")})

    monkeypatch.setattr(Mail, "send", refuse)
    order_tests(issue, by=editor, addresses=["layla@example.com"])
    run_tasks(may_fail=True)
    kept = caplog.text + " ".join(DBTaskResult.objects.values_list("traceback", flat=True))
    assert "SMTPRecipientsRefused" in kept
    assert "layla" not in kept


def test_a_draft_that_was_deleted_meanwhile_is_sent_to_nobody(
    issue: Issue, editor: Any, run_tasks: Callable[[], int], mailoutbox: list[Any]
) -> None:
    order_tests(issue, by=editor, addresses=["a@example.com"])
    issue.delete()
    run_tasks()
    assert mailoutbox == []
