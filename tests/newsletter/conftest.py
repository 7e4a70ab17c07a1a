"""A reader at a form, and the mails that reach him."""

import re
from collections.abc import Callable
from email.message import Message

import pytest
from django.core.mail import EmailMessage
from django.http import HttpResponse
from django.test import Client

from newsletter.models import MailingList, Subscription
from newsletter.tokens import unsubscribe_token

Post = Callable[..., HttpResponse]
EMAIL = "layla@example.com"


@pytest.fixture
def mailing_list(db) -> MailingList:
    return MailingList.objects.create(name="نشرة الصباح", cadence="يوميًا عند السابعة صباحًا", is_default=True)


@pytest.fixture
def post(client: Client, mailing_list, run_tasks: Callable[..., int]) -> Post:
    """Posts a form and lets a worker send the mails. A mail server that fails is the worker's business."""

    def post(path: str, data: dict[str, object] | None = None, **extra) -> HttpResponse:
        response = client.post(path, data or {}, **extra)
        run_tasks(may_fail=True)
        return response

    return post


@pytest.fixture
def sign_up(post: Post) -> Post:
    def sign_up(email: str = EMAIL, **extra) -> HttpResponse:
        return post("/newsletter/subscribe/", {"email": email}, **extra)

    return sign_up


@pytest.fixture
def subscription(sign_up: Post, post: Post, mailoutbox: list[EmailMessage]) -> Subscription:
    """A reader who has confirmed; the outbox is empty again."""
    sign_up()
    post(path_in(mailoutbox[-1]))
    mailoutbox.clear()
    return Subscription.objects.get()


def path_in(mail: EmailMessage, page: str = "confirm") -> str:
    """The path of the link to `page` in the plain text of a mail."""
    found = re.search(rf"http://127\.0\.0\.1:8000(/newsletter/{page}/\S+)", mail.body)
    assert found, mail.body
    return found[1]


def unsubscribe_path(subscription: Subscription) -> str:
    return f"/newsletter/unsubscribe/{unsubscribe_token(subscription.pk)}/"


def part(message: Message, content_type: str) -> str:
    """The decoded text of the only part of that type."""
    [found] = [item for item in message.walk() if item.get_content_type() == content_type]
    return found.get_payload(decode=True).decode()
