from email import message_from_bytes, policy

import pytest
from anymail.exceptions import AnymailRecipientsRefused, AnymailRequestsAPIError
from requests import Response

from newsletter.sending import transports
from newsletter.sending.letters import Kind
from newsroom.lib.mail import kept_names, kept_path
from tests.newsletter.sending.conftest import send
from tests.newsletter.sending.test_smtp_client import Desk


def test_without_a_mail_server_each_message_is_a_file(being_sent, settings):
    settings.EMAIL_BACKEND = transports.FILE_BACKEND
    issue = being_sent(2)
    send(issue)
    assert issue.sent_count == 2
    names = list(kept_names())
    assert len(names) == 2
    mail = message_from_bytes(kept_path(names[0]).read_bytes(), policy=policy.default)
    assert mail["to"].addresses[0].domain == "example.com"


def test_a_provider_gets_the_parts_of_the_same_message(being_sent, mailoutbox):
    issue = being_sent(1)
    send(issue)
    [mail] = mailoutbox
    assert mail.subject == issue.subject
    assert mail.to == ["reader0@example.com"]
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "الحديقة" in mail.body
    assert mail.alternatives[0][1] == "text/html"


@pytest.mark.parametrize(
    ("status", "kind", "is_about_us"),
    [
        (400, Kind.REFUSED, False),
        (401, Kind.REFUSED, True),
        (429, Kind.DEFERRED, False),
        (503, Kind.DEFERRED, False),
        (502, Kind.UNKNOWN, False),
        (None, Kind.UNKNOWN, False),
    ],
)
def test_what_a_provider_answers(status, kind, is_about_us):
    response = None
    if status:
        response = Response()
        response.status_code = status

    class Provider:
        def send_messages(self, messages):
            raise AnymailRequestsAPIError("no", response=response)

    outcome = transports._through_backend(Provider(), Desk(1).letters[0])
    assert (outcome.kind, outcome.is_about_us) == (kind, is_about_us)


def test_a_recipient_that_a_provider_refuses_fails():
    class Provider:
        def send_messages(self, messages):
            raise AnymailRecipientsRefused("bad")

    assert transports._through_backend(Provider(), Desk(1).letters[0]).kind is Kind.REFUSED
